"""Invitations: asked by mail with a calendar part, answered on a page, told of each change once."""

import io
import re
from collections.abc import Iterator
from datetime import time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from measures.tracking import actions as act
from measures.tracking.models import Appointment
from portal import clock
from portal.audit.models import AuditRow
from portal.feeds import invitations
from portal.feeds.letters import answer_url, token_of
from portal.feeds.models import Invitation
from portal.mail.deliver import deliver
from portal.mail.models import Message
from portal.municipalities.models import Municipality
from portal.people.actions import end_membership
from portal.people.models import Membership, Person
from tests.cast import World, start
from tests.conftest import NOON
from tests.feeds.readers import Entry, by_icalendar, by_icaljs
from tests.mail.server import Server, serving, words
from tests.people.pages import errors, fill
from tests.tracking.test_appointments import facts, plan

GUEST = invitations.Guest("D. van Buiten", "gast@partner.example")


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with serving() as made:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        yield made


def arranged(world: World, **changed: Any) -> Appointment:
    """A visit of municipality A that kabinet A arranges."""
    return plan(world.kabinet_a, start(world.kabinet_a, world.a, "visits"), **changed)


def invited(world: World, row: Appointment, *persons: Person) -> list[Invitation]:
    return act.invite_to(by=world.kabinet_a, appointment=row, persons=persons, guests=[GUEST])


def moved(world: World, row: Appointment, days: int = 1) -> None:
    begins = clock.at(clock.day_of(row.starts_at) + timedelta(days=days), time(10))
    act.change_appointment(
        by=world.kabinet_a,
        appointment=row,
        **facts(row, starts_at=begins, ends_at=begins + timedelta(hours=1)),
    )


def said(invitation: Invitation, answer: str, **more: str) -> dict[str, str]:
    """What a press on a button sends now."""
    item = invitations.occasion(invitation)
    assert item is not None
    return {"antwoord": answer, "gezien": invitations.hours_of(item), **more}


def given(invitation: Invitation, answer: str) -> dict[str, str]:
    """What the action wants of an answer to the hours of now."""
    return {"answer": answer, "seen": said(invitation, answer)["gezien"]}


def calendar(mail: EmailMessage) -> str:
    """The calendar part of a mail, as a mail program takes it out."""
    [part] = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    text = part.get_payload(decode=True).decode()
    assert f"METHOD:{part.get_param('method')}" in text
    return text


def entry(mail: EmailMessage) -> Entry:
    [found] = by_icalendar(calendar(mail))
    return found


# -- what is mailed -------------------------------------------------------------------------
def test_each_gets_a_mail_of_his_own_with_a_request(world: World, server: Server) -> None:
    row = arranged(world)
    invited(world, row, world.burgemeester_a)
    assert deliver() == 2
    assert {one["To"] for one in server.sent} == {world.burgemeester_a.email, GUEST.email}
    for mail in server.sent:
        kinds = [one.get_content_type() for one in mail.iter_parts()]
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        read = entry(mail)
        assert (read.method, read.uid, read.sequence, read.status) == (
            "REQUEST",
            str(row.uid),
            0,
            "CONFIRMED",
        )
        assert (read.starts, read.ends) == ("2026-10-14T08:00:00Z", "2026-10-14T09:00:00Z")
        assert read.summary == "Werkbezoek"
        assert read.attendees == (f"mailto:{mail['To']}",)
        assert "wordt niet gelezen" in words(mail)
    assert not Message.objects.exclude(calendar="", text="").exists()


def test_the_organizer_is_the_mailbox_of_the_municipality_or_of_the_portal(
    world: World, server: Server, settings: Any
) -> None:
    settings.REPLY_TO = "Kabinet <kabinet@voorbeeldstad.example>"
    row = arranged(world)
    invited(world, row)
    Municipality.objects.filter(pk=world.a.municipality_id).update(mailbox="burgemeester@gemeente.example")
    invited(world, arranged(world))
    of_driehoek = plan(world.secretaris, start(world.secretaris, world.d, "driehoek"))
    act.invite_to(by=world.secretaris, appointment=of_driehoek, guests=[GUEST])
    deliver()
    assert [entry(one).organizer for one in server.sent] == [
        "mailto:kabinet@voorbeeldstad.example",
        "mailto:burgemeester@gemeente.example",
        "mailto:kabinet@voorbeeldstad.example",
    ]


