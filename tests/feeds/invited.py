"""Appointments with guests, what they are asked, and the calendar part of a mail."""

from datetime import time, timedelta
from email.message import EmailMessage
from typing import Any

from measures.tracking import actions as act
from measures.tracking.models import Appointment
from portal import clock
from portal.feeds import invitations
from portal.feeds.models import Invitation
from portal.people.models import Person
from tests.cast import World, start
from tests.feeds.readers import Entry, by_icalendar
from tests.tracking.test_appointments import facts, plan

GUEST = invitations.Guest("D. van Buiten", "gast@partner.example")


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
