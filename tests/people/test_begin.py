"""`manage.py begin`: the first beheerder of a municipality comes in by a one-time link."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from portal import clock
from portal.audit.models import AuditRow
from portal.mail.models import Message
from portal.municipalities.models import Municipality
from portal.people.models import Invitation, Person
from tests.cast import World
from tests.people.pages import come_in

UTRECHT = "GM0344"


def begin(**options: str) -> str:
    out = io.StringIO()
    asked = {"municipality": UTRECHT, "email": "eerste@utrecht.example", "name": "F. Eerste"} | options
    call_command("begin", *[f"--{name}={value}" for name, value in asked.items()], stdout=out)
    return out.getvalue()


def path_in(text: str) -> str:
    link = text.strip().splitlines()[-1]
    assert link.startswith(settings.PORTAL_URL + "/uitnodiging/")
    return link.removeprefix(settings.PORTAL_URL)


def test_the_link_makes_a_beheerder(world: World) -> None:
    text = begin()
    assert "Utrecht" in text
    client = Client()
    assert come_in(client, path_in(text), name="F. Eerste").status_code == 302
    person = Person.objects.get(email="eerste@utrecht.example")
    assert [(grant.role, grant.municipality_name) for grant in person.grants] == [("beheerder", "Utrecht")]
    page = client.get("/eerste-stappen/").content.decode()
    assert "Gemeente Utrecht" in page
    assert not Message.objects.exists(), "mail may not work yet"
    assert set(AuditRow.objects.values_list("event", "origin")) >= {("invitation.made", "command")}


def test_it_prints_the_link_and_nothing_else_secret(world: World) -> None:
    text = begin(email="Eerste@Utrecht.Example")
    row = Invitation.objects.get()
    assert row.email == "eerste@utrecht.example"
    assert row.token_hash not in text
    assert len(text.strip().splitlines()) == 2


def test_the_link_works_seven_days(world: World) -> None:
    path = path_in(begin())
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert "verlopen" in Client().get(path, follow=True).content.decode()


def test_again_gives_a_new_link_and_kills_the_old(world: World) -> None:
    old, new = path_in(begin()), path_in(begin(email="ander@utrecht.example"))
    assert "ingetrokken" in Client().get(old, follow=True).content.decode()
    assert "Kies een wachtwoord" in Client().get(new, follow=True).content.decode()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"municipality": "GM0000"}, "Gemeente GM0000 staat niet in de lijst"),
        ({"municipality": "Utrecht"}, "staat niet in de lijst"),
        ({"email": "geen adres"}, "Dit is geen e-mailadres"),
        ({"municipality": "gm9001"}, "Voorbeeldstad heeft al een beheerder"),
    ],
)
def test_a_mistake_is_one_sentence(world: World, options: dict, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as error:
        begin(**options)
    assert error.value.returncode == 1
    assert not Invitation.objects.exists()


def test_a_merged_municipality_names_its_successor(world: World) -> None:
    gone = Municipality.objects.get(code="GM9002")
    gone.valid_until, gone.successor = date(2025, 12, 31), Municipality.objects.get(code=UTRECHT)
    gone.save()
    with pytest.raises(CommandError, match="gebruik GM0344"):
        begin(municipality="GM9002")


def test_an_existing_account_takes_the_link_with_one_button(world: World, sign_in) -> None:
    path = path_in(begin(email=world.kabinet_b.email))
    client = sign_in(world.kabinet_b)
    client.get(path)
    client.post("/uitnodiging/")
    assert world.kabinet_b.has_role("beheerder")
