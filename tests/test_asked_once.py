"""A question put into SQL once gives what Django would give, for every value, on either engine."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import clock
from portal.asked_once import AskedOnce
from portal.people.actions import announce
from portal.people.enums import Role
from portal.people.leave_rules import Plan
from portal.people.models import Membership, Person, _held_with_leave, grant_of
from tests.cast import World


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_the_grants_are_those_of_the_plain_question_for_everybody(world: World) -> None:
    for person in world.people.values():
        rows = Membership.objects.held(clock.today()).filter(person=person)
        assert fresh(person).grants == tuple(grant_of(row) for row in rows)
        assert [row[0] for row in rows.values_list("role")] == [one.role for one in fresh(person).grants]
    assert any(one.role == Role.BEHEERDER_LANDELIJK for one in fresh(world.landelijk).grants)


def test_it_is_one_query_and_follows_the_day_and_the_leave(world: World) -> None:
    mayor = fresh(world.burgemeester_a)
    with CaptureQueriesContext(connection) as seen:
        assert len(mayor.grants) == 2
        assert mayor.knows_no_leave
    assert len(seen) == 1
    Membership.objects.filter(person=mayor).update(ends_on=clock.today())
    assert len(fresh(mayor).grants) == 2
    Membership.objects.filter(person=mayor).update(
        ends_on=clock.today() - timedelta(days=1), starts_on=date(2020, 1, 1)
    )
    assert fresh(mayor).grants == ()
    today = clock.today()
    announce(by=world.kabinet_a, plan=Plan(world.kabinet_a, world.oov_a, today, today), key="een")
    for person in (world.kabinet_a, world.oov_a, world.piket_a):
        one = fresh(person)
        assert one.grants
        assert one.knows_no_leave == (person == world.piket_a)


def test_values_that_look_like_one_another_do_not_mix(world: World) -> None:
    asked = AskedOnce(_held_with_leave, date, type(uuid4()))
    people = list(world.people.values())
    for _ in range(2):
        for person in people:
            plain = list(_held_with_leave(clock.today(), person.pk))
            assert asked.rows(clock.today(), person.pk) == plain
    assert asked.rows(clock.today(), uuid4()) == []


def test_a_value_that_is_not_in_the_question_is_an_error(world: World) -> None:
    forgets = AskedOnce(lambda day: Membership.objects.filter(role="piket").values_list("role"), date)
    with pytest.raises(RuntimeError, match="not found back"):
        forgets.rows(clock.today())
