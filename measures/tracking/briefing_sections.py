"""What each section of a measure's briefing says to one audience, from a measure that is read once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking.briefing_words import When, attention, first_change, on_paper, when
from measures.tracking.enums import ActionState, EvidenceKind, MeasureState
from measures.tracking.kinds import kind
from measures.tracking.models import Action, Evidence, Measure, MeasureAnchor
from portal import clock
from portal.briefings.registry import Audience, Line
from portal.municipalities.models import Scope
from portal.people.models import Membership

COMING_DATES = 6
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class MeasureSubject:
    """A measure with what its sections read, each read once."""

    measure: Measure

    @property
    def is_running(self) -> bool:
        return self.measure.state == MeasureState.RUNNING

    @property
    def title(self) -> str:
        return self.measure.title

    @property
    def kind(self) -> str:
        return kind(self.measure.kind).name

    @property
    def scope(self) -> Scope:
        return self.measure.scope

    @property
    def scope_name(self) -> str:
        name = self.measure.scope_name
        return _("Gemeente %(name)s") % {"name": name} if self.measure.municipality_id else name

    @property
    def url(self) -> str:
        return reverse("tracking:briefing", args=[self.measure.pk])

    @cached_property
    def actions(self) -> list[Action]:
        """What had to be done or has to be done, soonest first and undated last; without what was dropped."""
        rows = self.measure.actions.exclude(state=ActionState.DROPPED).select_related("holder_person")
        return sorted(rows.order_by("order", "id"), key=lambda row: (row.late_from or _FAR, row.order))

    @cached_property
    def open(self) -> list[Action]:
        return [row for row in self.actions if row.is_unfinished]

    @cached_property
    def anchors(self) -> list[MeasureAnchor]:
        return list(self.measure.anchors.order_by("order"))

    @cached_property
    def members(self) -> list[Membership]:
        """Who fill the roles that see this kind here, now."""
        sees = [str(role) for role in kind(self.measure.kind).roles_see]
        found = Membership.objects.current(clock.today()).in_scope(self.scope).filter(role__in=sees)
        return list(found.select_related("person").order_by("person__name", "id"))

    def is_yours(self, action: Action, audience: Audience) -> bool:
        """Whether it lies with a role of this audience, or with a person who fills one."""
        roles = {str(role) for role in audience.roles}
        if action.holder_person_id is None:
            return action.holder_role in roles
        return action.holder_person_id in {row.person_id for row in self.members if row.role in roles}


@dataclass(frozen=True)
class Purpose:
    """Why the measure is there."""

    text: str


def purpose(audience: Audience, subject: MeasureSubject, as_of: datetime) -> Purpose:
    return Purpose(subject.measure.template_version.purpose)


@dataclass(frozen=True)
class State:
    """What asks for attention, and how far the work is."""

    sentence: str
    tone: str
    done: int
    total: int
    open: int
    late: int
    next_due: str
    changes_at: datetime | None


def state(audience: Audience, subject: MeasureSubject, as_of: datetime) -> State:
    rows = [(row, when(row, as_of)) for row in subject.open]
    said = attention(subject.measure, rows, lambda row: subject.is_yours(row, audience), subject.anchors)
    counted = [one for _row, one in rows] if subject.is_running else []
    coming = [one.paper for one in counted if one.paper and one.tone != "late"]
    return State(
        sentence=said.sentence,
        tone=said.tone,
        done=len(subject.actions) - len(subject.open),
        total=len(subject.actions),
        open=len(subject.open),
        late=sum(one.tone == "late" for one in counted),
        next_due=coming[0] if coming else "niet bekend" if counted else "geen",
        changes_at=first_change(counted),
    )


@dataclass(frozen=True)
class Decision:
    """One decision: about what, its words, by whom and when."""

    about: str
    text: str
    by: str
    on: str


@dataclass(frozen=True)
class Decided:
    rows: list[Decision]
    lines: list[Line]


def decided(audience: Audience, subject: MeasureSubject, as_of: datetime) -> Decided:
    found = list(
        Evidence.objects.filter(
            action__measure=subject.measure, kind=EvidenceKind.DECISION, withdrawn_at__isnull=True
        )
        .select_related("action")
        .order_by("dated_on", "recorded_at", "id")
    )
    return Decided(
        [
            Decision(
                about=one.action.title,
                text=one.text,
                by=", ".join(part for part in (one.decided_by_role, one.decided_by_name) if part),
                on=on_paper(one.dated_on) if one.dated_on else "",
            )
            for one in found
        ],
        [Line(str(one.pk), one.action.title, {"besluit": one.text}) for one in found],
    )


@dataclass(frozen=True)
class OpenAction:
    """One thing still to be done."""

    title: str
    holder: str
    is_yours: bool
    is_busy: bool
    due: When


@dataclass(frozen=True)
class Open:
    rows: list[OpenAction]
    changes_at: datetime | None
    lines: list[Line]


def still_open(audience: Audience, subject: MeasureSubject, as_of: datetime) -> Open:
    """Every open action; in a measure that does not run nothing is late and nobody is waited for."""
    running = subject.is_running
    rows = [
        OpenAction(
            title=row.title,
            holder=row.holder_name,
            is_yours=running and subject.is_yours(row, audience),
            is_busy=running and row.state == ActionState.IN_PROGRESS,
            due=due if running else When(due.paper),
        )
        for row in subject.open
        for due in [when(row, as_of)]
    ]
    lines = [
        Line(str(row.pk), row.title, {"datum": on_paper(row.due) if row.due else "", "bij": row.holder_name})
        for row in subject.open
    ]
    return Open(rows, first_change(row.due for row in rows), lines)


def fates(subject: MeasureSubject, keys: Collection[str]) -> dict[str, str]:
    """What became of actions that are not open any more."""
    rows = subject.measure.actions.filter(pk__in=list(keys))
    words = {ActionState.DONE: _("is gedaan"), ActionState.DROPPED: _("is vervallen")}
    return {str(row.pk): words[row.state] for row in rows if row.state in words}


@dataclass(frozen=True)
class Day:
    """A date with what falls on it."""

    when: str
    what: list[str]
    is_anchor: bool


@dataclass(frozen=True)
class Dates:
    rows: list[Day]
    changes_at: datetime | None
    lines: list[Line]


def dates(audience: Audience, subject: MeasureSubject, as_of: datetime) -> Dates:
    """The anchors, and the coming dates on which something is due."""
    known: list[tuple[datetime, Day]] = []
    unknown: list[Day] = []
    for anchor in subject.anchors:
        day = anchor.at or anchor.on
        if day is None:
            unknown.append(Day("datum volgt", [anchor.label], True))
            continue
        place = day if isinstance(day, datetime) else clock.at(day, time(0))
        known.append((place, Day(on_paper(day), [anchor.label], True)))
    coming: dict[str, tuple[datetime, Day]] = {}
    dated = [row for row in subject.open if row.late_from is not None and row.late_from > as_of]
    for row in dated if subject.is_running else []:
        text = when(row, as_of).paper
        assert row.late_from is not None
        found = coming.setdefault(text, (row.late_from - timedelta(seconds=1), Day(text, [], False)))
        found[1].what.append(row.title)
    shown = list(coming.values())[:COMING_DATES]
    rows = [day for _place, day in sorted([*known, *shown], key=lambda one: one[0])]
    lines = [
        Line(one.name, one.label, {"datum": on_paper(day) if (day := one.at or one.on) else "datum volgt"})
        for one in subject.anchors
    ]
    return Dates([*rows, *unknown], dated[0].late_from if shown else None, lines)
