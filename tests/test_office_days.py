"""Office days: weekends, holidays and closed days are skipped; recess is only named."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.planning.days import OfficeDays, holidays, last_known_day

DAYS = OfficeDays(
    closed={date(2026, 10, 9): "Collectieve vrije dag"},
    recesses=((date(2026, 10, 19), date(2026, 10, 23), "Herfstreces"),),
)


@pytest.mark.parametrize(
    ("anchor", "count", "expected"),
    [
        (date(2026, 10, 5), 3, date(2026, 10, 8)),
        (date(2026, 10, 8), 1, date(2026, 10, 12)),  # Friday is closed, then a weekend
        (date(2026, 10, 12), -1, date(2026, 10, 8)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # both days of Christmas and a weekend
        (date(2027, 4, 28), -1, date(2027, 4, 26)),  # Koningsdag
        (date(2026, 10, 10), 0, date(2026, 10, 8)),  # on a Saturday, back over the closed Friday
        (date(2026, 10, 16), 5, date(2026, 10, 23)),  # recess counts
    ],
)
def test_counting_working_days(anchor: date, count: int, expected: date) -> None:
    assert DAYS.add(anchor, count) == expected


@pytest.mark.parametrize(
    ("offset", "landed", "moved_to", "because"),
    [
        (-3, date(2026, 10, 9), date(2026, 10, 8), "Collectieve vrije dag"),
        (5, date(2026, 10, 17), date(2026, 10, 19), "weekend"),
        (-12, date(2026, 9, 30), date(2026, 9, 30), ""),
    ],
)
def test_a_calendar_day_offset_moves_away_from_a_skipped_day_and_says_so(
    offset: int, landed: date, moved_to: date, because: str
) -> None:
    planned = DAYS.shift(date(2026, 10, 12), offset, "dagen")
    assert planned.day == moved_to
    assert planned.because == because
    assert planned.shifted_from == (landed if because else None)


def test_recess_is_named_and_not_skipped() -> None:
    assert DAYS.recess_on(date(2026, 10, 20)) == "Herfstreces"
    assert DAYS.is_office_day(date(2026, 10, 20))


def test_bridge_days_and_liberation_day_every_year_are_holidays() -> None:
    assert "Bevrijdingsdag" in holidays()[date(2027, 5, 5)]
    assert date(2027, 5, 7) in holidays()
    assert last_known_day() == date(2035, 12, 31)


@given(st.dates(date(2024, 1, 8), date(2034, 12, 1)), st.integers(-60, 60).filter(bool))
def test_counting_lands_on_an_office_day_and_counts_exactly(anchor: date, count: int) -> None:
    landed = DAYS.add(anchor, count)
    assert DAYS.is_office_day(landed)
    low, high = sorted((anchor, landed))
    between = [date.fromordinal(n) for n in range(low.toordinal(), high.toordinal() + 1)]
    counted = sum(DAYS.is_office_day(day) for day in between if day != anchor)
    assert counted == abs(count)
