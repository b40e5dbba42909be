"""Which memberships and invitations a beheerder keeps, and which of them are not over."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from portal.people import permissions
from portal.people.models import Person


def managed(person: Person, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Of these memberships or invitations those in places whose people this person keeps."""
    if permissions.is_national(person):
        return rows
    own = [
        grant.municipality_id for grant in person.grants if permissions.is_beheerder_of(person, grant.scope)
    ]
    return rows.filter(municipality_id__in=own)


def not_over(today: date) -> Q:
    """Memberships that hold now or will."""
    return Q(ended_at__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
