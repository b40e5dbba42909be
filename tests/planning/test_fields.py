"""A moment that is typed, also in the two odd hours of the year."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from portal.planning.fields import MomentField


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2027-03-28T03:00", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        ("28-03-2027 01:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        # The hour that comes twice: the first of the two.
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25-10-2026 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_from_the_wall_clock(typed: str, moment: datetime) -> None:
    assert MomentField().clean(typed) == moment


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "2027-03-28T02:30",
            "Dit tijdstip bestaat die nacht niet: de klok gaat een uur vooruit. Kies 03:00.",
        ),
        (
            "28-03-2027 02:00",
            "Dit tijdstip bestaat die nacht niet: de klok gaat een uur vooruit. Kies 03:00.",
        ),
        ("2027-03-28T25:00", "Schrijf datum en tijd als 20-11-2026 14:30."),
        ("morgen", "Schrijf datum en tijd als 20-11-2026 14:30."),
    ],
)
def test_what_is_no_moment_gets_one_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MomentField().clean(typed)
    assert refused.value.messages == [sentence]
