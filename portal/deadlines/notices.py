"""What a reminder says: built from a fixed vocabulary, published titles, dates, roles and a link."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock
from portal.deadlines import plan
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.sources import Subject
from portal.mail.compose import sender_host, write
from portal.mail.models import Message
from portal.people.enums import Role
from portal.people.models import Person
from portal.planning.days import OfficeDays


def facts(reminder: Reminder, subject: Subject, name: str, person: Person) -> dict[str, Any]:
    """What a notice may say, as plain values; no name and no typed word is among them."""
    if name == "role_empty":
        # A beheerder hears that a role is empty, and nothing of the case.
        empty = [role for role in (subject.holder_role, subject.escalates_to) if role]
        return {"name": name, "roles": empty, "rule": reminder.rule, "object": str(subject.object_id)}
    return {
        "kind": subject.kind,
        "title": subject.title,
        "path": subject.path,
        "rule": reminder.rule,
        "is_lead": person.pk == subject.lead_id,
        "due_on": subject.due_on.isoformat() if subject.due_on else None,
        "due_at": subject.due_at.isoformat() if subject.due_at else None,
        "replaces": reminder.replaces_due,
        "otherwise": reminder.consequence,
        "next": _next(reminder.rule, subject, name),
        "object": str(subject.object_id),
    }


def _next(rule: str, subject: Subject, name: str) -> dict[str, Any] | None:
    """Who hears next, as a role, after how many office days too late."""
    if subject.due_on is None and subject.due_at is None:
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
    return {
        "name": notice.name,
        "kind": told["kind"],
        "title": told["title"] or _("een eigen actie"),
        "url": settings.PORTAL_URL + told["path"],
        "due": due_on or due_at,
        "due_on": due_on,
        "due_at": due_at,
        "moved_from": _day(told["replaces"]) if told["replaces"] else None,
        "rule": reason(notice, today),
        "is_handover": told["rule"].startswith("to:"),
        "otherwise": told["otherwise"],
        "next_role": _role(told["next"]["role"]) if told["next"] else "",
        "next_after": told["next"]["after"] if told["next"] else 0,
    }


def _day(moment: str) -> date:
    """The Amsterdam day of a date or a moment written as text."""
    if len(moment) == len("2026-11-23"):
        return date.fromisoformat(moment)
    return datetime.fromisoformat(moment).astimezone(clock.AMSTERDAM).date()


def _role(role: str) -> str:
    if role == "trekker":
        return _("de trekker")
    return str(Role(role).label)


def reason(notice: Notice, today: date) -> str:
    """Why this mail came to this reader, as a sentence that is true on the day it is written."""
    told = notice.facts
    if notice.name == "no_holder":
        return _("U bent de trekker en de actiehouder is nu niet te bereiken.")
    if notice.name == "escalated":
        return _why_escalated(told["rule"], is_lead=told["is_lead"])
    if told["rule"].startswith("to:"):
        return _("U bent nu de actiehouder, of de actie is weer geopend.")
    due = _day(told["due_on"] or told["due_at"])
    if due > today:
        return _("U houdt deze actie; dit is de afgesproken herinnering vooraf.")
    if due == today:
        return _("U houdt deze actie en vandaag is de uiterste dag.")
    return _("U houdt deze actie en de datum is voorbij.")


def _why_escalated(rule: str, *, is_lead: bool) -> str:
    if rule == "role":
        return _("De actie is 5 werkdagen of meer te laat; daarom hoort u het nu.")
    if rule == "lead" and is_lead:
        return _("De actie is 2 werkdagen of meer te laat en u bent de trekker.")
    return _("De actiehouder en de trekker zijn nu niet te bereiken; daarom hoort u het.")


def message(person: Person, notices: Sequence[Notice], at: datetime) -> Message:
    """One unsaved mail of one or more notices to one person, in the person's language."""
    with translation.override(person.language):
        if notices[0].name == "role_empty":
            roles = dict.fromkeys(role for notice in notices for role in notice.facts["roles"])
            context: dict[str, Any] = {
                "roles": [_role(role) for role in roles],
                "portal_url": settings.PORTAL_URL,
            }
            return write(person.email, "mail/role_empty", context, person=person)
        today = at.astimezone(clock.AMSTERDAM).date()
        lines = [_line(notice, today) for notice in notices]
        name = notices[0].name if len(lines) == 1 else "several"
        made = write(person.email, f"mail/{name}", {"lines": lines, "line": lines[0]}, person=person)
    objects = {notice.facts["object"] for notice in notices}
    if len(objects) == 1:
        made.thread_id = f"<action.{objects.pop()}@{sender_host()}>"
    return made