def test_no_name_no_title_and_no_place_leaves_the_portal(world: World, server: Server, settings: Any) -> None:
    settings.REPLY_TO = "portaal@voorbeeldstad.example"
    row = arranged(world, title="Bezoek aan familie Jansen", place="Adres van de opvang")
    invited(world, row, world.burgemeester_a)
    moved(world, row)
    act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="De heer Jansen is ziek")
    deliver()
    assert server.sent == []  # nothing had left, so there is nothing to call off
    other = arranged(world, title="Bezoek aan familie Jansen", place="Adres van de opvang")
    invited(world, other, world.burgemeester_a)
    deliver()
    moved(world, other)
    deliver()
    act.cancel_appointment(by=world.kabinet_a, appointment=other, reason="De heer Jansen is ziek")
    deliver()
    assert len(server.sent) == 6
    for mail in server.sent:
        raw = [words(mail), words(mail, "html"), calendar(mail).replace("\r\n ", ""), str(mail["Subject"])]
        for text in raw:
            for word in ("Jansen", "opvang", "Kennismaking", "Dank voor", GUEST.name, str(other.pk)):
                assert word not in text, word
            for person in Person.objects.all():
                assert person.name not in text
                if person.email != mail["To"]:
                    assert person.email not in text
        assert not [one for one in mail.walk() if one.get_filename()]
    from_guest = [one for one in server.sent if one["To"] == GUEST.email]
    assert all(world.burgemeester_a.email not in one.as_string() for one in from_guest)


def test_a_change_is_one_update_with_a_higher_number(world: World, server: Server) -> None:
    row = arranged(world)
    invited(world, row)
    deliver()
    moved(world, row)
    act.change_appointment(by=world.kabinet_a, appointment=row, **facts(row, title="Alleen de titel"))
    act.change_appointment(by=world.kabinet_a, appointment=row, **facts(row))
    deliver()
    first, second = (entry(one) for one in server.sent)
    assert second.uid == first.uid
    assert second.sequence == first.sequence + 1
    assert second.starts == "2026-10-15T08:00:00Z"
    assert "Gewijzigd" in server.sent[1]["Subject"]
    act.change_appointment(by=world.kabinet_a, appointment=row, **facts(row, place="Bibliotheek"))
    deliver()
    assert entry(server.sent[2]).sequence == 2
    assert server.sent[2]["In-Reply-To"] == server.sent[0]["In-Reply-To"]


def test_several_changes_before_the_mail_leaves_are_one_mail(world: World, server: Server) -> None:
    row = arranged(world)
    invited(world, row)
    for _ in range(3):
        moved(world, row)
    assert Message.objects.filter(state="planned").count() == 1
    deliver()
    [mail] = server.sent
    assert "Uitnodiging" in mail["Subject"]
    assert entry(mail).starts == "2026-10-17T08:00:00Z"
    assert entry(mail).sequence == 3


def test_a_cancellation_is_told_once_and_read_as_cancelled(world: World, server: Server) -> None:
    row = arranged(world)
    invited(world, row)
    deliver()
    act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="Ziek")
    assert invitations.cancel("appointments", row.pk) == 0
    deliver()
    read = entry(server.sent[1])
    assert (read.method, read.status, read.uid, read.sequence) == ("CANCEL", "CANCELLED", str(row.uid), 1)
    assert "http" not in calendar(server.sent[1])
    assert len(server.sent) == 2


@pytest.mark.parametrize("how", ["stopped", "completed"])
def test_a_measure_that_ends_calls_everybody_off(world: World, server: Server, how: str) -> None:
    row = arranged(world)
    invited(world, row)
    deliver()
    if how == "stopped":
        act.stop(by=world.kabinet_a, measure=row.measure, reason="Gaat niet door")
    else:
        for action in row.measure.actions.select_related("step", "measure"):
            act.drop(by=world.kabinet_a, action=action, reason="Gaat niet door")
        act.complete(by=world.kabinet_a, measure=row.measure, result="Klaar")
    deliver()
    assert entry(server.sent[1]).method == "CANCEL"


