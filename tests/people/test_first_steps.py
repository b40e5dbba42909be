"""The first steps: how far a municipality is, read from what is there; and the mail test."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.mail.models import Message
from portal.municipalities.models import PhoneNumber
from portal.people.models import Membership, Person
from tests.cast import World
from tests.people.pages import ask, fill
from tests.toys import toy

URL = "/eerste-stappen/"


@pytest.fixture
def beheer(world: World, sign_in) -> Client:
    return sign_in(world.beheerder_a)


def states(client: Client) -> dict[str, str]:
    (one,) = client.get(URL).context["lists"]
    return {step.title: step.state for step in one.steps}


def test_in_an_empty_municipality_everything_waits(world: World, beheer: Client) -> None:
    Membership.objects.exclude(role="beheerder").filter(**world.a.as_fields()).update(ended_at=clock.now())
    PhoneNumber.objects.update(checked_on=date(2026, 1, 1))
    assert states(beheer) == {
        "Uw tweede stap bij het aanmelden": "todo",
        "Een proefmail naar uzelf": "todo",
        "Iemand in de rol Burgemeester": "todo",
        "Iemand in de rol Kabinet": "todo",
        "Iemand in de rol Adviseur OOV": "todo",
        "Gesloten dagen en reces nakijken": "todo",
        "Telefoonnummers gecontroleerd": "busy",
        "De eerste maatregel": "busy",
    }
    assert "Nu eerst: <b>Uw tweede stap" in beheer.get(URL).content.decode()


def test_it_sees_by_itself_what_is_done(world: World, beheer: Client) -> None:
    TOTP.activate(world.beheerder_a, "JBSWY3DPEHPK3PXP")
    PhoneNumber.objects.update(checked_on=clock.today())
    toy(world.kabinet_a, world.a)
    fill(beheer, reverse("people:test_mail"))
    Message.objects.update(state="sent", sent_at=clock.now())
    fill(beheer, reverse("planning:confirm", args=[world.a.municipality_id]))
    assert set(states(beheer).values()) == {"done"}
    page = beheer.get(URL).content.decode()
    assert "U hoeft hier niets meer te doen." in page
    assert "8 van 8" in page


def test_somebody_invited_is_under_way(world: World, beheer: Client) -> None:
    Membership.objects.filter(role="kabinet", **world.a.as_fields()).update(ended_at=clock.now())
    ask(beheer)
    assert states(beheer)["Iemand in de rol Kabinet"] == "busy"
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        beheer.force_login(world.beheerder_a)
        assert states(beheer)["Iemand in de rol Kabinet"] == "todo"


def test_a_measure_of_another_municipality_does_not_count(world: World, beheer: Client) -> None:
    toy(world.kabinet_b, world.b)
    assert states(beheer)["De eerste maatregel"] == "busy"


def test_the_national_beheerder_has_steps_too(world: World, sign_in) -> None:
    (one,) = sign_in(world.landelijk).get(URL).context["lists"]
    assert [step.title for step in one.steps] == [
        "Uw tweede stap bij het aanmelden",
        "Een proefmail naar uzelf",
        "Telefoonnummers gecontroleerd",
    ]


def test_the_test_mail_goes_to_oneself_once(world: World, beheer: Client) -> None:
    url = reverse("people:test_mail")
    key = beheer.get(url).context["form"]["key"].value()
    beheer.post(url, {"key": key})
    beheer.post(url, {"key": key})
    mail = Message.objects.get()
    assert (mail.address, mail.person_id) == (world.beheerder_a.email, world.beheerder_a.pk)
    for text in (mail.subject, mail.text, mail.html):
        assert "INVALID" not in text
        assert "@" not in text.replace("@media", "")
        assert world.beheerder_a.name not in text


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        ({}, "busy", "onderweg naar de mailserver"),
        ({"attempts": 2}, "busy", "De mailserver antwoordt nog niet"),
        ({"created_at": True}, "busy", "staat stil"),
        ({"state": "claimed"}, "busy", "onderweg naar de mailserver"),
        ({"state": "sent", "sent_at": True}, "done", "Aangenomen door de mailserver"),
        ({"state": "refused"}, "todo", "weigerde uw adres"),
    ],
)
def test_the_page_says_how_the_test_mail_went(beheer: Client, change: dict, state: str, words: str) -> None:
    fill(beheer, reverse("people:test_mail"))
    moments = {"created_at": clock.now() - timedelta(hours=1), "sent_at": clock.now()}
    Message.objects.update(**{k: moments[k] if v is True else v for k, v in change.items()})
    assert states(beheer)["Een proefmail naar uzelf"] == state
    assert words in beheer.get(URL).content.decode()
    answer = beheer.get(reverse("people:test_mail_state")).json()
    assert answer["done"] is (state != "busy")
    assert words in answer["text"]


def test_a_test_mail_tries_a_refused_address_again(world: World, beheer: Client) -> None:
    Person.objects.filter(pk=world.beheerder_a.pk).update(mail_refused_at=clock.now())
    fill(beheer, reverse("people:test_mail"))
    assert world.beheerder_a.mail_refused_at is None


def test_the_start_page_reminds_a_beheerder_until_all_is_done(world: World, beheer: Client, sign_in) -> None:
    page = beheer.get("/").content.decode()
    assert "Nog te doen voor gemeente Voorbeeldstad: <b>Uw tweede stap" in page
    assert "Eerste stappen" not in sign_in(world.kabinet_a).get("/").content.decode()
    TOTP.activate(world.beheerder_a, "JBSWY3DPEHPK3PXP")
    fill(beheer, reverse("people:test_mail"))
    fill(beheer, reverse("planning:confirm", args=[world.a.municipality_id]))
    assert "Nog te doen" not in beheer.get("/").content.decode()
