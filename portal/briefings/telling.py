"""The mail that says a briefing is there: a link and counts, one for each reader, no word of it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from portal import clock
from portal.briefings import office
from portal.briefings.enums import State
from portal.briefings.models import Briefing
from portal.briefings.readers import MAYORS
from portal.briefings.registry import document, sections_of
from portal.deadlines.notices import unsubscribe_path
from portal.deadlines.queries import habits_of
from portal.deadlines.speaking import after_quiet
from portal.mail import compose
from portal.mail.models import Message
from portal.nudge import nudge
from portal.people.deputies import stand_ins
from portal.people.enums import Role
from portal.people.models import Membership, Person


@dataclass(frozen=True)
class Counted:
    """How many lines a section has; its name is a fixed word."""

    name: str
    number: int


def counts(row: Briefing) -> list[Counted]:
    """The sections that are counted, with their numbers; nothing where it was not made."""
    return [
        Counted(one.title, len(row.facts[one.key]["order"]))
        for one in sections_of(row.document)
        if one.is_counted and one.key in row.facts
    ]


def is_mailed(row: Briefing) -> bool:
    """Whether anybody waits for it: a briefing of the schedule, or one whose document has readers."""
    return row.period is not None or document(row.document).readers is not None


def readers(row: Briefing) -> list[Person]:
    """Who gets a mail: the readers of its document; of the dagbrief its reader, of the others the kabinet.

    Whoever is away gets it all the same where no deputy is told of the same briefing in this municipality.
    """
    if row.document == office.DAY and row.reader is None:
        return []
    told = _told(row)
    found = [row.reader] if row.reader else told
    hear = {one.pk for one in told if one.mail_refused_at is None}
    away = stand_ins([one.pk for one in found], clock.today())
    return [
        one
        for one in dict.fromkeys(found)
        if one.mail_refused_at is None and not any(d.pk in hear for d in away.get(one.pk, ()))
    ]


def _told(row: Briefing) -> list[Person]:
    chosen = document(row.document).readers
    if chosen is not None:
        return list(chosen(row))
    roles = MAYORS if row.document == office.DAY else (Role.KABINET,)
    rows = Membership.objects.current(clock.today()).in_scope(row.scope).filter(role__in=roles)
    return [one.person for one in rows.select_related("person").order_by("person_id")]


def earlier(row: Briefing) -> Briefing | None:
    """The last one before it of which its readers heard."""
    rows = Briefing.objects.like(row).filter(due_key__isnull=False, state__in=[State.READY, State.FAILED])
    found: Briefing | None = rows.exclude(pk=row.pk).order_by("-asked_at", "-id").first()
    return found


def tell(row: Briefing) -> int:
    """Write one mail for each reader, in the caller's transaction; returns how many.

    The same briefing never tells anybody twice: the id of the message is made of both. One without a
    period tells only when it says something else than the last of which its readers heard.
    """
    row.refresh_from_db()
    if row.period is None and (last := earlier(row)) and last.content_hash == row.content_hash:
        return 0
    now, written = clock.now(), 0
    for person in readers(row):
        habits = habits_of(person)
        made = message(row, person)
        if not habits.by_mail or Message.objects.filter(pk=made.pk).exists():
            continue
        made.fires_at = after_quiet(now, habits)
        made.save(force_insert=True)
        written += 1
    if written:
        nudge("portal.mail.tasks.deliver")
    return written


def message(row: Briefing, person: Person) -> Message:
    """One unsaved mail, in the person's language: what it is, the counts, the link."""
    with translation.override(person.language):
        name = f"mail/{document(row.document).mail}"
        made = compose.write(person.email, name, _context(row), person=person)
        made.unsubscribe_url = settings.PORTAL_URL + unsubscribe_path(person)
    made.pk = uuid5(row.pk, str(person.pk))
    made.message_id = compose.new_message_id(made)
    return made


def _context(row: Briefing) -> dict[str, Any]:
    return {
        "briefing": row.document,
        "day": row.period,
        "is_again": row.period is None and earlier(row) is not None,
        "counts": counts(row) if row.state == State.READY else [],
        "is_failed": row.state == State.FAILED,
        "planned_at": row.planned_at if row.is_belated else None,
        "url": settings.PORTAL_URL + reverse("briefings:briefing", args=[row.pk]),
        "choices_url": settings.PORTAL_URL + reverse("deadlines:choices"),
        "portal_url": settings.PORTAL_URL,
    }
