"""Guests on the page of an appointment."""

import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions as act
from portal.audit.models import AuditRow
from portal.feeds import invitations
from portal.feeds.letters import token_of
from portal.feeds.models import Invitation
from portal.mail.deliver import deliver
from portal.mail.models import Message
from tests.cast import World
from tests.feeds.invited import GUEST, arranged, given, invited, said
from tests.mail.server import Server
from tests.people.pages import errors, fill
from tests.tracking.test_appointments import plan


def test_people_are_invited_on_the_page(world: World, sign_in) -> None:
    row = arranged(world)
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:invite", args=[row.pk])
    page = client.get(url).content.decode()
    assert world.burgemeester_a.name in page
    assert world.kabinet_b.name not in page
    answer = fill(
        client,
        url,
        people=[str(world.burgemeester_a.pk), str(world.communicatie_a.pk)],
        name=GUEST.name,
        email="Gast@Partner.example",
    )
    assert answer.url == reverse("tracking:appointment", args=[row.pk])
    shown = client.get(answer.url).content.decode()
    assert "3 uitnodigingen gaan uit." in shown
    for name in (world.burgemeester_a.name, world.communicatie_a.name, GUEST.name):
        assert name in shown
    assert Invitation.objects.get(person=None).email == GUEST.email
    assert client.get(url).content.decode().count("checkbox") < page.count("checkbox")


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({}, "__all__", "Kies een collega of vul een gast in."),
        ({"name": "X"}, "email", "Vul ook het e-mailadres van de gast in."),
        ({"email": "x@y.example"}, "name", "Vul ook de naam van de gast in."),
        ({"name": "X", "email": "geen adres"}, "email", "Dit e-mailadres klopt niet."),
        ({"name": "X", "email": "x" * 250 + "@partner.example"}, "email", "Schrijf hoogstens 254 tekens."),
        ({"name": "X", "email": "burgemeester"}, "email", "Dit is een collega."),
        ({"people": ["iemand"]}, "people", "Wie u koos, kan deze maatregel niet zien. Kies uit de lijst."),
        ({"name": "111222333", "email": "x@y.example"}, "name", "burgerservicenummer"),
    ],
)
def test_bad_input(world: World, sign_in, data: dict[str, Any], field: str, sentence: str) -> None:
    row = arranged(world)
    invited(world, row)
    if data.get("email") == "burgemeester":
        data = data | {"email": world.burgemeester_a.email}
    answer = fill(sign_in(world.kabinet_a), reverse("tracking:invite", args=[row.pk]), **data)
    assert sentence in errors(answer)[field][0]
    assert Invitation.objects.count() == 1


def test_a_second_press_finds_everybody_invited(world: World, sign_in) -> None:
    row = arranged(world)
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:invite", args=[row.pk])
    offered = client.get(url).context["form"].colleagues
    some = {"people": [str(world.burgemeester_a.pk)], "name": GUEST.name, "email": GUEST.email}
    everybody = {"people": list(offered)}
    for data, count in ((some, 2), (everybody, len(offered) + 1)):
        for sentence in ("gaan uit.", "Wie u koos, is al uitgenodigd."):
            answer = fill(client, url, **data)
            assert answer.status_code == 302, answer.content.decode()
            assert sentence in client.get(answer.url).content.decode()
            assert Invitation.objects.count() == count
    page = client.get(url).content.decode()
    assert "Collega’s" not in page
    assert str(world.burgemeester_a.pk) not in page


def test_somebody_of_another_scope_cannot_be_chosen(world: World, sign_in) -> None:
    row = arranged(world)
    data = {"people": [str(world.kabinet_b.pk)]}
    assert (
        fill(sign_in(world.kabinet_a), reverse("tracking:invite", args=[row.pk]), **data).status_code == 422
    )


