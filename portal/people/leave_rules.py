"""What a leave must be: the rules that the form explains and the action enforces."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import Q

from portal import clock
from portal.people.deputies import may_stand_in
from portal.people.models import Grant, Leave, Membership, Person, grant_of


class Problem(Enum):
    """Why a leave cannot be so."""

    BACKWARDS = "backwards"
    PAST = "past"
    HIMSELF = "himself"
    OVERLAP = "overlap"
    CIRCLE = "circle"
    NOTHING_SHARED = "nothing_shared"
    NO_LOCO = "no_loco"


@dataclass(frozen=True)
class Plan:
    """A leave as somebody asks for it; `leave_id` is the one that is changed, or that this form made."""

    person: Person
    deputy: Person
    starts_on: date
    ends_on: date
    leave_id: Any = None

    @classmethod
    def of(cls, leave: Leave) -> "Plan":
        """A leave as it stands, with its people joined."""
        return cls(leave.person, leave.deputy, leave.starts_on, leave.ends_on, leave.pk)

    @property
    def first(self) -> date:
        """The first day that still counts: what is past stays as it was."""
        return max(self.starts_on, clock.today())


def problem(plan: Plan) -> Problem | None:
    """The first rule that a plan breaks; four queries, and one for each further deputy."""
    if plan.ends_on < plan.starts_on:
        return Problem.BACKWARDS
    if plan.ends_on < clock.today():
        return Problem.PAST
    if plan.deputy.pk == plan.person.pk:
        return Problem.HIMSELF
    others = Leave.objects.overlapping(plan.starts_on, plan.ends_on).exclude(pk=plan.leave_id)
    if others.filter(person=plan.person).exists():
        return Problem.OVERLAP
    if _circles(plan):
        return Problem.CIRCLE
    held = held_during([plan.person.pk, plan.deputy.pk], plan.first, plan.ends_on)
    absent, deputy = held[plan.person.pk], held[plan.deputy.pk]
    if not plan.deputy.is_active or not share(absent, deputy):
        return Problem.NOTHING_SHARED
    # The law knows no day without an acting mayor: the loco holds the role on every day of it.
    covering = [row for row in deputy if row.starts_on <= plan.first and not _ends_before(row, plan.ends_on)]
    if not may_stand_in(_grants(absent), _grants(covering)):
        return Problem.NO_LOCO
    return None


def _ends_before(row: Membership, day: date) -> bool:
    return row.ends_on is not None and row.ends_on < day


def _grants(rows: Iterable[Membership]) -> list[Grant]:
    return [grant_of(row) for row in rows]


def held_during(persons: Collection[Any], first: date, last: date) -> dict[Any, list[Membership]]:
    """The memberships that hold on some day of a period, by person id; one query."""
    rows = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=first),
        starts_on__lte=last,
        ended_at__isnull=True,
        person__in=list(persons),
    ).select_related("municipality", "driehoek")
    found: dict[Any, list[Membership]] = {one: [] for one in persons}
    for row in rows.order_by("role", "id"):
        found[row.person_id].append(row)
    return found


def share(some: Iterable[Membership], others: Iterable[Membership]) -> bool:
    """Whether they work in the same municipality or driehoek."""
    scopes = {row.scope for row in some} - {None}
    return any(row.scope in scopes for row in others)


def _circles(plan: Plan) -> bool:
    """Whether on some day the deputies after this one lead back to the person who is away."""
    waiting = {(plan.deputy.pk, plan.first, plan.ends_on)}
    seen: set[tuple[Any, date, date]] = set()
    while waiting:
        seen |= waiting
        rows = list(
            Leave.objects.overlapping(plan.first, plan.ends_on)
            .filter(person__in={who for who, _first, _last in waiting})
            .exclude(pk=plan.leave_id)
            .order_by("id")
        )
        # Only on days on which the whole chain before it is away too.
        waiting = {
            (row.deputy_id, max(first, row.starts_on), min(last, row.ends_on))
            for who, first, last in waiting
            for row in rows
            if row.person_id == who and row.starts_on <= last and row.ends_on >= first
        } - seen
        if any(who == plan.person.pk for who, _first, _last in waiting):
            return True
    return False