def test_who_is_taken_off_and_asked_again_gets_ever_higher_numbers(world: World, server: Server) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    deliver()
    invitations.withdraw(by=world.kabinet_a, invitation=guest)
    invitations.withdraw(by=world.kabinet_a, invitation=guest)
    deliver()
    [again] = invited(world, row)
    assert again.pk != guest.pk
    deliver()
    moved(world, row)
    deliver()
    read = [entry(one) for one in server.sent]
    assert [one.method for one in read] == ["REQUEST", "CANCEL", "REQUEST", "REQUEST"]
    assert [one.sequence for one in read] == [0, 1, 2, 3]
    assert "ingetrokken" in server.sent[1]["Subject"]


def test_nobody_is_asked_twice(world: World) -> None:
    row = arranged(world)
    assert len(invited(world, row, world.burgemeester_a)) == 2
    assert invited(world, row, world.burgemeester_a) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            source="appointments",
            object_id=row.pk,
            email=GUEST.email,
            invited_by=world.kabinet_a,
            **world.a.as_fields(),
        )


def test_a_rollback_takes_the_mails_along(world: World) -> None:
    row = arranged(world)
    with transaction.atomic():
        invited(world, row)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Invitation.objects.exists()


def test_a_colleague_who_left_hears_no_more(world: World, server: Server) -> None:
    row = arranged(world)
    mine = act.invite_to(by=world.kabinet_a, appointment=row, persons=[world.communicatie_a])[0]
    deliver()
    membership = Membership.objects.get(person=world.communicatie_a)
    end_membership(by=world.beheerder_a, membership=membership, hand_over=True)
    moved(world, row)
    deliver()
    assert len(server.sent) == 1
    page = Client().get(reverse("feeds:answer", args=[token_of(mine)])).content.decode()
    assert "Deze uitnodiging is ingetrokken." in page
    assert "Stadhuis" not in page


def test_who_lost_sight_hears_of_the_end_with_the_hours_he_knows(world: World, server: Server) -> None:
    row = arranged(world)
    act.invite_to(by=world.kabinet_a, appointment=row, persons=[world.communicatie_a], guests=[GUEST])
    deliver()
    membership = Membership.objects.get(person=world.communicatie_a)
    end_membership(by=world.beheerder_a, membership=membership, hand_over=True)
    moved(world, row)
    deliver()
    act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="Ziek")
    deliver()
    last = {one["To"]: one for one in server.sent}
    former, guest = last[world.communicatie_a.email], last[GUEST.email]
    assert (entry(former).method, entry(former).starts) == ("CANCEL", "2026-10-14T08:00:00Z")
    assert (entry(guest).method, entry(guest).starts) == ("CANCEL", "2026-10-15T08:00:00Z")
    for text in (words(former), words(former, "html"), str(former["Subject"])):
        assert "14 okt" in text
        assert "15 okt" not in text


def test_a_row_that_was_read_before_a_move_is_withdrawn_as_it_is_now(world: World, server: Server) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    deliver()
    invitations.answer(invitation=guest, **given(guest, "yes"))
    stale = Invitation.objects.get(pk=guest.pk)
    moved(world, row)
    invitations.withdraw(by=world.kabinet_a, invitation=stale)
    deliver()
    read = [entry(one) for one in server.sent]
    assert [one.method for one in read] == ["REQUEST", "CANCEL"]
    assert [one.sequence for one in read] == [0, 2]
    assert read[1].starts == "2026-10-14T08:00:00Z"
    guest.refresh_from_db()
    assert (guest.answer, guest.withdrawn_at) == ("", clock.now())


def test_away_and_back_before_a_mail_left_tells_nothing_and_keeps_the_answer(
    world: World, server: Server
) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    deliver()
    invitations.answer(invitation=guest, **given(guest, "yes"))
    moved(world, row)
    act.change_appointment(by=world.kabinet_a, appointment=row, **facts(row, place="Bibliotheek"))
    guest.refresh_from_db()
    assert guest.answer == ""
    moved(world, row, days=-1)
    guest.refresh_from_db()
    assert guest.answer == "yes"
    act.change_appointment(by=world.kabinet_a, appointment=row, **facts(row, place="Stadhuis, kamer 2"))
    assert deliver() == 0
    guest.refresh_from_db()
    assert (guest.answer, guest.answered_at, guest.mails) == ("yes", clock.now(), 1)
    moved(world, row)
    deliver()
    assert [entry(one).starts[:10] for one in server.sent] == ["2026-10-14", "2026-10-15"]
    assert entry(server.sent[1]).sequence > entry(server.sent[0]).sequence


