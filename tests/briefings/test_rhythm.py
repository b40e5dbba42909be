"""When a briefing on a schedule is due: office days, closed days, quarters, and nights in which the clock moves."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal import clock
from portal.briefings.rhythm import Every, Rhythm
from portal.planning.days import OfficeDays

OPEN = OfficeDays(closed={})
MONDAY = date(2026, 10, 5)


def _local(moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(clock.AMSTERDAM).strftime("%Y-%m-%d %H:%M %z")


def test_a_day_counts_when_the_office_is_open() -> None:
    daily = Rhythm(Every.DAY)
    assert daily.day_of(MONDAY, OPEN) == MONDAY
    assert daily.day_of(date(2026, 10, 10), OPEN) is None, "Saturday"
    assert daily.day_of(date(2026, 12, 25), OPEN) is None, "Christmas"
    assert daily.day_of(MONDAY, OfficeDays(closed={MONDAY: "Dicht"})) is None
    every_day = Rhythm(Every.DAY, office_days_only=False)
    assert every_day.day_of(date(2026, 12, 25), OPEN) == date(2026, 12, 25)


@pytest.mark.parametrize(
    ("monday", "weekday", "closed", "expected"),
    [
        (MONDAY, 0, [], MONDAY),
        (MONDAY, 0, [MONDAY], date(2026, 10, 6)),
        # Easter Monday and the day after: the first office day of the week is Wednesday.
        (date(2027, 3, 29), 0, [date(2027, 3, 30)], date(2027, 3, 31)),
        (MONDAY, 4, [], date(2026, 10, 9)),
        # After a closed Friday the week has no office day left: the one before it.
        (MONDAY, 4, [date(2026, 10, 9)], date(2026, 10, 8)),
        (MONDAY, 0, [MONDAY + timedelta(days=nr) for nr in range(5)], None),
    ],
)
def test_a_week_has_its_day_or_the_nearest_office_day(
    monday: date, weekday: int, closed: list[date], expected: date | None
) -> None:
    days = OfficeDays(closed=dict.fromkeys(closed, "Dicht"))
    assert Rhythm(Every.WEEK, weekday=weekday).day_of(monday, days) == expected


@pytest.mark.parametrize(
    ("begin", "after", "expected"),
    [
        (date(2026, 10, 1), 0, date(2026, 10, 1)),
        (date(2027, 1, 1), 0, date(2027, 1, 4)),  # New Year on a Friday, then a weekend
        (date(2026, 10, 1), 3, date(2026, 10, 6)),
        (date(2027, 1, 1), 2, date(2027, 1, 6)),
    ],
)
def test_a_quarter_begins_on_its_first_office_day(begin: date, after: int, expected: date) -> None:
    assert Rhythm(Every.QUARTER, days_after=after).day_of(begin, OPEN) == expected


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 3, 31), date(2026, 1, 1)),
        (date(2026, 12, 31), date(2026, 10, 1)),
    ],
)
def test_quarters(day: date, begins: date) -> None:
    assert Rhythm(Every.QUARTER).begins(day) == begins


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 7, 6), time(7, 15), "2026-07-06 07:15 +0200"),
        (date(2026, 12, 7), time(7, 15), "2026-12-07 07:15 +0100"),
        # 02:30 does not exist in this night: it comes an hour later, once.
        (date(2027, 3, 28), time(2, 30), "2027-03-28 03:30 +0200"),
        # 02:30 comes twice: the first of the two.
        (date(2026, 10, 25), time(2, 30), "2026-10-25 02:30 +0200"),
        (date(2026, 10, 25), time(7, 15), "2026-10-25 07:15 +0100"),
    ],
)
def test_the_hour_is_that_of_the_wall_clock(day: date, at: time, expected: str) -> None:
    assert _local(Rhythm(Every.DAY, at, office_days_only=False).moment_of(day, OPEN)) == expected


def test_in_the_long_night_somebody_looks_once_for_each_day() -> None:
    rhythm = Rhythm(Every.DAY, time(2, 30), office_days_only=False)
    now = datetime(2026, 10, 24, 12, tzinfo=UTC)
    looks = []
    for _ in range(3):
        now = rhythm.looks_next(now)
        looks.append(_local(now))
    assert looks == ["2026-10-25 02:30 +0200", "2026-10-26 02:30 +0100", "2026-10-27 02:30 +0100"]


def test_the_next_one_skips_what_does_not_count() -> None:
    friday = datetime(2026, 10, 9, 12, tzinfo=UTC)
    assert _local(Rhythm(Every.DAY).next(friday, OPEN)) == "2026-10-12 07:15 +0200"
    before = datetime(2026, 10, 5, 5, 14, tzinfo=UTC)
    assert _local(Rhythm(Every.DAY).next(before, OPEN)) == "2026-10-05 07:15 +0200"
    assert _local(Rhythm(Every.WEEK).next(friday, OPEN)) == "2026-10-12 07:15 +0200"
    assert _local(Rhythm(Every.QUARTER).next(friday, OPEN)) == "2027-01-04 07:15 +0100"


def test_a_year_of_closed_days_has_no_next() -> None:
    shut = OfficeDays(closed={MONDAY + timedelta(days=nr): "Dicht" for nr in range(400)})
    assert Rhythm(Every.DAY).next(datetime(2026, 10, 5, tzinfo=UTC), shut) is None
