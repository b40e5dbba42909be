"""Reads that pages and briefings share, as small dataclasses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from measures.tracking import permissions
from measures.tracking.calendars import APPOINTMENTS
from measures.tracking.enums import ActionState
from measures.tracking.kinds import Kind, kind, kinds
from measures.tracking.models import Action, Appointment, Measure, Step, Template, TemplateVersion
from portal import clock
from portal.briefings.models import Briefing
from portal.feeds.queries import Answers, answers_to
from portal.municipalities.models import Scope
from portal.people.models import Person
from portal.people.permissions import roles_in
from portal.planning.days import OfficeDays

SOON_DAYS = 7


def scopes_of(person: Person) -> list[tuple[Scope, str]]:
    """The scopes a person has a membership in now, with their names, each once."""
    found: dict[Scope, str] = {}
    for grant in person.grants:
        if grant.scope is not None:
            found[grant.scope] = grant.scope_name
    return sorted(found.items(), key=lambda one: one[1])


def versions(person: Person) -> "QuerySet[TemplateVersion]":
    """Every published version of the templates a person may read."""
    return TemplateVersion.objects.filter(template__in=Template.objects.visible_to(person)).select_related(
        "template__municipality"
    )


def newest_versions(person: Person) -> "QuerySet[TemplateVersion]":
    """The newest version of each template a person may read."""
    newest = TemplateVersion.objects.filter(template=OuterRef("template")).order_by("-number")
    return versions(person).filter(pk=Subquery(newest.values("pk")[:1]))


def scopes_to_start(person: Person, version: TemplateVersion) -> list[tuple[Scope, str]]:
    """Where this person may start a measure from this version.

    A local template only at home, and only where every role that a step names can be given: a role
    that nobody can have would do nothing.
    """
    of = kind(version.template.kind)
    home = version.template.municipality_id
    named = {role for step in version.steps.all() for role in (step.role, step.escalates_to)}
    return [
        (scope, name)
        for scope, name in scopes_of(person)
        if permissions.can_start(person, of, scope)
        and home in (None, scope.municipality_id)
        and named <= {str(role) for role in roles_in(scope)}
    ]


@dataclass(frozen=True)
class Choice:
    """A kind with the templates of it that a person may start."""

    kind: Kind
    versions: list[TemplateVersion]


def _by_kind(found: Iterable[TemplateVersion]) -> list[Choice]:
    grouped: dict[str, list[TemplateVersion]] = defaultdict(list)
    for version in found:
        grouped[version.template.kind].append(version)
    return [Choice(one, grouped[one.key]) for one in kinds() if grouped[one.key]]


def startable(person: Person) -> list[Choice]:
    """The newest versions that the person may start somewhere, by kind."""
    steps = Prefetch("steps", Step.objects.only("version", "role", "escalates_to"))
    found = newest_versions(person).prefetch_related(steps)
    return _by_kind(one for one in found if scopes_to_start(person, one))


def listed_versions(person: Person) -> list[Choice]:
    """The newest version of every readable template, by kind, with its number of steps."""
    return _by_kind(newest_versions(person).annotate(step_count=Count("steps")))


def mark(person: Person, actions: Sequence[Action]) -> list[Action]:
    """Say of each of these whether it lies with the person because its holder is on leave; no query."""
    for action in actions:
        action.leave = permissions.absent_holder(person, action)
    return list(actions)


@dataclass(frozen=True)
class Group:
    """Actions under one heading of a working list."""

    key: str
    title: str
    actions: list[Action]


def by_urgency(actions: Sequence[Action]) -> list[Group]:
    """Overdue, this week (seven days from today), later, undated; without empty groups, order kept."""
    soon = clock.end_of(clock.today() + timedelta(days=SOON_DAYS - 1))
    now = clock.now()
    groups = [
        Group("late", _("Te laat"), []),
        Group("soon", _("Deze week"), []),
        Group("later", _("Later"), []),
        Group("undated", _("Datum volgt"), []),
    ]
    for action in actions:
        if action.late_from is None:
            groups[3].actions.append(action)
        elif action.late_from <= now:
            groups[0].actions.append(action)
        elif action.late_from <= soon:
            groups[1].actions.append(action)
        else:
            groups[2].actions.append(action)
    return [group for group in groups if group.actions]


@dataclass(frozen=True)
class Listed:
    """A measure with what its list shows."""

    measure: Measure
    kind: Kind
    total: int
    ended: int
    late: int
    next_due: Any

    @property
    def open(self) -> int:
        return self.total - self.ended


def with_counts(measures: Sequence[Measure]) -> list[Listed]:
    """Count the actions of the measures on this page only: one grouped query."""
    unfinished = Q(state__in=[ActionState.OPEN, ActionState.IN_PROGRESS])
    rows = (
        Action.objects.filter(measure__in=[one.pk for one in measures])
        .exclude(state=ActionState.DROPPED)
        .values("measure_id")
        .annotate(
            total=Count("id"),
            ended=Count("id", filter=~unfinished),
            late=Count("id", filter=unfinished & Q(late_from__lte=clock.now())),
            next_due=Min("late_from", filter=unfinished & Q(late_from__gt=clock.now())),
        )
        .order_by("measure_id")
    )
    counts: dict[Any, Any] = {row["measure_id"]: row for row in rows}
    none: dict[str, Any] = {"total": 0, "ended": 0, "late": 0, "next_due": None}
    return [_listed(one, counts.get(one.pk, none)) for one in measures]


def _listed(measure: Measure, row: dict[str, Any]) -> Listed:
    due = row["next_due"]
    # late_from of a date is the midnight after it: the day before is the last day.
    last = (due - timedelta(seconds=1)).astimezone(clock.AMSTERDAM).date() if due else None
    return Listed(measure, kind(measure.kind), row["total"], row["ended"], row["late"], last)


@dataclass(frozen=True)
class Row:
    """An action on its measure's page, with what this person may do from the list."""

    action: Action
    may_finish: bool
    checks: int
    checked: int