def test_an_answer_to_the_hours_in_between_does_not_count_for_those_before(
    world: World, server: Server
) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    deliver()
    invitations.answer(invitation=guest, **given(guest, "yes"))
    moved(world, row)
    invitations.answer(invitation=guest, **given(guest, "no"))
    moved(world, row, days=-1)
    guest.refresh_from_db()
    assert guest.answer == ""
    deliver()
    assert [entry(one).starts[:10] for one in server.sent] == ["2026-10-14", "2026-10-14"]


@pytest.mark.browser
def test_both_readers_understand_the_mails_alike(world: World, server: Server) -> None:
    with time_machine.travel(NOON, tick=False):
        row = arranged(world)
        invited(world, row)
        deliver()
        moved(world, row, days=100)
        deliver()
        act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="Ziek")
        deliver()
    texts = [calendar(one) for one in server.sent]
    read = by_icaljs(*texts)
    assert read == [by_icalendar(one) for one in texts]
    assert [(one.method, one.sequence, one.status, one.starts) for [one] in read] == [
        ("REQUEST", 0, "CONFIRMED", "2026-10-14T08:00:00Z"),
        ("REQUEST", 1, "CONFIRMED", "2027-01-22T09:00:00Z"),
        ("CANCEL", 2, "CANCELLED", "2027-01-22T09:00:00Z"),
    ]


# -- the page on which people answer ----------------------------------------------------------
def test_the_link_in_the_mail_leads_to_the_page(world: World, server: Server) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    deliver()
    url = answer_url(guest)
    assert url in words(server.sent[0])
    # Whoever looks after a calendar may not answer for its owner.
    event = calendar(server.sent[0]).replace("\r\n ", "")
    assert "DESCRIPTION:Antwoord via de link in de mail\\; een antwoord vanuit uw agenda" in event
    for word in ("http", "URL", token_of(guest)):
        assert word not in event
    path = "/" + url.partition("://")[2].partition("/")[2]
    page = Client().get(path)
    text = page.content.decode()
    for shown in (
        "Werkbezoek",
        "woensdag 14 oktober, van 10:00 tot 11:00",
        "Stadhuis, kamer 2",
        "Ja, ik kom",
    ):
        assert shown in text
    for hidden in (row.title, "Dank voor", GUEST.name, world.kabinet_a.name):
        assert hidden not in text
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Cache-Control"] == "no-store"
    assert "Kabinet" not in text


def test_opening_the_link_changes_nothing_and_a_press_answers(world: World, sign_in) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    path = reverse("feeds:answer", args=[token_of(guest)])
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        client.get(path)
        client.head(path)
    guest.refresh_from_db()
    assert (guest.answer, guest.version) == ("", 1)
    for answer, words_of in (
        ("yes", "Uw antwoord: ja, u komt."),
        ("no", "Uw antwoord: nee, u komt niet."),
        ("maybe", "Uw antwoord: misschien."),
    ):
        page = client.post(path, said(guest, answer), follow=True, headers={"Origin": "null"})
        assert words_of in page.content.decode()
        guest.refresh_from_db()
        assert guest.answer == answer
        assert guest.answered_at == clock.now()
    page = sign_in(world.burgemeester_a).get(reverse("tracking:appointment", args=[row.pk]))
    assert "misschien" in page.content.decode()
    assert GUEST.name in page.content.decode()
    assert AuditRow.objects.filter(event="guest.answered", actor=None).count() == 3


def test_an_answer_that_is_none_is_refused_with_a_sentence(world: World) -> None:
    [guest] = invited(world, arranged(world))
    path = reverse("feeds:answer", args=[token_of(guest)])
    for data in ({}, {"antwoord": "jawel"}, {"antwoord": ""}):
        page = Client().post(path, data)
        assert page.status_code == 422
        assert "Kies ja, nee of misschien." in page.content.decode()


