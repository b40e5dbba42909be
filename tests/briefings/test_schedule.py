"""The tick: what is due by now, for whom, once; office days, moved hours, standstills, two municipalities."""

from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import clock
from portal.briefings import making, office, scheduling, timetables
from portal.briefings.enums import State
from portal.briefings.models import Briefing, Timetable
from portal.briefings.registry import document
from portal.people.models import Membership, Person
from portal.people.places import Place
from portal.planning.models import ClosedDay
from tests.briefings.conftest import Renders
from tests.briefings.office import BEFORE, MONDAY, TUESDAY, kinds, of_a, tick, timetable
from tests.cast import World

COPIES = {("dagbrief", "kabinet"), ("dagbrief", "M. van Dijk"), ("dagbrief", "J. Peters")}


@pytest.fixture(autouse=True)
def _quick(world: World, quick: Renders) -> Renders:
    """The first tick, on Monday noon, lays the timetables: nothing of before is made."""
    making.make_waiting()
    assert not Briefing.objects.exists()
    return quick


def test_every_office_has_its_timetables_without_anybody_doing_anything(world: World) -> None:
    found = Timetable.objects.filter(municipality_id=world.a.municipality_id)
    assert {(row.document, row.is_on, row.at, row.office_days_only) for row in found} == {
        (key, True, time(7, 15), True) for key in (office.DAY, office.WEEK, office.QUARTER)
    }
    members = Membership.objects.filter(role__in=office.OFFICE_ROLES, municipality__isnull=False)
    assert Timetable.objects.count() == 3 * members.values("municipality").distinct().count()
    assert scheduling.lay_timetables() == 0


def test_on_an_office_day_at_its_hour_and_once(world: World, frozen_clock) -> None:
    assert tick(frozen_clock, BEFORE) == []
    rows = of_a(tick(frozen_clock, TUESDAY), world.a)
    assert set(kinds(rows)) == COPIES
    assert {row.state for row in rows} == {State.READY}
    assert {row.period for row in rows} == {date(2026, 10, 6)}
    assert not any(row.is_belated for row in rows)
    for moment in ("2026-10-06T05:15:30+00:00", "2026-10-06T12:00:00+00:00", "2026-10-06T21:59:00+00:00"):
        assert tick(frozen_clock, moment) == []


def test_municipality_b_has_its_own(world: World, frozen_clock) -> None:
    timetable(world.b, at=time(9))
    rows = tick(frozen_clock, TUESDAY)
    assert {row.scope for row in rows} == {world.a}
    rows = tick(frozen_clock, "2026-10-06T07:00:00+00:00")
    assert set(kinds(rows)) == {("dagbrief", "kabinet"), ("dagbrief", "A. Mulder")}
    assert {row.scope for row in rows} == {world.b}


def test_the_weekly_comes_on_monday_and_the_letter_on_the_first_office_day(
    world: World, frozen_clock
) -> None:
    rows = of_a(tick(frozen_clock, MONDAY), world.a)
    made = [row for row in rows if row.state == State.READY]
    assert set(kinds(made)) == COPIES | {("weekoverzicht", "kabinet")}
    # Friday 1 January is a holiday.
    rows = of_a(tick(frozen_clock, "2027-01-01T12:00:00+00:00"), world.a)
    assert office.QUARTER not in {row.document for row in rows}
    rows = of_a(tick(frozen_clock, "2027-01-04T06:15:00+00:00"), world.a)
    letters = [row for row in rows if row.document == office.QUARTER]
    assert [(row.period, row.audience) for row in letters] == [(date(2027, 1, 1), "kabinet")]


@pytest.mark.parametrize("moment", ["2026-10-10T12:00:00+00:00", "2026-10-11T12:00:00+00:00"])
def test_no_dagbrief_in_the_weekend_unless_every_day_was_chosen(
    world: World, frozen_clock, moment: str
) -> None:
    tick(frozen_clock, "2026-10-09T05:15:00+00:00")
    Briefing.objects.scheduled().delete()
    assert of_a(tick(frozen_clock, moment), world.a) == []
    timetable(world.a, office_days_only=False, look_at=clock.now())
    assert of_a(tick(frozen_clock, moment), world.a)


