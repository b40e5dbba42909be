"""Inviting, changing, calling off: the mails of an appointment and what calendars read in them."""

from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from measures.tracking import actions as act
from portal import clock
from portal.feeds import invitations
from portal.feeds.letters import token_of
from portal.feeds.models import Invitation
from portal.mail.deliver import deliver
from portal.mail.models import Message
from portal.municipalities.models import Municipality
from portal.people.actions import end_membership
from portal.people.models import Membership, Person
from tests.cast import World, start
from tests.conftest import NOON
from tests.feeds.invited import GUEST, arranged, calendar, entry, given, invited, moved
from tests.feeds.readers import by_icalendar, by_icaljs
from tests.mail.server import Server, words
from tests.tracking.test_appointments import facts, plan


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
