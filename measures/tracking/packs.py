"""The pack of a measure: what its briefing says, then each action with its state, decision and evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy

from measures.tracking import briefing
from measures.tracking.briefing_sections import MeasureSubject
from measures.tracking.briefing_words import When, on_paper, when
from measures.tracking.enums import ActionState, EvidenceKind
from measures.tracking.models import Action, Check, Evidence, Measure
from measures.tracking.papers import ACTION, MEASURE
from portal.briefings.compose import compose
from portal.briefings.registry import document
from portal.papers.packs.registry import Binder, Cover, Item, Words, binders
from portal.people.models import Person

BINDER = "measure"
# The key of the item that only who sees the measure gets; actions have their own.
WHOLE = "measure"
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


def load(pk: Any) -> Measure | None:
    rows = Measure.objects.select_related("template_version", "lead", "municipality", "driehoek")
    return rows.filter(pk=pk).first()


def visible_to(person: Person) -> "QuerySet[Measure]":
    """The measures of which the person sees anything: the whole, or an action held personally."""
    held = Action.objects.filter(holder_person=person).exclude(state=ActionState.DROPPED)
    seen = Measure.objects.visible_to(person).order_by()
    return Measure.objects.filter(
        Q(pk__in=seen.values("pk")) | Q(pk__in=held.order_by().values("measure_id"))
    )


def _sees_whole(person: Person, measure: Measure) -> bool:
    return Measure.objects.visible_to(person).filter(pk=measure.pk).exists()


def cover(measure: Measure, person: Person) -> Cover:
    """Who holds one action sees the title of its measure and nothing else of it."""
    if not _sees_whole(person, measure):
        return Cover(())
    subject = MeasureSubject(measure)
    facts = (("Soort", subject.kind), ("Van", subject.scope_name), ("Trekker", measure.lead.name))
    return Cover(facts, (WHOLE,))


def items(measure: Measure, person: Person, as_of: datetime) -> list[Item]:
    """The measure itself for who sees it, and every action the person sees, in the order of the work."""
    whole = _sees_whole(person, measure)
    found = []
    if whole:
        address = reverse("tracking:measure", args=[measure.pk])
        says = _measure_words(measure, person, as_of)
        found.append(Item(WHOLE, "Stand van de maatregel", says, ((MEASURE, measure.pk),), address))
    for row in _actions(measure, person, whole):
        address = reverse("tracking:action", args=[row.pk])
        says = _action_words(row, as_of, measure.is_running)
        found.append(Item(f"action:{row.pk}", row.title, says, ((ACTION, row.pk),), address))
    return found


def _measure_words(measure: Measure, person: Person, as_of: datetime) -> Callable[[], Words]:
    def build() -> Words:
        of, subject = document(briefing.DOCUMENT), MeasureSubject(measure)
        made = compose(of, subject, briefing.audience_for(person, subject), as_of)
        return Words(made.body, made.valid_until)

    return build


def _actions(measure: Measure, person: Person, whole: bool) -> list[Action]:
    """Without what was dropped; of the evidence a holder without membership sees the own."""
    evidence = Evidence.objects.filter(withdrawn_at__isnull=True).select_related("paper_version__paper")
    if not whole:
        evidence = evidence.filter(recorded_by=person)
    rows = (
        Action.objects.visible_to(person)
        .filter(measure=measure)
        .exclude(state=ActionState.DROPPED)
        .select_related("step", "holder_person")
        .prefetch_related(
            Prefetch("checks", Check.objects.order_by("order")),
            Prefetch("evidence", evidence.order_by("dated_on", "recorded_at", "id")),
        )
        .order_by("order", "id")
    )
    return sorted(rows, key=lambda row: (row.late_from or _FAR, row.order))


@dataclass(frozen=True)
class Shown:
    """One action on paper."""

    state: str
    holder: str
    due: When
    guidance: str
    source: str
    description: str
    checks: list[Check]
    decisions: list[Evidence]
    documents: list[str]


def _action_words(row: Action, as_of: datetime, running: bool) -> Callable[[], Words]:
    def build() -> Words:
        due = When(on_paper(row.due)) if row.due else When("")
        if row.is_unfinished and running:
            due = when(row, as_of)
        standing = list(row.evidence.all())
        shown = Shown(
            state=_state(row),
            holder=row.holder_name,
            due=due,
            guidance=row.step.guidance if row.step else "",
            source=row.step.source if row.step else "",
            description=row.description,
            checks=list(row.checks.all()),
            decisions=[one for one in standing if one.kind == EvidenceKind.DECISION],
            documents=[_document(one) for one in standing if one.kind != EvidenceKind.DECISION],
        )
        return Words(render_to_string("packs/action.html", {"action": shown}), due.changes_at)

    return build


def _state(row: Action) -> str:
    if row.ended_at is not None and not row.is_unfinished:
        return f"Klaar sinds {on_paper(row.ended_at)}"
    return "Er wordt aan gewerkt" if row.state == ActionState.IN_PROGRESS else "Nog te doen"


def _document(one: Evidence) -> str:
    """Where the evidence is, in a line; a paper of the portal is named only while it is there."""
    if one.paper_version is not None:
        paper = one.paper_version.paper
        gone = "een stuk dat is weggehaald"
        return gone if paper.withdrawn_at else f"{paper.title}, versie {one.paper_version.number}"
    if one.briefing_id is not None:
        return "een briefing die het portaal maakte"
    dated = on_paper(one.dated_on) if one.dated_on else ""
    return ", ".join(part for part in (one.reference, one.kept_in, dated) if part)


def _ask_url(pk: UUID) -> str:
    return reverse("tracking:pack", args=[pk])


def register() -> None:
    """Register the binder; called once when the app is ready."""
    title = gettext_lazy("Bundel")
    binders.register(Binder(BINDER, title, load, visible_to, items, cover, _ask_url, order=10))