def test_a_day_closed_after_the_timetable_was_laid_counts(world: World, frozen_clock) -> None:
    ClosedDay.objects.create(
        municipality_id=world.a.municipality_id, day=date(2026, 10, 6), name="Collectief vrij"
    )
    assert {row.scope for row in tick(frozen_clock, TUESDAY)} == {world.b}
    assert of_a(tick(frozen_clock, "2026-10-07T05:15:00+00:00"), world.a)


def test_a_day_that_is_no_longer_closed_counts_too(world: World, frozen_clock) -> None:
    ClosedDay.objects.create(municipality_id=world.a.municipality_id, day=date(2026, 10, 7), name="Vrij")
    tick(frozen_clock, TUESDAY)
    ClosedDay.objects.all().delete()
    assert of_a(tick(frozen_clock, "2026-10-07T05:15:00+00:00"), world.a)


def test_a_closed_monday_moves_the_weekly_to_tuesday(world: World, frozen_clock) -> None:
    ClosedDay.objects.create(
        municipality_id=world.a.municipality_id, day=date(2026, 10, 12), name="Collectief vrij"
    )
    assert office.WEEK not in {row.document for row in of_a(tick(frozen_clock, MONDAY), world.a)}
    rows = of_a(tick(frozen_clock, "2026-10-13T05:15:00+00:00"), world.a)
    weekly = [row for row in rows if row.document == office.WEEK]
    assert [row.period for row in weekly] == [date(2026, 10, 12)]
    assert not weekly[0].is_belated


def _change(world: World, **wanted: Any) -> None:
    place = Place(world.a, "Voorbeeldstad")
    of = document(office.DAY)
    row = timetables.row_of(world.a.municipality_id, of)
    fields = {name: getattr(row, name) for name in timetables.FIELDS} | wanted
    timetables.change_timetable(
        by=world.beheerder_a, place=place, of=of, version=row.version, key=f"k{row.version}", **fields
    )


def test_an_hour_moved_after_it_was_made_does_not_make_it_twice(world: World, frozen_clock) -> None:
    assert of_a(tick(frozen_clock, TUESDAY), world.a)
    _change(world, at=time(9))
    assert of_a(tick(frozen_clock, "2026-10-06T07:00:00+00:00"), world.a) == []
    _change(world, at=time(7, 15))
    assert of_a(tick(frozen_clock, "2026-10-06T08:00:00+00:00"), world.a) == []
    assert of_a(tick(frozen_clock, "2026-10-07T05:14:00+00:00"), world.a) == []
    assert of_a(tick(frozen_clock, "2026-10-07T05:15:00+00:00"), world.a)


def test_an_hour_moved_to_one_that_is_past_today_makes_it_at_once(world: World, frozen_clock) -> None:
    frozen_clock.move_to("2026-10-06T04:30:00+00:00")
    _change(world, at=time(6))
    assert of_a(tick(frozen_clock, "2026-10-06T04:30:30+00:00"), world.a)
    assert of_a(tick(frozen_clock, TUESDAY), world.a) == []


def test_switched_off_nothing_comes_and_switched_on_nothing_of_before(world: World, frozen_clock) -> None:
    _change(world, is_on=False)
    assert of_a(tick(frozen_clock, TUESDAY), world.a) == []
    frozen_clock.move_to("2026-10-08T18:00:00+00:00")
    _change(world, is_on=True)
    rows = of_a(tick(frozen_clock, "2026-10-08T18:00:30+00:00"), world.a)
    assert {row.period for row in rows} == {date(2026, 10, 8)}


def test_after_a_standstill_the_dagbrief_comes_the_same_day_and_says_so(world: World, frozen_clock) -> None:
    rows = of_a(tick(frozen_clock, "2026-10-06T09:40:00+00:00"), world.a)
    assert set(kinds(rows)) == COPIES
    assert all(row.is_belated and row.planned_at == clock.at(date(2026, 10, 6), time(7, 15)) for row in rows)


def test_a_day_that_is_over_has_no_dagbrief_but_the_gap_is_noted(world: World, frozen_clock) -> None:
    tick(frozen_clock, TUESDAY)
    rows = of_a(tick(frozen_clock, "2026-10-09T05:15:00+00:00"), world.a)
    missed = {(row.period, row.reader_id) for row in rows if row.state == State.MISSED}
    readers = {None, world.burgemeester_a.pk, world.loco_a.pk}
    assert missed == {(date(2026, 10, day), one) for day in (7, 8) for one in readers}
    assert {row.period for row in rows if row.state == State.READY} == {date(2026, 10, 9)}


