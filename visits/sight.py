"""Who sees the visits of a scope: contract A6 (a) for this kind, for every row that has a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from measures.tracking.querysets import kinds_by_scope

if TYPE_CHECKING:
    from portal.people.models import Person

KIND = "visits"


def sees(person: Person) -> Q:
    """The rows of the scopes in which some role of the person sees visits; matches nothing without."""
    scopes = [scope for scope, keys in kinds_by_scope(person).items() if KIND in keys]
    municipalities = [one.municipality_id for one in scopes if one.municipality_id]
    driehoeken = [one.driehoek_id for one in scopes if one.driehoek_id]
    found = Q(pk__in=[])
    if municipalities:
        found |= Q(municipality_id__in=municipalities)
    if driehoeken:
        found |= Q(driehoek_id__in=driehoeken)
    return found
