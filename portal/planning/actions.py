"""Every write to closed days and recess; each function is one transaction.

What is planned already stays where it is: a closed day counts for dates that are worked out or moved
from now on.
"""

from datetime import date

from django.db import transaction

from portal.audit.record import record, text_change
from portal.municipalities.models import Municipality, Scope
from portal.people.marks import made_id
from portal.people.models import Person
from portal.planning.models import ClosedDay, Recess


@transaction.atomic
def add_closed_day(*, by: Person, scope: Scope, day: date, name: str, key: str) -> ClosedDay:
    """Add a closed day; the same one-time key leads to the day it added before."""
    made = made_id(by, key)
    before = ClosedDay.objects.filter(pk=made).first()
    if before is not None:
        return before
    row = ClosedDay.objects.create(id=made, municipality_id=scope.municipality_id, day=day, name=name.strip())
    record(
        "calendar.day_added",
        by=by,
        about=row,
        scope=scope,
        changes={"day": (None, day)} | text_change("name", name.strip()),
    )
    return row


@transaction.atomic
def remove_closed_day(*, by: Person, row: ClosedDay) -> None:
    """Take a closed day off the list."""
    if ClosedDay.objects.filter(pk=row.pk).delete()[0]:
        record(
            "calendar.day_removed",
            by=by,
            about=row,
            scope=Scope(row.municipality_id),
            changes={"day": (row.day, None)},
        )


@transaction.atomic
def add_recess(*, by: Person, scope: Scope, starts_on: date, ends_on: date, name: str, key: str) -> Recess:
    """Add a recess; the same one-time key leads to the recess it added before."""
    made = made_id(by, key)
    before = Recess.objects.filter(pk=made).first()
    if before is not None:
        return before
    row = Recess.objects.create(
        id=made,
        municipality_id=scope.municipality_id,
        starts_on=starts_on,
        ends_on=ends_on,
        name=name.strip(),
    )
    record(
        "calendar.recess_added",
        by=by,
        about=row,
        scope=scope,
        changes={"starts_on": (None, starts_on), "ends_on": (None, ends_on)}
        | text_change("name", name.strip()),
    )
    return row


@transaction.atomic
def remove_recess(*, by: Person, row: Recess) -> None:
    """Take a recess off the list."""
    if Recess.objects.filter(pk=row.pk).delete()[0]:
        record(
            "calendar.recess_removed",
            by=by,
            about=row,
            scope=Scope(row.municipality_id),
            changes={"starts_on": (row.starts_on, None), "ends_on": (row.ends_on, None)},
        )


@transaction.atomic
def confirm_calendar(*, by: Person, scope: Scope) -> None:
    """Note that somebody looked at the list and found it right."""
    municipality = Municipality.objects.get(pk=scope.municipality_id)
    record("calendar.confirmed", by=by, about=municipality, scope=scope)
