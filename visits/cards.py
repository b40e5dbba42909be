"""What visits put on the start page: the sheet of who comes along, the mayor's visit of today or tomorrow."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from portal import clock
from portal.deadlines.queries import told_for_cards
from portal.deadlines.sources import on_cards
from portal.people.enums import Role
from portal.people.models import Person
from portal.ui.registry import Card, cards
from visits.calendars import VISITS
from visits.enums import Sheet, VisitState
from visits.models import DateOption, Visit
from visits.models.visits import VisitQuerySet

SHOWN = 3
# So far ahead who comes along sees it.
AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Coming:
    """One visit: when, and the sheet of this reader. Its name is for whoever sees the visit.

    Without hours it asks the reader which moments suit.
    """

    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    url: str
    is_today: bool


@dataclass(frozen=True)
class Visits:
    rows: list[Coming]


def _offices(person: Person) -> set[Any]:
    """The municipalities in which the person is burgemeester or loco."""
    mayors = (Role.BURGEMEESTER, Role.LOCO)
    return {one.municipality_id for one in person.grants if one.municipality_id and one.role in mayors}


def standing(person: Person) -> VisitQuerySet:
    """The visits that lie ahead of who comes along, and of the mayor those of today and tomorrow.

    Without a day those with a moment to which who comes along said nothing yet.
    """
    today = clock.today()
    own = Q(municipality_id__in=_offices(person), starts_at__lt=clock.end_of(today + timedelta(days=1)))
    along = Q(pk__in=Visit.objects.accompanied_by(person).order_by().values("pk"))
    coming = Q(
        state__in=[VisitState.PLANNED, VisitState.CONFIRMED, VisitState.HELD],
        starts_at__gte=clock.at(today, time(0)),
        starts_at__lt=clock.end_of(today) + AHEAD,
    )
    unanswered = DateOption.objects.filter(withdrawn_at__isnull=True, starts_at__gt=clock.now()).exclude(
        answers__companion__person=person
    )
    asks = Q(state=VisitState.IDEA, pk__in=unanswered.order_by().values("visit"))
    return Visit.objects.filter(own & coming | along & (coming | asks), measure__is_mistake=False)


def visits(person: Person) -> Visits | None:
    """The next visits of this reader, as mayor or as companion; a query only where there are some."""
    found = told_for_cards(person).get(VISITS)
    if not found:
        return None
    offices = _offices(person)
    rows = Visit.objects.listed().filter(pk__in=found).order_by("starts_at", "id")[:SHOWN]
    return Visits([_coming(row, row.municipality_id in offices) for row in rows])


def _coming(row: Visit, is_mayor: bool) -> Coming:
    if row.starts_at is None:
        return Coming("", None, None, reverse("visits:own_answers", args=[row.pk]), False)
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
    on_cards[VISITS] = standing
    cards.register(Card("visits", frozenset(), 14, visits))