def test_a_weekend_of_standstill_is_no_gap(world: World, frozen_clock) -> None:
    tick(frozen_clock, "2026-10-09T05:15:00+00:00")
    rows = of_a(tick(frozen_clock, MONDAY), world.a)
    assert {row.state for row in rows} == {State.READY}


def test_the_weekly_is_made_up_late_in_its_week(world: World, frozen_clock) -> None:
    rows = of_a(tick(frozen_clock, "2026-10-14T10:00:00+00:00"), world.a)
    weekly = [row for row in rows if row.document == office.WEEK]
    assert [(row.period, row.is_belated, row.state) for row in weekly] == [
        (date(2026, 10, 12), True, State.READY)
    ]


def test_the_letter_is_made_up_late_in_its_quarter(world: World, frozen_clock) -> None:
    rows = of_a(tick(frozen_clock, "2027-02-10T10:00:00+00:00"), world.a)
    letters = [row for row in rows if row.document == office.QUARTER]
    assert [(row.period, row.is_belated) for row in letters] == [(date(2027, 1, 1), True)]


def test_what_was_asked_before_midnight_and_not_made_is_missed(
    world: World, frozen_clock, monkeypatch
) -> None:
    frozen_clock.move_to(TUESDAY)
    scheduling.ask_planned(clock.now())
    assert Briefing.objects.waiting(clock.now()).exists()
    frozen_clock.move_to("2026-10-06T22:00:00+00:00")
    making.make_waiting()
    rows = Briefing.objects.filter(period=date(2026, 10, 6))
    assert {row.state for row in rows} == {State.MISSED}


def test_two_workers_that_look_at_once_ask_once(world: World, frozen_clock, monkeypatch) -> None:
    frozen_clock.move_to(TUESDAY)
    assert scheduling.ask_planned(clock.now()) == 5
    Timetable.objects.update(look_at=clock.now())
    real = Briefing.objects.filter

    def looked_too_early(**lookup: Any) -> Any:
        return Briefing.objects.none() if "due_key__in" in lookup else real(**lookup)

    monkeypatch.setattr(Briefing.objects, "filter", looked_too_early)
    scheduling.ask_planned(clock.now())
    monkeypatch.undo()
    assert Briefing.objects.count() == 5


@pytest.mark.parametrize(
    ("at", "before", "moment"),
    [
        # The night in which 02:00 becomes 03:00, and the one in which 03:00 becomes 02:00.
        (time(2, 30), "2027-03-28T01:29:00+00:00", "2027-03-28T01:30:00+00:00"),
        (time(2, 30), "2026-10-25T00:29:00+00:00", "2026-10-25T00:30:00+00:00"),
        (time(7, 15), "2026-10-25T06:14:00+00:00", "2026-10-25T06:15:00+00:00"),
    ],
)
def test_nights_in_which_the_clock_moves(
    world: World, frozen_clock, at: time, before: str, moment: str
) -> None:
    timetable(world.a, at=at, office_days_only=False)
    tick(frozen_clock, before)
    rows = of_a(tick(frozen_clock, moment), world.a)
    assert set(kinds([row for row in rows if row.state == State.READY])) == COPIES
    frozen_clock.shift(3600)
    assert of_a(tick(frozen_clock, clock.now().isoformat()), world.a) == []


def test_who_is_loco_only_from_tomorrow_has_no_copy_today(world: World, frozen_clock) -> None:
    loco: Person = world.loco_a
    Membership.objects.filter(person=loco).update(starts_on=date(2026, 10, 7))
    rows = of_a(tick(frozen_clock, TUESDAY), world.a)
    assert ("dagbrief", loco.name) not in kinds(rows)
    assert ("dagbrief", loco.name) in kinds(of_a(tick(frozen_clock, "2026-10-07T05:15:00+00:00"), world.a))


def test_a_tick_costs_the_same_for_one_municipality_and_for_two(world: World, frozen_clock) -> None:
    def cost(moment: str) -> int:
        frozen_clock.move_to(moment)
        with CaptureQueriesContext(connection) as seen:
            assert scheduling.ask_planned(clock.now())
        return len(seen)

    timetable(world.b, is_on=False)
    one = cost(TUESDAY)
    timetable(world.b, is_on=True)
    assert cost("2026-10-07T05:15:00+00:00") == one
