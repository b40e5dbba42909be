"""The page where the go of the host is written down and taken back."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from portal.papers.press import actions as press
from tests.cast import World
from tests.visits.make import a_stop, a_visit
from visits.models import Consent, Visit

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


def page(visit: Visit) -> str:
    return reverse("visits:consents", args=[visit.pk])


def give(client: Client, visit: Visit, *uses: str, **more: object) -> Any:
    usual = {
        "uses": uses,
        "given_on": "2026-10-05",
        "said_by": "teamleider",
        "stop": "all",
        "key": uuid4().hex,
    }
    return client.post(page(visit), usual | more)


def test_a_go_is_written_down_per_use_and_shown(world: World, sign_in: SignIn) -> None:
    visit, client = a_visit(world), sign_in(world.kabinet_a)
    stop = a_stop(visit, title="Rondleiding")
    assert give(client, visit, "talk", "photo", stop=stop.pk).headers["Location"] == page(visit)
    text = client.get(page(visit)).content.decode()
    assert "Rondleiding" in text
    assert "teamleider" in text
    assert Consent.objects.filter(stop=stop).count() == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"uses": []}, ""),
        ({"given_on": "2026-10-06"}, "Kies vandaag of een dag daarvoor."),
        ({"said_by": ""}, ""),
        ({"said_by": "x" * 81}, "80"),
        ({"said_by": "111222333"}, "burgerservicenummer"),
        ({"stop": "00000000-0000-0000-0000-000000000000"}, ""),
    ],
)
def test_bad_input_is_said_and_kept(
    world: World, sign_in: SignIn, given: dict[str, object], sentence: str
) -> None:
    visit = a_visit(world)
    answer = give(sign_in(world.kabinet_a), visit, "talk", **given)
    assert answer.status_code == 422
    assert sum(len(one) for one in answer.context["form"].errors.values()) == 1
    assert sentence in answer.content.decode()
    assert not Consent.objects.exists()


def test_no_press_where_minors_are_and_nothing_twice(world: World, sign_in: SignIn) -> None:
    visit, client = a_visit(world), sign_in(world.kabinet_a)
    stop = a_stop(visit, meets="minors")
    assert "daar is nooit pers" in give(client, visit, "press", stop=stop.pk).content.decode()
    give(client, visit, "photo")
    assert "Dit akkoord staat er al: Foto." in give(client, visit, "photo").content.decode()
    assert Consent.objects.count() == 1


def test_no_field_asks_whose_go_it_is(world: World, sign_in: SignIn) -> None:
    form = sign_in(world.kabinet_a).get(page(a_visit(world))).context["form"]
    assert {one.name for one in form.visible_fields()} == {"uses", "given_on", "said_by"}


def withdraw(visit: Visit, consent: Consent) -> str:
    return reverse("visits:withdraw_consent", args=[visit.pk, consent.pk])


def test_taking_it_back_says_where_there_is_no_press_any_more(world: World, sign_in: SignIn) -> None:
    visit, client = a_visit(world), sign_in(world.kabinet_a)
    give(client, visit, "press")
    go = Consent.objects.get()
    a_stop(visit, meets="victims", press="welcome", press_go=go)
    answer = client.post(withdraw(visit, go), {"on": "2026-10-05", "version": go.version}, follow=True)
    assert "Bij 1 onderdeel is nu geen pers meer." in answer.content.decode()
    assert visit.stops.get().press == "no"
    again = client.post(withdraw(visit, go), {"on": "2026-10-05", "version": go.version}, follow=True)
    assert "was al ingetrokken" in again.content.decode()


@pytest.mark.parametrize("on", ["2026-10-04", "2026-10-06", "morgen"])
def test_it_is_taken_back_between_the_day_it_was_given_and_today(
    world: World, sign_in: SignIn, on: str
) -> None:
    visit, client = a_visit(world), sign_in(world.kabinet_a)
    give(client, visit, "talk")
    go = Consent.objects.get()
    assert client.post(withdraw(visit, go), {"on": on, "version": go.version}).status_code == 422
    go.refresh_from_db()
    assert go.is_standing


def test_a_press_text_in_doubt_is_named_where_one_works_on_the_visit(world: World, sign_in: SignIn) -> None:
    visit, client = a_visit(world), sign_in(world.kabinet_a)
    press.plan(
        by=world.kabinet_a,
        shelf="measure",
        subject=visit.measure,
        key="k",
        sort="column",
        title="Mijn column",
    )
    give(client, visit, "quote")
    go = Consent.objects.get()
    assert "Mijn column" not in client.get(page(visit)).content.decode()
    answer = client.post(withdraw(visit, go), {"on": "2026-10-05", "version": go.version}, follow=True)
    assert "Mijn column" in answer.content.decode()


def test_a_consent_of_another_visit_is_not_found(world: World, sign_in: SignIn) -> None:
    visit, client = a_visit(world), sign_in(world.kabinet_a)
    give(client, visit, "talk")
    assert client.get(withdraw(a_visit(world), Consent.objects.get())).status_code == 404


def test_an_address_elsewhere_is_not_followed(world: World, sign_in: SignIn) -> None:
    visit = a_visit(world)
    answer = give(sign_in(world.kabinet_a), visit, "talk", next="https://elders.example/")
    assert answer.headers["Location"] == page(visit)
