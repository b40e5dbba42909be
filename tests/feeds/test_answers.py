"""The page on which people answer, without an account."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from measures.tracking import actions as act
from portal import clock
from portal.audit.models import AuditRow
from portal.feeds import invitations
from portal.feeds.letters import answer_url, token_of
from portal.mail.deliver import deliver
from tests.cast import World
from tests.feeds.invited import GUEST, arranged, calendar, given, invited, moved, said
from tests.mail.server import Server, words
from tests.tracking.test_appointments import facts


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
