"""What a mail says: built from a fixed vocabulary, published titles, dates, roles and a link."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import uuid6
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock
from portal.deadlines import plan
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.sources import Subject
from portal.mail.models import Message
from portal.people.enums import Role
from portal.people.models import Person
from portal.planning.days import OfficeDays


def facts(reminder: Reminder, subject: Subject, name: str) -> dict[str, Any]:
    """What a notice may say, as plain values; no name and no typed word is among them."""
    due = subject.due_on or subject.due_at
    return {
        "kind": subject.kind if name != "role_empty" else "",
        "title": subject.title if name != "role_empty" else "",
        "path": subject.path if name != "role_empty" else "",
        "rule": reminder.rule,
        "due_on": subject.due_on.isoformat() if subject.due_on else None,
        "due_at": subject.due_at.isoformat() if subject.due_at else None,
        "replaces": reminder.replaces_due if due else "",
        "otherwise": reminder.consequence,
        "role": subject.escalates_to,
        "next": _next(reminder.rule, subject, name),
        "object": str(subject.object_id),
    }


def _next(rule: str, subject: Subject, name: str) -> dict[str, Any] | None:
    """Who hears next, as a role, after how many office days too late."""
    if name == "role_empty" or (subject.due_on is None and subject.due_at is None):
        return None
    if rule == "role" or (name == "escalated" and rule != "lead"):
        return None
    due = plan.Moment(on=subject.due_on, at=subject.due_at)
    late = OfficeDays(closed={}).late_by(due.day, clock.today())
    # A rung that is behind us heard it already; the reader is told of the one that still comes.
    if rule != "lead" and late < plan.LEAD_AFTER:
        return {"role": "trekker", "after": plan.LEAD_AFTER}
    if late < plan.ROLE_AFTER:
        return {"role": subject.escalates_to, "after": plan.ROLE_AFTER}
    return None


def _line(notice: Notice, today: date) -> dict[str, Any]:
    """One notice as its mail shows it."""
    told = notice.facts
    due_on = date.fromisoformat(told["due_on"]) if told["due_on"] else None
    due_at = datetime.fromisoformat(told["due_at"]) if told["due_at"] else None
    old = told["replaces"]
    return {
        "name": notice.name,
        "kind": told["kind"],
        "title": told["title"] or _("een eigen actie"),
        "url": settings.PORTAL_URL + told["path"] if told["path"] else settings.PORTAL_URL + "/",
        "due": due_on or due_at,
        "due_on": due_on,
        "due_at": due_at,
        "moved_from": (date.fromisoformat(old[:10])) if old else None,
        "rule": reason(told["rule"]),
        "is_handover": told["rule"].startswith("to:"),
        "otherwise": told["otherwise"],
        "role": _role(told["role"]),
        "next_role": _role(told["next"]["role"]) if told["next"] else "",
        "next_after": told["next"]["after"] if told["next"] else 0,
    }


def _role(role: str) -> str:
    if role == "trekker":
        return _("de trekker")
    return str(Role(role).label) if role in set(Role) else role


def reason(rule: str) -> str:
    """Why this mail came, as a sentence."""
    if rule.startswith("to:"):
        return _("U bent nu de actiehouder.")
    if rule == "lead":
        return _("De actie is 2 werkdagen te laat en u bent de trekker.")
    if rule == "role":
        return _("De actie is 5 werkdagen te laat; daarom hoort u het nu.")
    days = int(rule)
    if days < 0:
        return _("U houdt deze actie; dit is de afgesproken herinnering vooraf.")
    if days == 0:
        return _("U houdt deze actie en vandaag is de uiterste dag.")
    return _("U houdt deze actie en de datum is voorbij.")


def new_message_id(message: Message) -> str:
    """The Message-ID for the life of this message; the same at every try."""
    host = settings.REPLY_TO.rpartition("@")[2] or "localhost"
    return f"<{message.pk}@{host}>"


def message(person: Person, notices: Sequence[Notice], at: datetime) -> Message:
    """One unsaved mail of one or more notices to one person, in the person's language."""
    with translation.override(person.language):
        lines = [_line(notice, at.astimezone(clock.AMSTERDAM).date()) for notice in notices]
        context = {"person": person, "lines": lines, "line": lines[0], "portal_url": settings.PORTAL_URL}
        name = notices[0].name if len(lines) == 1 else "several"
        made = write(person.email, f"mail/{name}", context, person=person)
    objects = {notice.facts["object"] for notice in notices}
    if len(objects) == 1:
        host = settings.REPLY_TO.rpartition("@")[2] or "localhost"
        made.thread_id = f"<action.{objects.pop()}@{host}>"
    return made


def write(address: str, template: str, context: dict[str, Any], *, person: Person | None = None) -> Message:
    """An unsaved message from the three texts `<template>.subject.txt`, `.txt` and `.html`."""
    made = Message(id=uuid6.uuid7(), person=person, address=address)
    made.subject = " ".join(render_to_string(f"{template}.subject.txt", context).split())
    made.text = render_to_string(f"{template}.txt", context).strip() + "\n"
    made.html = render_to_string(f"{template}.html", context | {"subject": made.subject})
    made.message_id = new_message_id(made)
    return made
