"""What visits put on the start page: the sheet of who comes along, the mayor's visit of today or tomorrow."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse

from portal import clock
from portal.people.enums import Role
from portal.people.models import Person
from portal.ui.registry import Card, cards
from visits.enums import Sheet, VisitState
from visits.models import Visit

SHOWN = 3
# So far ahead who comes along sees it.
AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Coming:
    """One visit: when, and the sheet of this reader. Its name is for whoever sees the visit."""

    title: str
    starts_at: datetime
    ends_at: datetime
    url: str
    is_today: bool


@dataclass(frozen=True)
class Visits:
    rows: list[Coming]


def visits(person: Person) -> Visits | None:
    """The next visits of this reader, as mayor or as companion; one query, none for who has no membership."""
    if not person.grants:
        return None
    today = clock.today()
    offices = {
        one.municipality_id
        for one in person.grants
        if one.municipality_id and one.role in (Role.BURGEMEESTER, Role.LOCO)
    }
    tomorrow = clock.end_of(today + timedelta(days=1))
    own = Q(municipality_id__in=offices, starts_at__lt=tomorrow)
    along = Q(pk__in=Visit.objects.accompanied_by(person).order_by().values("pk"))
    rows = (
        Visit.objects.listed()
        .filter(
            own | along,
            state__in=[VisitState.PLANNED, VisitState.CONFIRMED, VisitState.HELD],
            starts_at__gte=clock.at(today, time(0)),
            starts_at__lt=clock.end_of(today) + AHEAD,
        )
        .order_by("starts_at", "id")[:SHOWN]
    )
    found = [_coming(row, row.municipality_id in offices) for row in rows]
    return Visits(found) if found else None


def _coming(row: Visit, is_mayor: bool) -> Coming:
    assert row.starts_at is not None
    assert row.ends_at is not None
    url = (
        reverse("visits:sheet_of", args=[row.pk, Sheet.MAYOR])
        if is_mayor
        else reverse("visits:sheet", args=[row.pk])
    )
    return Coming(
        str(row.title) if is_mayor else "", row.starts_at, row.ends_at, url, row.day == clock.today()
    )


def register() -> None:
    """Register the card; called once when the app is ready."""
    cards.register(Card("visits", frozenset(), 14, visits))
