"""When a notice speaks: the digest, the quiet hours, and what waits for neither."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.deadlines.speaking import Habits, Weight, after_quiet, next_digest, speaks_at
from portal.planning.days import OfficeDays

USUAL = Habits()
MONDAY = date(2026, 10, 5)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at(day, time(hour, minute))


def said(weight: Weight, fires: datetime, late_from: datetime | None, habits: Habits = USUAL) -> datetime:
    return speaks_at(weight, fires, fires, late_from, habits)


def test_an_ordinary_reminder_waits_for_the_digest_of_the_same_morning() -> None:
    assert said(Weight.ORDINARY, at(MONDAY, 5), at(date(2026, 10, 10), 0)) == at(MONDAY, 7, 15)


def test_what_fires_after_the_digest_waits_for_the_next_office_day() -> None:
    friday = date(2026, 10, 9)
    assert said(Weight.ORDINARY, at(friday, 15), at(date(2026, 10, 20), 0)) == at(date(2026, 10, 12), 7, 15)


def test_the_digest_skips_holidays_and_the_own_closed_days() -> None:
    habits = Habits(days=OfficeDays(closed={date(2026, 12, 28): "Brugdag"}))
    # Christmas on Friday and Saturday, Sunday, and then a closed day.
    found = next_digest(at(date(2026, 12, 24), 8), habits)
    assert found == at(date(2026, 12, 29), 7, 15)


def test_who_wants_it_every_day_gets_it_on_sunday_too() -> None:
    sunday = date(2026, 10, 11)
    assert next_digest(at(sunday, 6), Habits(every_day=True)) == at(sunday, 7, 15)


def test_what_would_be_late_before_the_digest_goes_at_once() -> None:
    # Due today, and it is afternoon: tomorrow's digest comes too late.
    assert said(Weight.ORDINARY, at(MONDAY, 15), clock.end_of(MONDAY)) == at(MONDAY, 15)


def test_in_quiet_hours_it_waits_until_they_end_when_that_is_still_in_time() -> None:
    tuesday = date(2026, 10, 6)
    # At 03:00 about something due at 07:10, before the digest: at the end of the quiet hours.
    assert said(Weight.ORDINARY, at(tuesday, 3), at(tuesday, 7, 10)) == at(tuesday, 7)
    # Due at 06:00: late by then, but what may wake somebody is urgent, and this is not.
    assert said(Weight.ORDINARY, at(tuesday, 3), at(tuesday, 6)) == at(tuesday, 7)


def test_what_is_late_already_waits_for_the_digest() -> None:
    assert said(Weight.ORDINARY, at(MONDAY, 9), at(MONDAY, 0)) == at(date(2026, 10, 6), 7, 15)


def test_an_escalation_waits_for_the_quiet_hours_and_never_for_the_digest() -> None:
    assert said(Weight.ESCALATION, at(MONDAY, 15), None) == at(MONDAY, 15)
    assert said(Weight.ESCALATION, at(MONDAY, 23), None) == at(date(2026, 10, 6), 7)


def test_what_is_urgent_waits_for_nothing() -> None:
    assert said(Weight.URGENT, at(MONDAY, 3), None) == at(MONDAY, 3)


def test_after_a_standstill_of_an_hour_the_digest_of_today_comes_now_and_not_tomorrow() -> None:
    found = speaks_at(Weight.ORDINARY, at(MONDAY, 5), at(MONDAY, 11), None, USUAL)
    assert found == at(MONDAY, 11)


@pytest.mark.parametrize(
    ("now", "speaks"),
    [
        (at(date(2026, 10, 6), 2), at(date(2026, 10, 6), 7)),  # the engine is back at night
        (at(date(2026, 10, 10), 23), at(date(2026, 10, 12), 7, 15)),  # and on a Saturday
    ],
)
def test_what_missed_its_digest_comes_neither_at_night_nor_on_a_free_day(
    now: datetime, speaks: datetime
) -> None:
    assert speaks_at(Weight.ORDINARY, at(MONDAY, 5), now, None, USUAL) == speaks


def test_quiet_hours_end_at_the_second_half_past_two_of_the_night_the_clock_goes_back() -> None:
    habits = Habits(quiet_from=time(20), quiet_until=time(2, 30))
    second_ten_past_two = datetime(2026, 10, 25, 1, 10, tzinfo=clock.UTC)
    assert after_quiet(second_ten_past_two, habits) == datetime(2026, 10, 25, 1, 30, tzinfo=clock.UTC)


@pytest.mark.parametrize(
    ("wall", "quiet"),
    [(time(19, 59), False), (time(20), True), (time(0), True), (time(6, 59), True), (time(7), False)],
)
def test_quiet_hours_pass_midnight(wall: time, quiet: bool) -> None:
    assert USUAL.is_quiet(wall) is quiet


def test_equal_ends_are_no_quiet_hours() -> None:
    assert not any(Habits(quiet_from=time(8), quiet_until=time(8)).is_quiet(time(hour)) for hour in range(24))


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    # The night after which the clock goes back, and forward.
    [(date(2026, 10, 26), 6), (date(2027, 3, 29), 5)],
)
def test_the_digest_comes_at_the_wall_clock_on_both_sides_of_the_clock_change(
    day: date, utc_hour: int
) -> None:
    found = next_digest(at(day - timedelta(days=1), 8), Habits(every_day=True))
    assert (found.hour, found.minute, found.date()) == (utc_hour, 15, day)


# Without a zone, as the strategy asks for them.
FIRST, LAST = datetime(2026, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001
TIMES = st.times(min_value=time(0), max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))


@given(
    moment=st.datetimes(FIRST, LAST, timezones=st.just(clock.AMSTERDAM)),
    digest=TIMES,
    start=TIMES,
    end=TIMES,
    every_day=st.booleans(),
)
def test_never_before_now_and_never_more_than_the_longest_row_of_free_days(
    moment: datetime, digest: time, start: time, end: time, every_day: bool
) -> None:
    moment = moment.astimezone(clock.UTC)
    habits = Habits(digest_at=digest, every_day=every_day, quiet_from=start, quiet_until=end)
    found = next_digest(moment, habits)
    assert moment <= found <= moment + timedelta(days=1 if every_day else 6, hours=1)
    awake = after_quiet(moment, habits)
    assert moment <= awake <= moment + timedelta(hours=25)
    assert awake == moment or awake.astimezone(clock.AMSTERDAM).time() >= end
