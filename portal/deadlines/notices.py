"""What a reminder says: built from a fixed vocabulary, published titles, dates, roles and links."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.plan import SECOND_PERSON, WAITING, Moment, is_extra
from portal.deadlines.readers import Said
from portal.deadlines.sources import Subject
from portal.deadlines.speaking import Weight
from portal.mail.compose import sender_host, write
from portal.mail.models import Message
from portal.people.enums import Role
from portal.people.models import Person
from portal.ui.formatting import dag, datum, wanneer

# A mail that never ends is not read; the rest stands behind the link.
SHOWN = 20
UNSUBSCRIBE_SALT = "mail.unsubscribe"
LEAD = "trekker"

Rungs = Mapping[Any, Sequence[Reminder]]


def coming_rungs(source: str, object_ids: Sequence[Any]) -> dict[Any, list[Reminder]]:
    """The escalations still planned for these objects, the first one first (one query)."""
    found: dict[Any, list[Reminder]] = {}
    for row in Reminder.objects.filter(
        source=source, object_id__in=list(object_ids), rule__in=SECOND_PERSON, state__in=WAITING
    ).order_by("fires_at", "rule"):
        found.setdefault(row.object_id, []).append(row)
    return found


def facts(said: Said, rungs: Rungs) -> dict[str, Any]:
    """What a notice may say, as plain values; no name and no typed word is among them."""
    row, subject = said.reminder, said.subject
    if said.name == "role_empty":
        # A beheerder hears that a role is empty, and nothing of the case.
        empty = [role for role in (subject.holder_role, subject.escalates_to) if role]
        return {"roles": empty, "rule": row.rule, "object": str(subject.object_id)}
    return {
        "kind": subject.kind,
        "title": subject.title,
        "path": subject.path,
        "finish": subject.finish_path,
        "hand_over": subject.hand_over_path,
        "later": subject.later_path if said.weight == Weight.ORDINARY else "",
        "rule": row.rule,
        "is_lead": said.person.pk == subject.lead_id,
        "stands_in": said.stands_in,
        "due_on": subject.due_on.isoformat() if subject.due_on else None,
        "due_at": subject.due_at.isoformat() if subject.due_at else None,
        "replaces": row.replaces_due,
        "otherwise": row.consequence or subject.otherwise,
        "next": _next(said, rungs.get(subject.object_id, ())),
        "object": str(subject.object_id),
    }


def _next(said: Said, rungs: Sequence[Reminder]) -> dict[str, Any] | None:
    """Who hears next when nothing is done: a role and the day on which it does."""
    subject = said.subject
    if subject.due_on is None and subject.due_at is None:
        return None
    due = Moment(on=subject.due_on, at=subject.due_at)
    for rung in rungs:
        if rung.pk == said.reminder.pk or rung.due_key != due.key:
            continue
        if rung.rule == "role" and subject.escalates_to == subject.holder_role:
            continue  # the readers themselves
        if rung.rule == "lead" and (said.name != "reminder" or said.person.pk == subject.lead_id):
            continue  # the reader is the lead, or the lead cannot be reached
        role = LEAD if rung.rule == "lead" else subject.escalates_to
        return {"role": role, "on": clock.day_of(rung.fires_at).isoformat()}
    return None


def line(notice: Notice) -> dict[str, Any]:
    """One notice as its mail and the portal show it."""
    told = notice.facts
    due_on = date.fromisoformat(told["due_on"]) if told["due_on"] else None
    due_at = datetime.fromisoformat(told["due_at"]) if told["due_at"] else None
    return {
        "name": notice.name,
        "kind": told["kind"],
        "title": told["title"] or _("een eigen actie"),
        "path": told["path"],
        "url": _absolute(told["path"]),
        "finish_url": _absolute(told["finish"]),
        "hand_over_url": _absolute(told["hand_over"]),
        "later_url": _absolute(told["later"]),
        "due": due_on or due_at,
        "due_on": due_on,
        "due_at": due_at,
        "is_late": _is_late(due_on, due_at),
        "how_far": _how_far(due_on or due_at),
        "moved_from": _day(told["replaces"]) if told["replaces"] else None,
        "rule": reason(notice),
        "is_handover": _is_handover(told["rule"]),
        "stands_in": told["stands_in"],
        "otherwise": told["otherwise"] or _("Dan blijft deze actie liggen."),
        "next_role": role_name(told["next"]["role"]) if told["next"] else "",
        "next_on": date.fromisoformat(told["next"]["on"]) if told["next"] else None,
    }


def _absolute(path: str) -> str:
    return settings.PORTAL_URL + path if path else ""


def _how_far(due: date | datetime | None) -> str:
    """Lateness, today or tomorrow, hours; "" when the date itself already says it."""
    if due is None:
        return ""
    words = wanneer(due)
    return "" if words in (dag(due), datum(due).partition(" ")[0]) or words.startswith(dag(due)) else words


def _is_late(due_on: date | None, due_at: datetime | None) -> bool:
    if due_on is not None:
        return clock.end_of(due_on) <= clock.now()
    return due_at is not None and due_at <= clock.now()


def _day(moment: str) -> date:
    """The Amsterdam day of a date or a moment written as text."""
    if len(moment) == len("2026-11-23"):
        return date.fromisoformat(moment)
    return clock.day_of(datetime.fromisoformat(moment))


def role_name(role: str) -> str:
    """A role, or the lead, as a word in a sentence."""
    if role == LEAD:
        return _("de trekker")
    return str(Role(role).label)


def reason(notice: Notice) -> str:
    """Which rule made this notice, in one sentence."""
    told = notice.facts
    if notice.name == "no_holder":
        return _("U bent de trekker en de actiehouder is nu niet te bereiken.")
    if notice.name == "escalated":
        return _why_escalated(told["rule"], is_lead=told["is_lead"])
    rule = told["rule"]
    if _is_handover(rule):
        return _("U bent nu de actiehouder.")
    if rule.startswith("to:"):
        return _("De actie is weer geopend.")
    if rule.startswith("later:"):
        return _("U vroeg om dit vandaag weer te horen.")
    if rule.startswith("re:"):
        return _("Een mail over deze actie kwam bij een collega niet aan.")
    if rule in ("+0", "+0u"):
        if told["due_on"] and date.fromisoformat(told["due_on"]) > clock.today():
            return _("De actie ligt bij u; dit is de herinnering op de laatste werkdag ervoor.")
        return _("De actie ligt bij u; dit is de herinnering op de dag zelf.")
    return _("De actie ligt bij u; dit is de herinnering van %(when)s.") % {"when": planned(rule)}


def _is_handover(rule: str) -> bool:
    """A hand-over and not a reopening, which has an r before its number."""
    return rule.startswith("to:") and not rule.startswith("to:r")


def planned(rule: str) -> str:
    """When a planned rule speaks, counted from the due: "5 werkdagen vooraf"; "" for another rule."""
    if is_extra(rule):
        return ""
    count = int(rule.removesuffix("u"))
    if rule.endswith("u"):
        before = ngettext("%(n)s uur vooraf", "%(n)s uur vooraf", abs(count)) % {"n": abs(count)}
        after = ngettext("%(n)s uur erna", "%(n)s uur erna", abs(count)) % {"n": abs(count)}
    else:
        before = ngettext("%(n)s werkdag vooraf", "%(n)s werkdagen vooraf", abs(count)) % {"n": abs(count)}
        after = ngettext("%(n)s werkdag erna", "%(n)s werkdagen erna", abs(count)) % {"n": abs(count)}
    if count == 0:
        return _("op de dag zelf")
    return before if count < 0 else after


def _why_escalated(rule: str, *, is_lead: bool) -> str:
    if rule == "role":
        return _("De actie is 5 werkdagen of meer te laat; daarom hoort u het nu.")
    if rule == "lead" and is_lead:
        return _("De actie is 2 werkdagen of meer te laat en u bent de trekker.")
    return _("De actiehouder en de trekker zijn nu niet te bereiken; daarom hoort u het.")


def unsubscribe_path(person: Person) -> str:
    """The signed address with which a mail program stops the digest of this person, without signing in."""
    return reverse("deadlines:unsubscribe", args=[signing.dumps(str(person.pk), salt=UNSUBSCRIBE_SALT)])


def message(person: Person, notices: Sequence[Notice], weight: Weight) -> Message:
    """One unsaved mail of one or more notices of one weight, in the person's language.

    Only ordinary mail can be unsubscribed from: an escalation or an alarm has another reader's
    work as its subject.
    """
    with translation.override(person.language):
        common = {
            "portal_url": settings.PORTAL_URL,
            "choices_url": settings.PORTAL_URL + reverse("deadlines:choices"),
        }
        if notices[0].name == "role_empty":
            roles = dict.fromkeys(role for notice in notices for role in notice.facts["roles"])
            names = [role_name(role) for role in roles]
            return write(person.email, "mail/role_empty", common | {"roles": names}, person=person)
        lines = sorted((line(notice) for notice in _newest(notices)), key=_soonest)
        context = common | {
            "lines": lines[:SHOWN],
            "line": lines[0],
            "late": sum(1 for one in lines if one["is_late"]),
            "count": len(lines),
            "more": max(0, len(lines) - SHOWN),
        }
        made = write(person.email, f"mail/{_template(lines, weight)}", context, person=person)
        if weight == Weight.ORDINARY:
            made.unsubscribe_url = settings.PORTAL_URL + unsubscribe_path(person)
    objects = {notice.facts["object"] for notice in notices}
    if len(objects) == 1:
        made.thread_id = f"<action.{objects.pop()}@{sender_host()}>"
    return made


def _template(lines: Sequence[Mapping[str, Any]], weight: Weight) -> str:
    if weight == Weight.URGENT:
        return "urgent"
    if len(lines) == 1:
        return str(lines[0]["name"])
    return "digest" if weight == Weight.ORDINARY else "several"


def _newest(notices: Sequence[Notice]) -> list[Notice]:
    """Of several notices about one thing only the newest rule speaks."""
    found: dict[str, Notice] = {}
    for notice in sorted(notices, key=lambda one: (one.created_at, one.id)):
        found[notice.facts["object"]] = notice
    return list(found.values())


def _soonest(one: Mapping[str, Any]) -> tuple[bool, date]:
    due = one["due_on"] or (clock.day_of(one["due_at"]) if one["due_at"] else None)
    return due is None, due or date.max


def short_text(person: Person, subject: Subject) -> str:
    """What a text message or a voice says: that something urgent waits, of which kind, and where to look."""
    with translation.override(person.language):
        return _("Dringend: %(kind)s. Meld u aan op %(url)s") % {
            "kind": subject.kind,
            "url": settings.PORTAL_URL,
        }


def payload(said: Said) -> dict[str, Any]:
    """What a webhook of the scope gets of an escalated or urgent reminder: published words, dates, roles."""
    subject = said.subject
    due = subject.due_at or subject.due_on
    return {
        "event": "urgent" if said.weight == Weight.URGENT else "escalation",
        "kind": str(subject.kind),
        "title": subject.title,
        "due": due.isoformat() if due else None,
        "told": LEAD if said.reminder.rule == "lead" else subject.escalates_to,
        "url": settings.PORTAL_URL + subject.path,
    }
