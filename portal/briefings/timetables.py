"""When the briefings of a municipality come: what the page shows, and changing it."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F

from portal import clock
from portal.audit.record import record
from portal.briefings import office
from portal.briefings.models import Timetable
from portal.briefings.registry import Document
from portal.briefings.scheduling import default
from portal.nudge import nudge
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.marks import made_id
from portal.people.models import Person
from portal.people.places import Place
from portal.planning.days import OfficeDays

TASK = "portal.briefings.tasks.make_due"
FIELDS = ("is_on", "at", "weekday", "days_after", "office_days_only")


@dataclass(frozen=True)
class Planned:
    """One briefing of one municipality: how it is set, and when the next one comes."""

    document: Document
    row: Timetable
    next: datetime | None


def row_of(municipality_id: Any, of: Document) -> Timetable:
    """The timetable as it is laid, or what holds by itself; reads only."""
    found = Timetable.objects.filter(municipality_id=municipality_id, document=of.key).first()
    return found or default(municipality_id, of)


def planned(place: Place) -> list[Planned]:
    """The briefings of one municipality with what comes next."""
    rows = {row.document: row for row in Timetable.objects.filter(municipality_id=place.owner_id)}
    days, found = OfficeDays.of_municipality(place.owner_id), []
    for of in office.scheduled():
        row = rows.get(of.key) or default(place.owner_id, of)
        assert of.rhythm is not None
        rhythm = row.rhythm(of.rhythm)
        found.append(Planned(of, row, rhythm.next(clock.now(), days) if row.is_on else None))
    return found


@transaction.atomic
def change_timetable(
    *, by: Person, place: Place, of: Document, version: int, key: str, **wanted: Any
) -> None:
    """Set when a briefing comes. What was made in this period is not made again; the same key sets it once.

    Today still counts: an hour that went by today is made up at once. Raises ChangedMeanwhile.
    """
    assert place.scope is not None
    row, _is_new = Timetable.objects.get_or_create(
        municipality_id=place.owner_id, document=of.key, defaults=_plain(default(place.owner_id, of))
    )
    # The id of the change a form makes: its second post finds that it was made.
    made = made_id(by, key)
    if row.last_change == made:
        return
    before = _plain(row)
    now = clock.now()
    rows = Timetable.objects.filter(pk=row.pk, version=version)
    since = row.since if wanted == before else max(row.since, clock.at(clock.today(), time(0)))
    changed = rows.update(version=F("version") + 1, since=since, look_at=now, last_change=made, **wanted)
    if changed != 1:
        raise ChangedMeanwhile
    record(
        "timetable.changed",
        by=by,
        about=row,
        scope=place.scope,
        changes={"briefing": of.key}
        | {
            name: (_said(before[name]), _said(wanted[name]))
            for name in FIELDS
            if before[name] != wanted[name]
        },
    )
    nudge(TASK)


def _plain(row: Timetable) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, time) else value
