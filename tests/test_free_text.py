"""Free text: a BSN is refused, what looks private is asked about once, the rest passes."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.ui.forms import FreeText, PortalForm, holds_bsn, is_bsn, worries


class NoteForm(PortalForm):
    text = FreeText(label="Notitie")


@pytest.mark.parametrize("text", ["111222333", "bsn 111.222.333 genoemd", "1112 22 333", "nr:123456782."])
def test_a_valid_bsn_is_refused_in_one_sentence(text: str) -> None:
    assert holds_bsn(text)
    with pytest.raises(ValidationError, match="burgerservicenummer"):
        FreeText().clean(text)


@pytest.mark.parametrize("text", ["111222334", "zaak 2026000417", "Z-2026-00417", "000000000", "1112223331"])
def test_other_numbers_are_no_bsn(text: str) -> None:
    assert not holds_bsn(text)


@given(st.integers(10_000_000, 99_999_999))
def test_every_number_that_passes_the_proof_is_found(eight: int) -> None:
    for last in range(10):
        number = f"{eight}{last}"
        assert holds_bsn(f"Nummer {number} hier") == is_bsn(number)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Bel 06-12345678 even", "een telefoonnummer"),
        ("Bel +31 6 1234 5678", "een telefoonnummer"),
        ("geboren 3 maart 2014", "een geboortedatum"),
        ("hij is van 03-05-2012", "een geboortedatum"),
        ("woont 1234 AB 12", "een adres"),
        ("Dorpsstraat 12, 1234 AB", "een adres"),
    ],
)
def test_what_looks_private_is_named(text: str, what: str) -> None:
    assert worries(text) == [what]


@pytest.mark.parametrize(
    "text",
    ["Overleg op 12 november 2026", "Begroting 2027: 15000 euro", "Wth artikel 9", "Zaal 2.14 om 10:00"],
)
def test_ordinary_work_is_left_alone(text: str) -> None:
    assert worries(text) == []


def test_a_worry_is_asked_once_and_kept_at_the_second_press() -> None:
    first = NoteForm({"text": "Bel 06-12345678"})
    assert not first.is_valid()
    assert first.errors.as_data()["text"][0].code == "warn"
    second = NoteForm({"text": "Bel 06-12345678", "seen_text": first.data["seen_text"]})
    assert second.is_valid()
    other = NoteForm({"text": "Bel 06-87654321", "seen_text": first.data["seen_text"]})
    assert not other.is_valid()


def test_control_characters_are_dropped() -> None:
    assert FreeText().clean("a\x00b\x07c") == "abc"