def test_an_answer_counts_for_the_hours_that_were_shown(world: World) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    path = reverse("feeds:answer", args=[token_of(guest)])
    shown = said(guest, "yes")
    assert f'name="gezien" value="{shown["gezien"]}"' in Client().get(path).content.decode()
    moved(world, row)
    for data in (shown, {"antwoord": "yes"}):
        page = Client().post(path, data)
        assert page.status_code == 409
        text = page.content.decode()
        assert "De afspraak is intussen gewijzigd." in text
        assert "donderdag 15 oktober, van 10:00 tot 11:00" in text
        guest.refresh_from_db()
        assert (guest.answer, guest.answered_at) == ("", None)
    again = re.search(r'name="gezien" value="([^"]+)"', text)
    assert again is not None
    assert Client().post(path, {"antwoord": "yes", "gezien": again[1]}).status_code == 302
    guest.refresh_from_db()
    assert guest.answer == "yes"


def test_other_hours_ask_again_and_another_place_does_not(world: World) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    invitations.answer(invitation=guest, **given(guest, "yes"))
    act.change_appointment(by=world.kabinet_a, appointment=row, **facts(row, place="Bibliotheek"))
    guest.refresh_from_db()
    assert guest.answer == "yes"
    moved(world, row)
    guest.refresh_from_db()
    assert (guest.answer, guest.answered_at) == ("", None)


def test_after_the_end_the_page_says_so_and_keeps_the_place(world: World, frozen_clock) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    path = reverse("feeds:answer", args=[token_of(guest)])
    frozen_clock.move_to(row.starts_at)
    page = Client().post(path, said(guest, "yes"), follow=True).content.decode()
    assert "Deze afspraak is begonnen of geweest." in page
    assert "Stadhuis" not in page
    guest.refresh_from_db()
    assert guest.answer == ""


@pytest.mark.parametrize("how", ["cancelled", "withdrawn"])
def test_what_was_called_off_cannot_be_answered(world: World, how: str) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    path = reverse("feeds:answer", args=[token_of(guest)])
    if how == "cancelled":
        act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="Ziek")
        sentence = "Deze afspraak gaat niet door."
    else:
        invitations.withdraw(by=world.kabinet_a, invitation=guest)
        sentence = "Deze uitnodiging is ingetrokken."
    page = Client().post(path, said(guest, "yes"), follow=True).content.decode()
    assert sentence in page
    assert "Stadhuis" not in page
    assert "<button" not in page.partition("<main")[2].partition("</main>")[0]
    with pytest.raises(invitations.NothingToAnswer):
        invitations.answer(invitation=guest, **given(guest, "yes"))


@pytest.mark.parametrize("wrong", ["x", "x" * 300, "a:b", "%F0%9F", "InVhYmMi:abc"])
def test_a_wrong_link_says_what_to_do(world: World, wrong: str) -> None:
    page = Client().get(f"/antwoord/{wrong}/")
    assert page.status_code == 404
    assert "Deze link klopt niet" in page.content.decode()
    assert Client().post(f"/antwoord/{wrong}/", {"antwoord": "yes"}).status_code == 404


def test_a_link_of_one_guest_opens_nothing_of_another(world: World) -> None:
    guest, colleague = (
        act.invite_to(by=world.kabinet_a, appointment=arranged(world), guests=[GUEST])[0],
        act.invite_to(by=world.kabinet_a, appointment=arranged(world), persons=[world.burgemeester_a])[0],
    )
    mixed = token_of(guest).partition(":")[0] + ":" + token_of(colleague).partition(":")[2]
    assert invitations.by_token(mixed) is None
    assert invitations.by_token(token_of(guest)) == guest


def test_a_guest_reads_english_when_he_asks_for_it(world: World, server: Server) -> None:
    row = arranged(world)
    [guest] = invited(world, row)
    deliver()
    path = reverse("feeds:answer", args=[token_of(guest)])
    page = Client().get(path + "?taal=en")
    assert page["Content-Language"] == "en"
    assert '<html lang="en">' in page.content.decode()
    guest.refresh_from_db()
    assert guest.language == "nl"
    Client().post(path, said(guest, "yes", taal="en"))
    guest.refresh_from_db()
    assert guest.language == "en"
    assert Client().get(path)["Content-Language"] == "en"
    Client().post(path, said(guest, "yes", taal="klingon"))
    assert Client().get(path)["Content-Language"] == "en"
    moved(world, row)
    deliver()
    with translation.override("en"):
        assert 'lang="en"' in words(server.sent[1], "html")


# -- the page of the appointment ---------------------------------------------------------------
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
