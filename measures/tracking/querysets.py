"""Reads of templates, measures and actions; visible_to is the one rule of sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from measures.tracking.enums import ActionState, MeasureState
from measures.tracking.kinds import kinds
from portal import clock
from portal.municipalities.models import Scope
from portal.people.deputies import absence, mayor_of, reaches
from portal.people.enums import Role, acts_as

if TYPE_CHECKING:
    from portal.people.models import Person


def kinds_by_scope(person: Person) -> dict[Scope, frozenset[str]]:
    """Which kinds the person sees in which scope, from the memberships that hold now."""
    of_role: dict[Role, frozenset[str]] = {}
    seen: dict[Scope, frozenset[str]] = {}
    for grant in person.grants:
        scope = grant.scope
        if scope is None:
            continue
        if grant.role not in of_role:
            of_role[grant.role] = frozenset(one.key for one in kinds() if grant.role in one.roles_see)
        keys = of_role[grant.role]
        if keys:
            seen[scope] = seen[scope] | keys if scope in seen else keys
    return seen


def sight(person: Person) -> Q:
    """The rows with a scope and a kind that the person's memberships open; matches nothing without."""
    condition = Q(pk__in=[])
    grouped: dict[tuple[str, frozenset[str]], list[Any]] = defaultdict(list)
    for scope, keys in kinds_by_scope(person).items():
        column = "municipality_id" if scope.municipality_id else "driehoek_id"
        grouped[(column, keys)].append(scope.municipality_id or scope.driehoek_id)
    everything = frozenset(one.key for one in kinds())
    for (column, keys), owners in grouped.items():
        one = Q(**{column: owners[0]}) if len(owners) == 1 else Q(**{f"{column}__in": owners})
        condition |= one if keys == everything else one & Q(kind__in=sorted(keys))
    return condition


def in_sight(person: Person) -> Callable[[Scope, str, Any], bool]:
    """The same rule for an action at hand, by its scope, kind and personal holder: no query at all.

    It must say what `ActionQuerySet.visible_to` says; a test holds the two side by side.
    """
    seen = kinds_by_scope(person)

    def is_seen(scope: Scope, kind: str, holder_id: Any) -> bool:
        return holder_id == person.pk or kind in seen.get(scope, ())

    return is_seen


def _held(person: Person, *, in_own_name: bool = False) -> Q:
    """Held personally or by a present role; the loco's are also the mayor's, except in the own name."""
    condition = Q(holder_person=person)
    for grant in person.grants:
        if grant.scope is not None:
            roles = {grant.role} if in_own_name else acts_as(grant.role)
            condition |= Q(**grant.scope.as_fields(), holder_role__in=sorted(str(role) for role in roles))
    return condition


def _held_in_place(absent: Person, deputy: Person) -> Q:
    """What somebody on leave holds and the deputy may act on; a burgemeester's only where a loco."""
    barred = [one for one in mayor_of(absent.grants) if not reaches(absent, deputy, one)]
    held = _held(absent, in_own_name=True)
    return held & ~Q(municipality_id__in=barred) if barred else held


class MeasureQuerySet(models.QuerySet[Any]):
    """Reads of measures."""

    def visible_to(self, person: Person) -> MeasureQuerySet:
        """Contract A6 (a): a current membership of the measure's scope whose role sees its kind."""
        return self.filter(sight(person))

    def running(self) -> MeasureQuerySet:
        return self.filter(state=MeasureState.RUNNING)

    def listed(self) -> MeasureQuerySet:
        """Without what was stopped as a mistake."""
        return self.exclude(is_mistake=True)


class ActionQuerySet(models.QuerySet[Any]):
    """Reads of actions."""

    def visible_to(self, person: Person) -> ActionQuerySet:
        """Contract A6: (a) by membership and kind, or (b) personally held."""
        return self.filter(sight(person) | Q(holder_person=person))

    def unfinished(self) -> ActionQuerySet:
        return self.filter(state__in=[ActionState.OPEN, ActionState.IN_PROGRESS])

    def running(self) -> ActionQuerySet:
        """Unfinished, in a measure that runs."""
        return self.unfinished().filter(measure__state=MeasureState.RUNNING)

    def held_by(self, person: Person) -> ActionQuerySet:
        """Held personally, by a present role, or by somebody on leave in whose place the person acts now.

        A matter of work, not of sight: chain it to visible_to. One query more, to read the leaves.
        """
        condition = _held(person)
        for leave in absence(person).stands_in:
            condition |= _held_in_place(leave.person, person)
        return self.filter(condition)

    def in_hands_of(self, person: Person) -> ActionQuerySet:
        """Held in the own name: personally, or by a role of the person's own; leaves play no part."""
        return self.filter(_held(person, in_own_name=True))

    def late(self, at: datetime) -> ActionQuerySet:
        return self.filter(late_from__lte=at)


class EvidenceQuerySet(models.QuerySet[Any]):
    """Reads of evidence."""

    def standing(self) -> EvidenceQuerySet:
        """What was not withdrawn, with what it points to."""
        return self.filter(withdrawn_at__isnull=True).select_related("briefing", "paper_version__paper")


class AppointmentQuerySet(models.QuerySet[Any]):
    """Reads of appointments."""

    def visible_to(self, person: Person) -> AppointmentQuerySet:
        """As the measure they belong to, contract A6 (a)."""
        return self.filter(sight(person))

    def standing(self) -> AppointmentQuerySet:
        """Not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def coming(self) -> AppointmentQuerySet:
        """Not cancelled and not over."""
        return self.standing().filter(ends_at__gt=clock.now())

    def between(self, start: datetime, end: datetime) -> AppointmentQuerySet:
        """Those of which some part lies in the period; the first moment counts, the last does not."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class TemplateQuerySet(models.QuerySet[Any]):
    """Reads of templates."""

    def visible_to(self, person: Person) -> TemplateQuerySet:
        """National templates are open to every colleague; local ones to their municipality."""
        own = [grant.municipality_id for grant in person.grants if grant.municipality_id]
        if not person.grants:
            return self.none()
        return self.filter(Q(municipality__isnull=True) | Q(municipality_id__in=own))
