"""When steps are due: from anchors, from each other, around what does not move."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from measures.tracking.dates import Due, campaign_monday, due_dates
from portal.planning.days import OfficeDays

DAYS = OfficeDays(closed={})


@dataclass(frozen=True)
class S:
    key: str
    anchor: str = ""
    after: str = ""
    offset: int = 0
    unit: str = "werkdagen"


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        # The confirmed editions: the ISO week that holds 20 November.
        (date(2013, 1, 1), date(2013, 11, 18)),
        (date(2017, 6, 1), date(2017, 11, 20)),
        (date(2018, 6, 1), date(2018, 11, 19)),
        (date(2019, 6, 1), date(2019, 11, 18)),
        (date(2021, 6, 1), date(2021, 11, 15)),
        (date(2023, 6, 1), date(2023, 11, 20)),
        (date(2025, 6, 1), date(2025, 11, 17)),
        # A Sunday twentieth belongs to the week that ends there; the week itself still counts.
        (date(2022, 11, 20), date(2022, 11, 14)),
        (date(2022, 11, 21), date(2023, 11, 20)),
    ],
)
def test_the_campaign_week(today: date, monday: date) -> None:
    assert campaign_monday(today) == monday


def test_a_step_counts_from_its_anchor_and_a_follower_from_the_step() -> None:
    due = due_dates(
        [S("b", after="a", offset=-2), S("a", anchor="week", offset=-5), S("c", after="b", offset=1)],
        {"week": date(2026, 11, 16)},
        DAYS,
    )
    assert due["a"].on == date(2026, 11, 9)
    assert due["b"].on == date(2026, 11, 5)
    assert due["c"].on == date(2026, 11, 6)


def test_an_unknown_anchor_leaves_its_steps_and_followers_without_a_date() -> None:
    due = due_dates([S("a", anchor="visit"), S("b", after="a", offset=1)], {"visit": None}, DAYS)
    assert due["a"].day is None
    assert due["b"].late_from is None


def test_followers_count_from_a_pinned_step_where_it_stands() -> None:
    due = due_dates(
        [S("a", anchor="week"), S("b", after="a", offset=1)],
        {"week": date(2026, 11, 16)},
        DAYS,
        fixed={"a": Due(on=date(2026, 11, 24))},
    )
    assert due["b"].on == date(2026, 11, 25)


def test_hours_count_real_hours_over_the_clock_change() -> None:
    # In the night of 25 October 2026 the clock goes back: 48 hours before 10:00 is 11:00 two days earlier.
    visit = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)
    due = due_dates([S("a", anchor="visit", offset=-48, unit="uren")], {"visit": visit}, DAYS)
    assert due["a"].at == datetime(2026, 10, 24, 9, 0, tzinfo=UTC)
    assert due["a"].late_from == due["a"].at


def test_a_moment_anchor_counts_days_from_its_amsterdam_day() -> None:
    # 23:30 UTC is half past one the next day in Amsterdam.
    moment = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    due = due_dates([S("a", anchor="visit", offset=-1)], {"visit": moment}, DAYS)
    assert due["a"].on == date(2026, 7, 1)


def test_a_date_lasts_until_midnight_in_amsterdam() -> None:
    assert Due(on=date(2026, 7, 1)).late_from == datetime(2026, 7, 1, 22, 0, tzinfo=UTC)
    assert Due(on=date(2026, 12, 1)).late_from == datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
