"""Who stands in for whom: exactly in the period, through deputies who are away, never beyond the law."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal import clock
from portal.people.deputies import absence, deputises_for, stand_ins
from portal.people.models import Leave, Membership, Person
from tests.cast import World

FIRST, LAST = date(2026, 10, 12), date(2026, 10, 25)


@pytest.fixture
def away(world: World) -> Callable[..., Leave]:
    """Somebody goes on leave, without the checks of the page."""

    def make(person: str, deputy: str, first: date = FIRST, last: date = LAST, **fields: Any) -> Leave:
        return Leave.objects.create(
            person=getattr(world, person),
            deputy=getattr(world, deputy),
            starts_on=first,
            ends_on=last,
            announced_by=getattr(world, person),
            **fields,
        )

    return make


def names(found: dict[Any, list[Person]], world: World) -> dict[str, list[str]]:
    keys = {person.pk: key for key, person in world.people.items()}
    return {keys[pk]: [keys[one.pk] for one in deputies] for pk, deputies in found.items()}


def standing(world: World, *persons: str, on: date = FIRST) -> dict[str, list[str]]:
    """The deputies of these people; from the other side it must look the same."""
    found = names(stand_ins([getattr(world, one).pk for one in persons], on), world)
    for key in world.people:
        other = getattr(world, key)
        own = {leave.person_id for leave in deputises_for(other, on)}
        for person in persons:
            assert (getattr(world, person).pk in own) is (key in found.get(person, [])), (key, person)
    return found


def test_whoever_is_there_is_not_in_the_mapping(world: World, away) -> None:
    away("kabinet_a", "oov_a")
    assert standing(world, "kabinet_a", "oov_a", "loco_a") == {"kabinet_a": ["oov_a"]}
    assert stand_ins([], FIRST) == {}


@pytest.mark.parametrize(
    ("moment", "away_then"),
    [
        ("2026-10-11T23:59:00+02:00", False),
        ("2026-10-12T00:01:00+02:00", True),
        ("2026-10-25T00:01:00+02:00", True),
        # The clocks go back on this Sunday: it lasts 25 hours, and all of them count.
        ("2026-10-25T02:30:00+01:00", True),
        ("2026-10-25T23:59:00+01:00", True),
        ("2026-10-26T00:01:00+01:00", False),
    ],
)
def test_exactly_from_the_first_day_to_midnight_after_the_last(
    world: World, away, moment: str, away_then: bool
) -> None:
    leave = away("kabinet_a", "oov_a")
    with time_machine.travel(moment, tick=False):
        assert bool(standing(world, "kabinet_a", on=clock.today())) is away_then
        assert leave.is_running is away_then
        assert bool(absence(world.oov_a).stands_in) is away_then
        assert (absence(world.kabinet_a).own is not None) is away_then


def test_a_leave_that_was_ended_is_over_at_once(world: World, away) -> None:
    leave = away("kabinet_a", "oov_a", clock.today())
    assert standing(world, "kabinet_a", on=clock.today())
    Leave.objects.filter(pk=leave.pk).update(ended_at=clock.now())
    assert standing(world, "kabinet_a", on=clock.today()) == {}
    leave.refresh_from_db()
    assert (leave.began, leave.is_over, leave.is_running) == (True, True, False)


def test_a_deputy_who_is_away_is_followed_to_the_next(world: World, away) -> None:
    away("kabinet_a", "oov_a")
    away("oov_a", "communicatie_a", date(2026, 10, 19), date(2026, 10, 20))
    away("communicatie_a", "beleid_a", date(2026, 10, 20), date(2026, 10, 20))
    away("piket_a", "oov_a")
    for day, deputy in ((18, "oov_a"), (19, "communicatie_a"), (20, "beleid_a"), (21, "oov_a")):
        found = standing(world, "kabinet_a", "piket_a", on=date(2026, 10, day))
        assert found == {"kabinet_a": [deputy], "piket_a": [deputy]}


def test_nobody_left_is_an_empty_list(world: World, away) -> None:
    away("kabinet_a", "oov_a")
    Person.objects.filter(pk=world.oov_a.pk).update(is_active=False)
    assert names(stand_ins([world.kabinet_a.pk], FIRST), world) == {"kabinet_a": []}
    # A circle cannot be announced; should there be one, it ends.
    away("oov_a", "kabinet_a")
    Person.objects.filter(pk=world.oov_a.pk).update(is_active=True)
    assert standing(world, "kabinet_a", "oov_a") == {"kabinet_a": [], "oov_a": []}


def test_an_inactive_deputy_with_a_leave_passes_on(world: World, away) -> None:
    away("kabinet_a", "oov_a")
    away("oov_a", "communicatie_a")
    Person.objects.filter(pk=world.oov_a.pk).update(is_active=False)
    assert standing(world, "kabinet_a") == {"kabinet_a": ["communicatie_a"]}


def test_only_a_loco_stands_in_for_the_mayor(world: World, away) -> None:
    away("burgemeester_a", "loco_a")
    assert standing(world, "burgemeester_a") == {"burgemeester_a": ["loco_a"]}
    # The loco is away too: the loco's own work goes on to the kabinet, the mayor's does not.
    away("loco_a", "kabinet_a")
    assert standing(world, "burgemeester_a", "loco_a") == {"burgemeester_a": [], "loco_a": ["kabinet_a"]}


def test_whoever_is_no_loco_any_more_stands_in_for_no_mayor(world: World, away) -> None:
    away("burgemeester_a", "loco_a")
    Membership.objects.filter(person=world.loco_a).update(ends_on=FIRST)
    assert standing(world, "burgemeester_a") == {"burgemeester_a": ["loco_a"]}
    assert standing(world, "burgemeester_a", on=FIRST + timedelta(days=1)) == {"burgemeester_a": []}


def test_two_queries_for_any_number_and_one_more_for_each_further_deputy(world: World, away) -> None:
    def cost(*persons: str, on: date = FIRST) -> int:
        with CaptureQueriesContext(connection) as seen:
            stand_ins([world.people[one].pk for one in persons], on)
        return len(seen)

    everybody = list(world.people)
    assert cost(*everybody) == 1
    away("kabinet_a", "oov_a")
    assert cost("kabinet_a") == 2
    for key in ("piket_a", "communicatie_a", "beleid_a", "receptie_a", "beheerder_a"):
        away(key, "kabinet_b")
    assert cost(*everybody) == 2
    away("oov_a", "kabinet_b")
    assert cost("kabinet_a") == 3


def test_who_has_nothing_to_do_with_leaves_costs_one_query(world: World, away) -> None:
    person = world.communicatie_a
    away("kabinet_a", "oov_a", clock.today())
    with CaptureQueriesContext(connection) as seen:
        assert absence(person).own is None
        assert absence(person).stands_in == ()
    assert len(seen) == 1


def test_the_database_refuses_what_makes_no_sense(world: World, away) -> None:
    for fields in (("kabinet_a", "kabinet_a"), ("kabinet_a", "oov_a", LAST, FIRST)):
        with pytest.raises(IntegrityError), transaction.atomic():
            away(*fields)
