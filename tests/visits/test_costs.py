"""The pages of visits cost the same number of queries with much on them as with little."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests.cast import World
from tests.test_query_counts import cost
from tests.visits.make import a_stop, a_visit, at
from visits import actions as act

pytestmark = pytest.mark.django_db


def _fill(world: World, visit, count: int) -> None:
    for nr in range(count):
        a_stop(visit, title=f"Onderdeel {nr}", minutes=5)
        act.promise(
            by=world.kabinet_a,
            visit=visit,
            title=f"Toezegging {nr}",
            due_on=date(2026, 12, 1),
            key=f"{nr}-{count}-{visit.pk}",
            holder_role="kabinet",
        )
        act.add_companion(
            by=world.kabinet_a,
            visit=visit,
            function="other",
            name=f"Collega {nr}",
            invites=True,
            email=f"c{nr}-{count}@voorbeeld.example",
        )
        act.report(by=world.kabinet_a, visit=visit, to="college", on=date(2026, 10, 5), key=f"r{nr}-{count}")
    if count < 5:
        for nr in range(count):
            hours = (at(9) + timedelta(days=nr), at(11) + timedelta(days=nr))
            act.add_options(by=world.kabinet_a, visit=visit, hours=[hours])


def test_the_page_of_a_visit(world: World, sign_in) -> None:
    visit, client = a_visit(world, with_driehoek=True, invites=True), sign_in(world.kabinet_a)
    page = reverse("visits:visit", args=[visit.pk])
    _fill(world, visit, 3)
    few = cost(client, page)
    _fill(world, visit, 20)
    assert cost(client, page) == few


def test_the_list_of_visits(world: World, sign_in) -> None:
    client, page = sign_in(world.kabinet_a), reverse("visits:list")
    costs = []
    for count in (3, 20):
        for _ in range(count):
            a_visit(world)
        costs.append(cost(client, page))
    assert costs[0] == costs[1]
    assert costs[0] <= 8
