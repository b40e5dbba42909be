"""What the page of closed days and recess shows, and who looked at it last."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal import clock
from portal.audit.models import AuditRow
from portal.people.models import Person
from portal.people.places import Place, own_places
from portal.planning.days import holidays
from portal.planning.history import SENTENCES
from portal.planning.models import ClosedDay, Recess


@dataclass(frozen=True)
class Looked:
    """Who worked on the list last, and when."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class Calendar:
    """The days and recesses of one municipality from today on."""

    place: Place
    days: list[ClosedDay]
    recesses: list[Recess]
    last: Looked | None


def calendar(place: Place) -> Calendar:
    """Three queries, however long the list."""
    today = clock.today()
    return Calendar(
        place,
        list(ClosedDay.objects.filter(municipality_id=place.owner_id, day__gte=today)),
        list(Recess.objects.filter(municipality_id=place.owner_id, ends_on__gte=today)),
        last_look(place),
    )


def last_look(place: Place) -> Looked | None:
    """Who changed or confirmed the list last; None when nobody ever did."""
    row = (
        AuditRow.objects.filter(event__in=list(SENTENCES), **place.as_fields())
        .select_related("actor")
        .order_by("-id")
        .first()
    )
    if row is None:
        return None
    return Looked(row.at, row.actor.name if row.actor else _("Het portaal"), str(SENTENCES[row.event]))


def coming_holidays() -> list[tuple[date, str]]:
    """The holidays of this year and the next that are still to come."""
    today = clock.today()
    return [
        (day, name)
        for day, name in sorted(holidays().items())
        if today <= day <= date(today.year + 1, 12, 31)
    ]


def kept_by(person: Person, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Of these days or recesses those of the municipalities this person is beheerder of."""
    return rows.filter(municipality_id__in=[place.owner_id for place in own_places(person)])