def actions_of(measure: Measure, person: Person) -> list[Row]:
    """All actions of a measure in the order of the work: by due date, then undated, then ended."""
    rows = list(
        measure.actions.select_related("holder_person", "municipality", "driehoek", "step")
        .annotate(
            checks_total=Count("checks"), checks_done=Count("checks", filter=Q(checks__done_at__isnull=False))
        )
        .order_by("order", "id")
    )
    far = date.max

    def place(action: Action) -> tuple[bool, date, int]:
        day = action.late_from.date() if action.late_from else far
        return (not action.is_unfinished, day, action.order)

    found = []
    for action in sorted(rows, key=place):
        action.measure = measure
        counted: Any = action
        found.append(
            Row(action, permissions.can_finish(person, action), counted.checks_total, counted.checks_done)
        )
    return found


def newest_briefing(measure: Measure) -> Briefing | None:
    """The newest briefing about this measure, in whatever state."""
    return (
        Briefing.objects.filter(document="measure", subject_id=measure.pk)
        .order_by("-asked_at", "-id")
        .first()
    )


@dataclass(frozen=True)
class KindCard:
    """One of the six on the start page: how far its running measures are."""

    kind: Kind
    running: int
    total: int
    ended: int
    late: int
    last_started: Any


def kind_cards(person: Person) -> list[KindCard]:
    """For each kind the person sees: its running measures and their actions; one grouped query."""
    unfinished = Q(actions__state__in=[ActionState.OPEN, ActionState.IN_PROGRESS])
    rows = (
        Measure.objects.visible_to(person)
        .running()
        .values("kind")
        .annotate(
            n=Count("id", distinct=True),
            last=Max("started_at"),
            total=Count("actions", filter=~Q(actions__state=ActionState.DROPPED)),
            ended=Count("actions", filter=Q(actions__state=ActionState.DONE)),
            late=Count("actions", filter=unfinished & Q(actions__late_from__lte=clock.now())),
        )
        .order_by("kind")
    )
    counts = {row["kind"]: row for row in rows}
    seen = [one for one in kinds() if any(grant.role in one.roles_see for grant in person.grants)]
    none: dict[str, Any] = {"n": 0, "last": None, "total": 0, "ended": 0, "late": 0}
    found = [(one, counts.get(one.key, none)) for one in seen]
    return [
        KindCard(one, row["n"], row["total"], row["ended"], row["late"], row["last"]) for one, row in found
    ]


def appointments_of(measure: Measure) -> list[tuple[Appointment, Answers | None]]:
    """The appointments of a measure, each with the answers of those who were invited, if anybody was.

    Those to come, then those that were, the newest first (two queries).
    """
    rows = list(measure.appointments.order_by("starts_at", "id"))
    answers = answers_to(APPOINTMENTS, [one.pk for one in rows]) if rows else {}
    listed = [one for one in rows if not one.is_over] + [one for one in reversed(rows) if one.is_over]
    return [(one, answers.get(one.pk)) for one in listed]


def named_day(appointment: Appointment) -> str:
    """Why the office may be shut on the day of an appointment: a holiday, closed day, weekend or recess."""
    days = OfficeDays.of(appointment.scope)
    day = clock.day_of(appointment.starts_at)
    return days.why_skipped(day) or days.recess_on(day)
