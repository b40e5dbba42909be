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
from portal.municipalities.models import Scope
from portal.people.enums import acts_as

if TYPE_CHECKING:
    from portal.people.models import Person


def kinds_by_scope(person: Person) -> dict[Scope, frozenset[str]]:
    """Which kinds the person sees in which scope, from the memberships that hold now."""
    seen: dict[Scope, set[str]] = defaultdict(set)
    for grant in person.grants:
        if grant.scope is None:
            continue
        seen[grant.scope].update(one.key for one in kinds() if grant.role in one.roles_see)
    return {scope: frozenset(keys) for scope, keys in seen.items() if keys}


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
        """Held personally, or by a role the person has now in the action's scope."""
        condition = Q(holder_person=person)
        for grant in person.grants:
            if grant.scope is None:
                continue
            column = "municipality_id" if grant.municipality_id else "driehoek_id"
            owner = grant.municipality_id or grant.driehoek_id
            mine = sorted(str(role) for role in acts_as(grant.role))
            condition |= Q(**{column: owner, "holder_role__in": mine})
        return self.filter(condition)

    def late(self, at: datetime) -> ActionQuerySet:
        return self.filter(late_from__lte=at)


class TemplateQuerySet(models.QuerySet[Any]):
    """Reads of templates."""

    def visible_to(self, person: Person) -> TemplateQuerySet:
        """National templates are open to every colleague; local ones to their municipality."""
        own = [grant.municipality_id for grant in person.grants if grant.municipality_id]
        if not person.grants:
            return self.none()
        return self.filter(Q(municipality__isnull=True) | Q(municipality_id__in=own))
