"""A visit in the dagbrief, in the weekly overview and on the start page."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.briefings import office
from tests.briefings.office import now
from tests.cast import World
from tests.visits.make import a_host, a_visit, at
from visits import actions as act
from visits.models import Visit

TODAY = date(2026, 10, 5)
QUESTIONS = "Waar wachten kinderen?\nWat helpt?\nWat kan ik doen?\nEen vierde?"


def _today(world: World, **facts) -> Visit:
    visit = a_visit(world, starts_at=at(14, day=TODAY), ends_at=at(16, day=TODAY), **facts)
    act.change_visit(by=world.kabinet_a, visit=visit, questions_to_ask=QUESTIONS)
    return visit


def test_the_dagbrief_has_it_among_the_appointments_with_three_questions_and_the_sheet(
    world: World,
) -> None:
    visit = _today(world)
    for reader in (world.burgemeester_a, world.loco_a, None):
        found = now(world.a, reader)
        body = found.body
        assert "Werkbezoek aan Veilig Thuis" in body
        assert "Vandaag staat er geen afspraak" not in body
        assert "Wat kan ik doen?" in body
        assert "Een vierde?" not in body
        assert reverse("visits:sheet_of", args=[visit.pk, "burgemeester"]) in body
        assert [one.name for one in _counts(found)] == ["Afspraken"]
        assert "visits" not in found.content.body, "on paper nothing leads anywhere"


def _counts(found) -> list:
    from portal.briefings.telling import Counted

    order = found.content.facts["day_meetings"]["order"]
    return [Counted("Afspraken", len(order))] if order else []


def test_of_a_secret_host_the_dagbrief_has_neither_name_nor_place(world: World) -> None:
    _today(world, host=a_host(world, name="Zqgeheim", address_is_secret=True), title="Naar Zqgeheim")
    body = now(world.a, world.burgemeester_a).body
    assert "Zqgeheim" not in body
    assert "adres bij host bekend" in body


@pytest.mark.parametrize("why", ["cancelled", "mistake", "idea"])
def test_what_does_not_go_on_is_not_there(world: World, why: str) -> None:
    visit = _today(world)
    if why == "idea":
        act.move(by=world.kabinet_a, visit=visit, starts_at=None, ends_at=None)
    else:
        act.cancel(by=world.kabinet_a, visit=visit, reason="Ziek", is_mistake=why == "mistake")
    assert (
        "Werkbezoek aan Veilig Thuis" not in now(world.a, world.burgemeester_a).body.partition("Deze week")[0]
    )


def test_another_municipality_reads_nothing_of_it(world: World) -> None:
    _today(world)
    assert "Werkbezoek aan" not in now(world.b, world.burgemeester_b).body


def test_a_visit_later_this_week_stands_under_this_week_and_in_the_weekly_overview(world: World) -> None:
    day = TODAY + timedelta(days=2)
    a_visit(world, starts_at=at(10, day=day), ends_at=at(11, day=day))
    assert "Werkbezoek aan Veilig Thuis" in now(world.a, world.burgemeester_a).body
    body = now(world.a, None, office.WEEK).body
    assert "wo\u00a07\u00a0okt\u00a010:00-11:00" in body
    nothing = now(world.b, None, office.WEEK).body
    assert "Werkbezoek aan" not in nothing


def test_a_visit_of_next_week_is_in_neither(world: World) -> None:
    day = TODAY + timedelta(days=9)
    a_visit(world, starts_at=at(10, day=day), ends_at=at(11, day=day))
    assert "10:00-11:00" not in now(world.a, None, office.WEEK).body


def _start(client: Client) -> str:
    return str(client.get("/").content.decode())


def test_a_companion_finds_the_own_sheet_on_the_start_page_as_long_as_he_is_one(
    world: World, sign_in
) -> None:
    day = TODAY + timedelta(days=9)
    visit = a_visit(world, starts_at=at(10, day=day), ends_at=at(11, day=day), title="Zqtitel")
    client = sign_in(world.teamchef)
    assert "Uw blad voor het werkbezoek" not in _start(client)
    companion = act.add_companion(by=world.kabinet_a, visit=visit, function="teamchef", person=world.teamchef)
    html = _start(client)
    assert reverse("visits:sheet", args=[visit.pk]) in html
    assert "Zqtitel" not in html
    act.end_companion(by=world.kabinet_a, companion=companion)
    assert "Uw blad voor het werkbezoek" not in _start(client)


@pytest.mark.parametrize(("ahead", "shown"), [(0, True), (1, True), (2, False)])
def test_the_mayor_finds_it_on_the_day_and_the_day_before(
    world: World, sign_in, ahead: int, shown: bool
) -> None:
    day = TODAY + timedelta(days=ahead)
    visit = a_visit(world, starts_at=at(10, day=day), ends_at=at(11, day=day))
    url = reverse("visits:sheet_of", args=[visit.pk, "burgemeester"])
    assert (url in _start(sign_in(world.burgemeester_a))) == shown
    assert url not in _start(sign_in(world.kabinet_a))
    assert url not in _start(sign_in(world.burgemeester_b))


@pytest.mark.parametrize("who", ["kabinet_a", "burgemeester_a", "teamchef"])
def test_the_start_page_costs_one_query_more_only_where_a_visit_stands(
    world: World, sign_in, who: str
) -> None:
    client = sign_in(getattr(world, who))

    def cost() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/").status_code == 200
        return len(seen)

    before = cost()
    assert before <= 8
    for _ in range(4):
        visit = _today(world)
        act.add_companion(by=world.kabinet_a, visit=visit, function="teamchef", person=world.teamchef)
    assert cost() == before + (who != "kabinet_a")
