"""How long a text is as an SMS."""

import pytest

from portal.mail import sms


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Hallo", 5),
        ("één", 3),
        ("prijs: € 5 [x]", 17),
        ("coördinatie", 11),
        ("financiën", None),
        ("‘nee’", None),
    ],
)
def test_length(text: str, length: int | None) -> None:
    assert sms.length(text) == length


def test_160_letters_fit() -> None:
    assert sms.fits("x" * 160)
    assert not sms.fits("x" * 161)
    assert not sms.fits("x" * 159 + "€")
    assert not sms.fits("ï")
