"""The reminders of the engine as samples: each rule and each rung once, with invented facts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.deadlines import notices
from portal.deadlines.models import Notice
from portal.deadlines.speaking import Weight
from portal.mail.models import Message
from portal.mail.samples import Sample, samples
from portal.people.models import Person

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


def _mail(name: str, weight: Weight, *told: dict[str, Any]) -> Any:
    def build(person: Person) -> Message:
        return notices.message(person, [Notice(person=person, name=name, facts=one) for one in told], weight)

    return build


def register() -> None:
    """Register the samples of the engine; called once when the app is ready."""
    role = {"role": "burgemeester", "on": (clock.today() + timedelta(days=3)).isoformat()}
    hours = (clock.now() + timedelta(hours=3)).isoformat()
    several = [facts(), late(rule="+2", object="2", next=role), facts(rule="to:3", object="3")]
    for nr, (key, template, title, build) in enumerate(
        (
            ("ahead", "reminder", _("Een herinnering vooraf"), _mail("reminder", Weight.ORDINARY, facts())),
            (
                "after",
                "reminder",
                _("Een herinnering erna, met een verzette datum"),
                _mail(
                    "reminder",
                    Weight.ORDINARY,
                    late(rule="+2", replaces=clock.today().isoformat(), next=role),
                ),
            ),
            (
                "hours",
                "reminder",
                _("Een herinnering in uren, aan een vervanger"),
                _mail(
                    "reminder", Weight.ORDINARY, facts(rule="-3u", due_on=None, due_at=hours, stands_in=True)
                ),
            ),
            (
                "handed_over",
                "reminder",
                _("Een actie die aan u is overgedragen"),
                _mail("reminder", Weight.ORDINARY, facts(rule="to:2")),
            ),
            (
                "later",
                "reminder",
                _("Wat u later wilde horen"),
                _mail("reminder", Weight.ORDINARY, facts(rule="later:1")),
            ),
            (
                "refused",
                "reminder",
                _("Als de mail aan een collega niet aankwam"),
                _mail("reminder", Weight.ORDINARY, facts(rule="re:1")),
            ),
            ("digest", "digest", _("De verzamelmail"), _mail("reminder", Weight.ORDINARY, *several)),
            (
                "lead",
                "escalated",
                _("Te laat: aan de trekker"),
                _mail("escalated", Weight.ESCALATION, late(rule="lead", is_lead=True, later="", next=role)),
            ),
            (
                "role",
                "escalated",
                _("Te laat: aan de rol die de stap noemt"),
                _mail("escalated", Weight.ESCALATION, late(rule="role", later="", next=None)),
            ),
            (
                "no_holder",
                "no_holder",
                _("De actiehouder is niet te bereiken: aan de trekker"),
                _mail("no_holder", Weight.ESCALATION, facts(is_lead=True, later="", next=role)),
            ),
            (
                "several",
                "several",
                _("Verschillende acties van anderen"),
                _mail("escalated", Weight.ESCALATION, *(one | {"rule": "lead"} for one in several)),
            ),
            (
                "urgent",
                "urgent",
                _("Wat niet kan wachten"),
                _mail("reminder", Weight.URGENT, facts(rule="-3u", due_on=None, due_at=hours, later="")),
            ),
            (
                "role_empty",
                "role_empty",
                _("Een rol zonder mensen: aan de beheerder"),
                _mail(
                    "role_empty",
                    Weight.ESCALATION,
                    {"roles": ["kabinet", "burgemeester"], "rule": "role", "object": "1"},
                ),
            ),
        )
    ):
        samples.register(Sample(f"deadlines.{key}", 10 + nr, template, title, build))
