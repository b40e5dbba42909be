"""The list of visits, and who may be brought along."""

import pytest
from django.urls import reverse

from tests.cast import World, newest
from tests.visits.make import a_visit, at
from visits import actions as act
from visits import queries

pytestmark = pytest.mark.django_db


def test_what_has_no_day_yet_stands_before_what_has(world: World, sign_in) -> None:
    dated, idea = a_visit(world), a_visit(world, starts_at=None, title="Nog een idee")
    page = sign_in(world.kabinet_a).get(reverse("visits:list"))
    assert page.context["ahead"] == [idea, dated]


def test_on_a_visit_of_a_driehoek_only_its_own_members_can_be_brought(world: World) -> None:
    """Of other driehoeken and of the country nobody is offered."""
    visit = act.start_visit(
        by=world.burgemeester_a,
        version=newest("visits"),
        scope=world.d,
        key="k" * 20,
        starts_at=at(14),
        ends_at=at(16),
    )
    offered = {person for person, _words in queries.people_to_bring(visit)}
    assert world.ovj in offered
    assert world.landelijk not in offered
