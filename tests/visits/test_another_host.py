"""Another host, or the same one elsewhere: what was agreed, and who hears of it."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from portal.feeds import invitations
from portal.feeds.models import Invitation
from portal.mail.models import Message
from tests.cast import World
from tests.visits.make import a_host, a_stop, a_visit, at
from visits import actions as act
from visits.calendars import VISITS
from visits.models import Visit

pytestmark = pytest.mark.django_db


def _asked(visit: Visit) -> list[str]:
    return [one.address for one in invitations.of(VISITS, visit.pk)]


def _invited(world: World, **facts: Any) -> Visit:
    """A visit of which the contact of the host is invited."""
    known = {"contact_name": "H. Meesters", "contact_email": "h@host.example"}
    visit = a_visit(world, host=a_host(world, **known), **facts)
    act.invite_everybody(by=world.kabinet_a, visit=visit)
    return visit


def test_what_one_host_agreed_to_does_not_hold_for_another(world: World) -> None:
    visit = a_visit(world)
    stop = a_stop(visit, meets="victims")
    facts: dict[str, Any] = {"on": date(2026, 10, 5), "said_by": "teamleider"}
    [go] = act.give_consents(
        by=world.kabinet_a, visit=visit, uses=["press"], stop=stop, key=uuid4().hex, **facts
    )
    stop.press, stop.press_go = "welcome", go
    stop.save()
    act.confirm(by=world.kabinet_a, visit=visit, **facts)
    act.change_visit(by=world.kabinet_a, visit=visit, host=a_host(world))
    visit.refresh_from_db()
    stop.refresh_from_db()
    assert (visit.state, visit.confirmed_by, visit.confirmed_on) == ("planned", "", None)
    assert not visit.consents.standing().exists()
    assert (stop.press, stop.press_go) == ("no", None)


def test_the_first_host_takes_nothing_away(world: World) -> None:
    visit = a_visit(world, host=None)
    facts: dict[str, Any] = {"on": date(2026, 10, 5), "said_by": "teamleider"}
    act.give_consents(by=world.kabinet_a, visit=visit, uses=["talk"], stop=None, key=uuid4().hex, **facts)
    act.change_visit(by=world.kabinet_a, visit=visit, host=a_host(world))
    assert visit.consents.standing().count() == 1


def test_the_contact_of_the_host_before_hears_that_it_does_not_go_on(world: World) -> None:
    visit = _invited(world)
    Message.objects.update(state="sent")
    act.change_visit(by=world.kabinet_a, visit=visit, host=a_host(world))
    assert _asked(visit) == []
    assert "METHOD:CANCEL" in Message.objects.get(state="planned").calendar


def test_who_comes_along_at_the_same_address_stays_invited(world: World) -> None:
    visit = _invited(world)
    act.add_companion(
        by=world.kabinet_a, visit=visit, function="other", name="H. Meesters", email="h@host.example"
    )
    act.change_visit(by=world.kabinet_a, visit=visit, host=a_host(world))
    assert _asked(visit) == ["h@host.example"]


def test_two_who_share_an_address_are_not_let_go_with_one(world: World) -> None:
    visit = a_visit(world)
    one, _other = (
        act.add_companion(
            by=world.kabinet_a, visit=visit, function="other", name=name, email="s@om.example", invites=True
        )
        for name in ("C. de Groot", "V. de Groot")
    )
    act.end_companion(by=world.kabinet_a, companion=one)
    assert _asked(visit) == ["s@om.example"]


def test_another_contact_in_the_register_is_another_guest(world: World) -> None:
    visit = _invited(world)
    act.change_host(by=world.kabinet_a, host=visit.host, contact_email="nieuw@host.example")
    assert _asked(visit) == []


def test_an_address_that_becomes_secret_is_told_and_counted_up(world: World) -> None:
    """A calendar that kept the old place takes the newer one."""
    visit = a_visit(world, host=a_host(world, address="Dorpsstraat 1"), with_driehoek=True, invites=True)
    Message.objects.update(state="sent")
    act.change_host(by=world.kabinet_a, host=visit.host, address_is_secret=True)
    visit.refresh_from_db()
    assert visit.sequence == 1
    mails = Message.objects.filter(state="planned")
    assert len(mails) == 2
    assert all("Dorpsstraat" not in one.text + one.calendar for one in mails)


def test_of_what_was_nobody_hears(world: World) -> None:
    day = date(2026, 10, 1)
    visit = a_visit(world, starts_at=at(9, day=day), ends_at=at(10, day=day))
    Invitation.objects.create(
        source=VISITS, object_id=visit.pk, municipality=visit.municipality, name="H.",
        email="h@host.example", invited_by=world.kabinet_a,
    )  # fmt: skip
    act.change_host(by=world.kabinet_a, host=visit.host, address="Elders 2", contact_email="n@host.example")
    act.change_visit(by=world.kabinet_a, visit=visit, host=a_host(world))
    assert not Message.objects.exists()


def test_without_a_host_nobody_can_say_yes(world: World, sign_in) -> None:
    visit = a_visit(world, host=None)
    typed = {"version": visit.version, "said_by": "teamleider", "on": "2026-10-05"}
    client = sign_in(world.kabinet_a)
    answer = client.post(reverse("visits:confirm", args=[visit.pk]), typed, follow=True)
    visit.refresh_from_db()
    assert visit.state == "planned"
    assert "Kies eerst een gastorganisatie" in answer.content.decode()
