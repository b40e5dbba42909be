"""Who comes along: brought, invited, taken off; and what being one opens and closes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal import clock
from portal.feeds import invitations
from portal.feeds.models import Invitation
from portal.people.models import Membership
from tests.cast import World
from tests.visits.make import a_host, a_visit, at
from visits import actions as act
from visits.calendars import items
from visits.models import Companion

pytestmark = pytest.mark.django_db


def _sheet(visit) -> str:
    return reverse("visits:sheet", args=[visit.pk])


def test_a_prosecutor_sees_the_sheet_by_coming_along_and_nothing_else(world: World, sign_in) -> None:
    visit = a_visit(world, with_driehoek=True)
    client = sign_in(world.ovj)
    assert client.get(_sheet(visit)).status_code == 200
    assert client.get(reverse("visits:visit", args=[visit.pk])).status_code == 404
    assert client.get(reverse("tracking:measure", args=[visit.measure_id])).status_code == 404
    assert visit.title not in client.get(reverse("visits:list")).content.decode()


def test_who_does_not_come_along_sees_no_sheet(world: World, sign_in) -> None:
    visit = a_visit(world)
    for person in (world.ovj, world.secretaris, world.kabinet_b, world.receptie_a):
        assert sign_in(person).get(_sheet(visit)).status_code == 404


def test_who_is_taken_off_is_refused_from_that_moment(world: World, sign_in) -> None:
    visit = a_visit(world, with_driehoek=True)
    act.end_companion(by=world.kabinet_a, companion=Companion.objects.get(person=world.ovj))
    assert sign_in(world.ovj).get(_sheet(visit)).status_code == 404
    assert sign_in(world.teamchef).get(_sheet(visit)).status_code == 200


def test_who_lost_the_role_is_refused_from_that_moment(world: World, sign_in) -> None:
    visit = a_visit(world, with_driehoek=True)
    client = sign_in(world.ovj)
    assert client.get(_sheet(visit)).status_code == 200
    Membership.objects.filter(person=world.ovj).update(ended_at=clock.now())
    assert client.get(_sheet(visit)).status_code == 404


def test_whose_membership_has_its_last_day_sees_it_until_midnight(
    world: World, sign_in, time_machine
) -> None:
    visit = a_visit(world, with_driehoek=True)
    Membership.objects.filter(person=world.ovj).update(ends_on=clock.today())
    time_machine.move_to(at(23, 59, clock.today()), tick=False)
    assert sign_in(world.ovj).get(_sheet(visit)).status_code == 200
    time_machine.move_to(clock.now() + timedelta(minutes=1), tick=False)
    assert sign_in(world.ovj).get(_sheet(visit)).status_code in (302, 404)


def test_taking_somebody_off_withdraws_the_invitation(world: World) -> None:
    a_visit(world, with_driehoek=True, invites=True)
    act.end_companion(by=world.kabinet_a, companion=Companion.objects.get(person=world.ovj))
    gone = Invitation.objects.get(person=world.ovj)
    assert gone.withdrawn_at is not None
    assert Invitation.objects.get(person=world.teamchef).withdrawn_at is None


def test_the_calendar_of_a_companion_says_the_word_and_the_hours(world: World) -> None:
    visit = a_visit(world, with_driehoek=True, title="Werkbezoek aan De Haven")
    start, end = at(0), at(23, 59)
    (own,) = items(world.ovj, start, end)
    assert (own.title, own.starts, own.path) == ("Werkbezoek", visit.starts_at, _sheet(visit))
    (office,) = items(world.kabinet_a, start, end)
    assert office.title == "Werkbezoek aan De Haven"
    assert items(world.kabinet_b, start, end) == []


def test_nobody_is_brought_twice(world: World) -> None:
    visit = a_visit(world, with_driehoek=True)
    again = act.add_companion(by=world.kabinet_a, visit=visit, function="ovj", person=world.ovj)
    assert visit.companions.count() == 2
    assert again.function == "ovj"


def test_the_form_asks_for_somebody_and_keeps_what_was_typed(world: World, sign_in) -> None:
    visit = a_visit(world)
    page = reverse("visits:add_companion", args=[visit.pk])
    answer = sign_in(world.kabinet_a).post(
        page, {"key": "k" * 20, "function": "adviseur", "part": "Schrijft mee"}
    )
    assert answer.status_code == 422
    assert "schrijf hieronder een naam" in answer.content.decode()
    assert "Schrijft mee" in answer.content.decode()


def test_somebody_by_name_is_invited_as_a_guest(world: World, sign_in) -> None:
    visit = a_visit(world)
    page = reverse("visits:add_companion", args=[visit.pk])
    typed = {
        "key": "k" * 20,
        "function": "other",
        "name": "C. de Groot",
        "email": "C@om.example",
        "invites": "on",
    }
    sign_in(world.kabinet_a).post(page, typed)
    assert Invitation.objects.get().email == "c@om.example"


def test_one_address_is_asked_once(world: World) -> None:
    """The contact of the host may come along by name too."""
    visit = a_visit(world, host=a_host(world, contact_name="H. Meesters", contact_email="h@host.example"))
    for name in ("H. Meesters", "P. de Vries"):
        act.add_companion(
            by=world.kabinet_a, visit=visit, function="other", name=name, email="H@host.example"
        )
    assert len(act.invite_everybody(by=world.kabinet_a, visit=visit)) == 1


def test_nobody_is_asked_for_what_began(world: World, time_machine) -> None:
    visit = a_visit(world, with_driehoek=True)
    time_machine.move_to(at(14, 5), tick=False)
    with pytest.raises(invitations.NothingToAnswer):
        act.invite_everybody(by=world.kabinet_a, visit=visit)
    assert Invitation.objects.count() == 0


def test_a_second_press_brings_nobody_twice(world: World, sign_in) -> None:
    visit = a_visit(world)
    page = reverse("visits:add_companion", args=[visit.pk])
    typed = {"key": "k" * 20, "function": "other", "name": "C. de Groot", "email": "C@om.example"}
    client = sign_in(world.kabinet_a)
    for _press in range(2):
        client.post(page, typed)
    assert visit.companions.count() == 1


def test_the_second_press_brings_nobody_else_also_after_somebody_was_taken_off(world: World, sign_in) -> None:
    visit, client = a_visit(world), sign_in(world.kabinet_a)
    page = reverse("visits:add_companion", args=[visit.pk])
    typed = {"key": "k" * 20, "function": "other", "name": "C. de Groot"}
    client.post(page, typed)
    act.end_companion(by=world.kabinet_a, companion=Companion.objects.get())
    client.post(page, typed)
    assert Companion.objects.get().ended_at is not None


def test_with_a_secret_host_no_part_of_the_day_tells_an_address(world: World, sign_in) -> None:
    visit = a_visit(world, host=a_host(world, address_is_secret=True))
    page = reverse("visits:add_companion", args=[visit.pk])
    typed = {"key": "k" * 20, "function": "other", "name": "C. de Groot", "part": "Wacht bij Dorpsstraat 12"}
    answer = sign_in(world.kabinet_a).post(page, typed)
    assert answer.status_code == 422
    assert "Haal de straat en het nummer weg" in answer.content.decode()
    content = reverse("visits:briefing_content", args=[visit.pk])
    answer = sign_in(world.kabinet_a).post(
        content, {"sensitive": "Het pand aan de Dorpsstraat 12", "briefing_days": "3"}
    )
    assert "Haal de straat en het nummer weg" in answer.content.decode()