def test_before_a_change_the_page_says_how_many_hear(world: World, sign_in) -> None:
    row = arranged(world)
    client = sign_in(world.kabinet_a)
    change, cancel = (reverse(f"tracking:{name}_appointment", args=[row.pk]) for name in ("change", "cancel"))
    assert "genodigde" not in client.get(change).content.decode()
    invited(world, row, world.burgemeester_a)
    assert "krijgen 2 genodigden een nieuwe uitnodiging" in client.get(change).content.decode()
    assert "2 genodigden krijgen een afzegging, zonder de reden" in client.get(cancel).content.decode()


def test_an_invitation_is_taken_back_on_the_page(world: World, sign_in) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    url = reverse("tracking:uninvite", args=[row.pk, guest.pk])
    client = sign_in(world.kabinet_a)
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    assert GUEST.name not in client.get(reverse("tracking:appointment", args=[row.pk])).content.decode()
    again = client.post(url)
    assert again.url == reverse("tracking:appointment", args=[row.pk])
    assert "Deze uitnodiging is al ingetrokken." in client.get(again.url).content.decode()
    assert client.get(url).url == again.url
    other = arranged(world)
    assert client.post(reverse("tracking:uninvite", args=[other.pk, guest.pk])).status_code == 404
    # The mail had not left, so nobody hears that it was taken back.
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}


def test_after_it_began_nobody_is_invited(world: World, sign_in, frozen_clock) -> None:
    row = arranged(world)
    frozen_clock.move_to(row.starts_at)
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:invite", args=[row.pk])
    answer = fill(client, url, people=[str(world.burgemeester_a.pk)])
    assert "Deze afspraak is al begonnen." in client.get(answer.url).content.decode()
    assert not Invitation.objects.exists()


def test_a_refused_mailbox_shows(world: World, sign_in, server: Server) -> None:
    row = arranged(world)
    server.answers = [("rcpt", "550 5.1.1 onbekend")]
    invited(world, row)
    deliver()
    page = sign_in(world.kabinet_a).get(reverse("tracking:appointment", args=[row.pk]))
    assert "mail kwam niet aan" in page.content.decode()


def test_the_measure_shows_how_many_come(world: World, sign_in) -> None:
    row = arranged(world)
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:measure", args=[row.measure_id])
    assert "Genodigden:" not in client.get(url).content.decode()
    plan(world.kabinet_a, row.measure)
    made = invited(world, row, world.burgemeester_a, world.communicatie_a, world.loco_a)
    for guest, answer in zip(made, ("yes", "no", "no"), strict=False):
        invitations.answer(invitation=guest, **given(guest, answer))
    page = client.get(url).content.decode()
    assert page.count("Genodigden:") == 1
    assert "Genodigden: 1 ja, 2 nee, 0 misschien, 1 nog niet" in page
    invitations.withdraw(by=world.kabinet_a, invitation=made[1])
    assert "Genodigden: 1 ja, 1 nee, 0 misschien, 1 nog niet" in client.get(url).content.decode()
    act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="Ziek")
    assert "Genodigden:" not in client.get(url).content.decode()


def test_the_page_costs_the_same_with_three_and_with_thirty_guests(world: World, sign_in) -> None:
    row = arranged(world)
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:appointment", args=[row.pk])
    costs = []
    for nr, count in enumerate((3, 27)):
        guests = [invitations.Guest(f"Gast {nr} {n}", f"g{nr}-{n}@partner.example") for n in range(count)]
        act.invite_to(by=world.kabinet_a, appointment=row, guests=guests)
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_no_line_of_the_log_holds_a_link_or_an_address(
    world: World,
    written: io.StringIO,
) -> None:
    [guest] = invited(world, arranged(world))
    path = reverse("feeds:answer", args=[token_of(guest)])
    Client().get(path)
    Client().post(path, said(guest, "no"))
    Client().get(path[:-2] + "x/")
    lines = written.getvalue()
    assert "/antwoord/..." in lines
    assert token_of(guest) not in lines
    assert not re.search(re.escape(GUEST.email) + "|" + re.escape(GUEST.name), lines)
    assert GUEST.email not in str(list(AuditRow.objects.values()))
