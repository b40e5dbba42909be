"""The reminders of the engine as samples: each rule and each rung once, with invented facts."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.deadlines import notices
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.readers import Said
from portal.deadlines.sources import Subject
from portal.deadlines.speaking import Weight
from portal.mail.models import Message
from portal.mail.samples import Sample, samples
from portal.municipalities.models import Scope
from portal.people.models import Person
from portal.planning.days import OfficeDays

_OBJECT = UUID(int=1)


def facts(**changed: Any) -> dict[str, Any]:
    """What a notice says of an invented action; every fact that a notice can hold is there."""
    due = clock.today() + timedelta(days=7)
    action = f"/acties/{_OBJECT}/"
    return {
        "kind": "Open deur",
        "title": "Instructie voor de balie vaststellen",
        "path": action,
        "finish": f"{action}klaar/",
        "hand_over": f"{action}overdragen/",
        "later": f"{action}later/",
        "rule": "-5",
        "is_lead": False,
        "stands_in": False,
        "due_on": due.isoformat(),
        "due_at": None,
        "replaces": "",
        "otherwise": "De balie weet niet wat te doen als een kind zich meldt.",
        "next": {"role": notices.LEAD, "on": (due + timedelta(days=2)).isoformat()},
        "object": str(_OBJECT),
    } | changed


def late(**changed: Any) -> dict[str, Any]:
    """The same, four days past its date."""
    due = clock.today() - timedelta(days=4)
    return facts(due_on=due.isoformat(), **changed)


def _role() -> dict[str, Any]:
    """A second person who hears after this one, on an office day."""
    return {"role": "burgemeester", "on": OfficeDays(closed={}).add(clock.today(), 3).isoformat()}


def _mail(name: str, weight: Weight, *told: Callable[[], dict[str, Any]]) -> Any:
    """A mail of these facts, worked out when it is read: the portal may run for months."""

    def build(person: Person) -> Message:
        found = [Notice(person=person, name=name, facts=one()) for one in told]
        return notices.message(person, found, weight)

    return build


def _hours() -> str:
    return (clock.now() + timedelta(hours=3)).isoformat()


def _telephone(person: Person) -> Message:
    about = Subject(_OBJECT, Scope(1), "Open deur", "", "", None, None, "", None, None, "")
    return Message(channel="sms", text=notices.short_text(person, about))


def _webhook(_person: Person) -> Message:
    title, path = "Instructie voor de balie vaststellen", f"/acties/{_OBJECT}/"
    due = clock.today() - timedelta(days=4)
    about = Subject(
        _OBJECT, Scope(1), "Open deur", title, path, due, None, "kabinet", None, None, "burgemeester"
    )
    told = Said(Reminder(rule="lead"), about, _person, "escalated")
    return Message(channel="webhook", text=json.dumps(notices.payload(told), indent=1, ensure_ascii=False))


def register() -> None:
    """Register the samples of the engine; called once when the app is ready."""
    several = (
        facts,
        lambda: late(rule="+2", object="2", next=_role()),
        lambda: facts(rule="to:3", object="3"),
    )
    for nr, (key, template, title, build) in enumerate(
        (
            ("ahead", "reminder", _("Een herinnering vooraf"), _mail("reminder", Weight.ORDINARY, facts)),
            (
                "after",
                "reminder",
                _("Een herinnering erna, met een verzette datum"),
                _mail(
                    "reminder",
                    Weight.ORDINARY,
                    lambda: late(rule="+2", replaces=clock.today().isoformat(), next=_role()),
                ),
            ),
            (
                "hours",
                "reminder",
                _("Een herinnering in uren, aan een vervanger"),
                _mail(
                    "reminder",
                    Weight.ORDINARY,
                    lambda: facts(rule="-3u", due_on=None, due_at=_hours(), stands_in=True),
                ),
            ),
            (
                "handed_over",
                "reminder",
                _("Een actie die aan u is overgedragen"),
                _mail("reminder", Weight.ORDINARY, lambda: facts(rule="to:2")),
            ),
            (
                "later",
                "reminder",
                _("Wat u later wilde horen"),
                _mail("reminder", Weight.ORDINARY, lambda: facts(rule="later:1")),
            ),
            (
                "refused",
                "reminder",
                _("Als de mail aan een collega niet aankwam"),
                _mail("reminder", Weight.ORDINARY, lambda: facts(rule="re:1")),
            ),
            ("digest", "digest", _("De verzamelmail"), _mail("reminder", Weight.ORDINARY, *several)),
            (
                "lead",
                "escalated",
                _("Te laat: aan de trekker"),
                _mail(
                    "escalated",
                    Weight.ESCALATION,
                    lambda: late(rule="lead", is_lead=True, later="", next=_role()),
                ),
            ),
            (
                "role",
                "escalated",
                _("Te laat: aan de rol die de stap noemt"),
                _mail("escalated", Weight.ESCALATION, lambda: late(rule="role", later="", next=None)),
            ),
            (
                "no_holder",
                "no_holder",
                _("De actiehouder is niet te bereiken: aan de trekker"),
                _mail("no_holder", Weight.ESCALATION, lambda: facts(is_lead=True, later="", next=_role())),
            ),
            (
                "several",
                "several",
                _("Verschillende acties van anderen"),
                _mail(
                    "escalated",
                    Weight.ESCALATION,
                    *(lambda one=one: one() | {"rule": "lead"} for one in several),
                ),
            ),
            (
                "urgent",
                "urgent",
                _("Wat niet kan wachten"),
                _mail(
                    "reminder",
                    Weight.URGENT,
                    lambda: facts(rule="-3u", due_on=None, due_at=_hours(), later=""),
                ),
            ),
            (
                "role_empty",
                "role_empty",
                _("Een rol zonder mensen: aan de beheerder"),
                _mail(
                    "role_empty",
                    Weight.ESCALATION,
                    lambda: {"roles": ["kabinet", "burgemeester"], "rule": "role", "object": "1"},
                ),
            ),
        )
    ):
        samples.register(Sample(f"deadlines.{key}", 10 + nr, template, title, build))
    samples.register(Sample("deadlines.telephone", 30, "", _("Spoed op een telefoon"), _telephone))
    samples.register(Sample("deadlines.webhook", 31, "", _("Wat een webhook krijgt"), _webhook))
