"""The run-sheet on a phone, the presses on it, and noting times afterwards."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import World
from tests.visits.make import a_stop, a_visit, at
from visits import actions as act
from visits.models import Visit

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


@pytest.fixture
def visit(world: World) -> Visit:
    made = a_visit(world)
    for title in ("Ontvangst", "Gesprek", "Afsluiting"):
        a_stop(made, title=title)
    return made


def sheet(visit: Visit) -> str:
    return reverse("visits:runsheet", args=[visit.pk])


def text(client: Client, visit: Visit) -> str:
    return " ".join(client.get(sheet(visit)).content.decode().split())


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(9) - timedelta(days=3), ["Het begint donderdag 5 november om 14:00"]),
        (at(13, 35), ["Straks", "over 25 min", "Ontvangst"]),
        (at(14, 10), ["Nu", "tot 14:30", "nog 20 min", "over 20 min", "Begonnen"]),
        (at(15, 10), ["Dit is het laatste onderdeel."]),
        (at(17), ["Het programma is afgelopen.", "Noteer de tijden"]),
    ],
)
def test_each_hour_of_the_day_has_its_words(
    world: World, sign_in: SignIn, visit: Visit, frozen_clock: Any, moment: Any, words: list[str]
) -> None:
    frozen_clock.move_to(moment)
    found = text(sign_in(world.kabinet_a), visit)
    for one in words:
        assert one in found


def test_nothing_yet_and_no_day_yet_say_so(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.kabinet_a)
    assert "Er is nog geen programma." in text(client, a_visit(world))
    idea = a_visit(world, starts_at=None)
    a_stop(idea)
    assert "De dag volgt nog." in text(client, idea)


def test_pressing_through_the_day(world: World, sign_in: SignIn, visit: Visit, frozen_clock: Any) -> None:
    frozen_clock.move_to(at(14, 3))
    client = sign_in(world.kabinet_a)
    first, second, _last = visit.stops.standing()
    assert client.post(sheet(visit), {"do": f"begin:{first.pk}"}).headers["Location"] == sheet(visit)
    frozen_clock.move_to(at(14, 41))
    found = text(client, visit)
    assert "loopt 11 min uit" in found
    assert "Het hele programma is waarschijnlijk klaar om 15:41, 11 min later dan gepland." in found
    assert "Verwacht om 15:11" in found
    client.post(sheet(visit), {"do": f"begin:{second.pk}"})
    assert "begon 14:03, klaar 14:41" in text(client, visit)
    client.post(sheet(visit), {"do": f"undo:{second.pk}"})
    first.refresh_from_db()
    assert (first.began_at, first.ended_at) == (at(14, 3), None)


@pytest.mark.parametrize(
    "press", ["", "begin", "begin:x", "weg:1", "begin:00000000-0000-0000-0000-000000000000"]
)
def test_a_press_that_means_nothing_does_nothing(
    world: World, sign_in: SignIn, visit: Visit, frozen_clock: Any, press: str
) -> None:
    frozen_clock.move_to(at(14, 3))
    assert sign_in(world.kabinet_a).post(sheet(visit), {"do": press}).status_code in (302, 404)
    assert not visit.stops.filter(began_at__isnull=False).exists()


def test_on_another_day_nothing_begins(world: World, sign_in: SignIn, visit: Visit) -> None:
    client = sign_in(world.kabinet_a)
    stop = visit.stops.standing()[0]
    assert f"begin:{stop.pk}" not in text(client, visit)
    answer = client.post(sheet(visit), {"do": f"begin:{stop.pk}"}, follow=True)
    assert "Dit kan alleen op de dag zelf." in answer.content.decode()


def test_somebody_of_outside_who_comes_along_has_a_sheet_and_no_run_sheet(
    world: World, sign_in: SignIn, visit: Visit
) -> None:
    act.add_companion(by=world.kabinet_a, visit=visit, function="ovj", person=world.ovj)
    client = sign_in(world.ovj)
    assert client.get(reverse("visits:sheet", args=[visit.pk])).status_code == 200
    for name in ("runsheet", "programme", "times", "consents"):
        address = reverse(f"visits:{name}", args=[visit.pk])
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)


def test_times_are_noted_once_it_has_begun(
    world: World, sign_in: SignIn, visit: Visit, frozen_clock: Any
) -> None:
    address = reverse("visits:times", args=[visit.pk])
    assert sign_in(world.kabinet_a).get(address).headers["Location"] == sheet(visit)
    frozen_clock.move_to(at(17))
    client = sign_in(world.kabinet_a)
    first = visit.stops.standing()[0]
    first.began_at, first.ended_at = at(14) + timedelta(seconds=20), at(14, 30)
    first.save()
    form = client.get(address).context["form"]
    typed = {"version": form["version"].value(), "began_0": "14:00", "ended_0": "14:45", "began_1": "14:50"}
    assert client.post(address, typed).status_code == 302
    first.refresh_from_db()
    assert first.began_at == at(14) + timedelta(seconds=20), "what was not touched stays to the second"
    assert first.ended_at == at(14, 45)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"began_0": "15:00", "ended_0": "14:00"}, "‘Ontvangst’ is klaar na het begin."),
        ({"ended_1": "15:00"}, "Vul ook in hoe laat ‘Gesprek’ begon."),
        ({"began_0": "straks"}, "Schrijf de tijd als 14:30."),
    ],
)
def test_times_that_cannot_be_get_a_sentence(
    world: World, sign_in: SignIn, visit: Visit, frozen_clock: Any, typed: dict[str, str], sentence: str
) -> None:
    frozen_clock.move_to(at(17))
    address = reverse("visits:times", args=[visit.pk])
    answer = sign_in(world.kabinet_a).post(address, {"version": visit.version, **typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_run_sheet_costs_the_same_with_many_stops(
    world: World, sign_in: SignIn, visit: Visit, frozen_clock: Any
) -> None:
    frozen_clock.move_to(at(14, 10))
    client = sign_in(world.kabinet_a)
    costs = []
    for starts in (time(15, 30), time(16)):
        a_stop(visit, starts=starts, minutes=5)
        client.get(sheet(visit))
        with CaptureQueriesContext(connection) as seen:
            client.get(sheet(visit))
        costs.append(len(seen))
    assert costs[0] == costs[1]
