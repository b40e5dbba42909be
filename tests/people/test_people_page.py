"""The page Mensen: who has which role, who is invited, what nobody has, what happened."""

from datetime import date, timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions as act
from portal import clock
from portal.mail.models import Message
from portal.people.models import Membership, Person
from tests.cast import World, step
from tests.people.pages import ask, fill, membership, said
from tests.toys import toy

URL = "/mensen/"


@pytest.fixture
def beheer(world: World, sign_in) -> Client:
    return sign_in(world.beheerder_a)


def test_it_shows_name_role_function_period_and_second_factor(world: World, beheer: Client) -> None:
    TOTP.activate(world.kabinet_a, "JBSWY3DPEHPK3PXP")
    Membership.objects.filter(person=world.loco_a).update(ends_on=date(2026, 12, 31))
    answer = beheer.get(URL)
    rows = {row.membership.person.name: row for row in answer.context["members"]}
    assert rows["N. Vos"].has_second_factor
    assert not rows["J. Peters"].has_second_factor
    assert rows["J. Peters"].period == "tot en met 31 december"
    assert rows["N. Vos"].period == "sinds 6 augustus"
    page = answer.content.decode()
    for words in (
        "wethouder zorg",
        "Loco-burgemeester",
        "kabinet@voorbeeldstad.example",
        "Er wacht niets op u",
    ):
        assert words in page
    assert "I. Hoekstra" not in page, "nobody of B"
    assert "O. Jacobs" not in page, "nobody of the driehoek"


def test_roles_without_people_stand_in_a_neutral_list(world: World, beheer: Client) -> None:
    Membership.objects.filter(role__in=["piket", "receptie"]).update(ended_at=clock.now())
    ask(beheer, role="receptie")
    answer = beheer.get(URL)
    assert [(one.key, one.is_invited) for one in answer.context["empty_roles"]] == [
        ("piket", False),
        ("receptie", True),
    ]
    form = beheer.get(reverse("people:invite"), {"rol": "piket"}).context["form"]
    assert form["role"].value() == "piket"


def test_a_coming_and_an_earlier_role_are_told_apart(world: World, beheer: Client) -> None:
    Membership.objects.filter(person=world.piket_a).update(starts_on=date(2026, 11, 1))
    Membership.objects.filter(person=world.receptie_a).update(ends_on=date(2026, 10, 4))
    answer = beheer.get(URL)
    rows = {row.membership.person.name: row for row in answer.context["members"]}
    assert rows["R. Bakker"].is_coming
    assert rows["R. Bakker"].period == "vanaf 1 november"
    assert "T. Smit" not in rows
    assert [row.period for row in answer.context["earlier"]] == ["van 6 augustus tot en met 4 oktober"]


def test_a_refused_address_shows_and_can_be_tried_again(world: World, beheer: Client) -> None:
    Person.objects.filter(pk=world.kabinet_a.pk).update(mail_refused_at=clock.now())
    page = beheer.get(URL).content.decode()
    assert "mail geweigerd" in page
    assert "1 adres weigert mail." in page
    answer = fill(beheer, reverse("people:retry_mail", args=[membership(world.kabinet_a, "kabinet").pk]))
    assert said(answer, beheer) == ["Het portaal mailt weer naar dit adres."]
    assert world.kabinet_a.mail_refused_at is None
    assert "liet het portaal weer mailen aan N. Vos" in beheer.get(URL).content.decode()


def test_how_the_mail_of_an_invitation_went(world: World, beheer: Client) -> None:
    ask(beheer)
    assert [one.mail for one in beheer.get(URL).context["invited"]] == ["planned"]
    Message.objects.update(state="refused")
    page = beheer.get(URL).content.decode()
    assert "geweigerd" in page
    assert "1 adres weigert mail." in page


def test_what_happened_is_told_in_sentences(world: World, beheer: Client) -> None:
    ask(beheer)
    ask(beheer, email=world.kabinet_a.email, role="communicatie")
    url = reverse("people:membership", args=[membership(world.piket_a, "piket").pk])
    fill(beheer, url, function="", ends_on="2026-12-31")
    fill(beheer, reverse("people:end", args=[membership(world.receptie_a, "receptie").pk]))
    told = [f"{line.who} {line.what} {line.detail}".strip() for line in beheer.get(URL).context["history"]]
    assert told == [
        "K. Jansen beëindigde de rol Receptie van T. Smit",
        "K. Jansen wijzigde de rol Piket van R. Bakker tot en met 31 december",
        "K. Jansen gaf N. Vos de rol Communicatie",
        "K. Jansen nodigde Q. Nieuw uit als Kabinet",
    ]


def more_people(world: World, count: int, start: int) -> None:
    for nr in range(start, start + count):
        person = Person.objects.create_person(email=f"p{nr}@voorbeeldstad.example", name=f"A. Persoon {nr}")
        fields = {"person": person, "starts_on": clock.today(), **world.a.as_fields()}
        Membership.objects.create(role="kabinet", **fields)
        gone = Membership.objects.create(role="piket", ended_at=clock.now(), **fields)
        assert gone.pk


def cost(client: Client) -> int:
    client.get(URL)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(URL).status_code == 200
    return len(seen)


def test_thirty_people_cost_as_many_queries_as_three(world: World, beheer: Client) -> None:
    measure = toy(world.kabinet_a, world.a)
    held = [step(measure, key) for key in ("prepare", "decide", "store", "brief", "look_back")]
    more_people(world, 3, 0)
    for nr in range(2):
        ask(beheer, email=f"u{nr}@voorbeeldstad.example")
        leaver = Person.objects.get(email=f"p{nr}@voorbeeldstad.example")
        act.hand_over(by=world.kabinet_a, action=held[nr], to_person=leaver)
        Membership.objects.filter(person=leaver).update(ended_at=clock.now())
    few = cost(beheer)
    more_people(world, 27, 3)
    for nr in range(2, 5):
        leaver = Person.objects.get(email=f"p{nr}@voorbeeldstad.example")
        act.hand_over(by=world.kabinet_a, action=held[nr], to_person=leaver)
        Membership.objects.filter(person=leaver).update(ended_at=clock.now())
    for nr in range(2, 12):
        ask(beheer, email=f"u{nr}@voorbeeldstad.example")
    assert cost(beheer) == few


def test_long_lists_are_paged(world: World, beheer: Client) -> None:
    more_people(world, 30, 0)
    first = beheer.get(URL)
    assert len(first.context["members"]) == 25
    second = beheer.get(first.context["page"].next_url)
    names = [row.membership.pk for row in [*first.context["members"], *second.context["members"]]]
    assert len(names) == len(set(names)) == 39


def test_a_beheerder_of_two_municipalities_chooses(world: World, sign_in) -> None:
    Membership.objects.create(
        person=world.beheerder_a, role="beheerder", starts_on=clock.today(), **world.b.as_fields()
    )
    client = sign_in(world.beheerder_a)
    page = client.get(URL).content.decode()
    assert reverse("people:municipality", args=[world.a.municipality_id]) in page
    assert reverse("people:municipality", args=[world.b.municipality_id]) in page
    assert "place" in client.get(reverse("people:invite")).context["form"].fields
    assert len(client.get(reverse("people:first_steps")).context["lists"]) == 2


def test_no_page_says_when_somebody_was_last_here(world: World, beheer: Client) -> None:
    seen = clock.now() - timedelta(hours=3)
    Person.objects.filter(pk=world.kabinet_a.pk).update(last_login=seen)
    assert "laatst" not in beheer.get(URL).content.decode().lower()
