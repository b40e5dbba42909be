"""Every write to telephone numbers and mailboxes; each function is one transaction."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from portal import clock
from portal.audit.record import record, text_change
from portal.municipalities.models import Municipality, PhoneNumber, Scope
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.marks import state_of
from portal.people.models import Person


@dataclass(frozen=True)
class Recorded:
    """A number as the audit record knows it: its key is a word, the record asks for an id."""

    number: PhoneNumber

    @property
    def _meta(self) -> Any:
        return self.number._meta

    @property
    def pk(self) -> UUID:
        return uuid5(NAMESPACE_OID, f"telephone:{self.number.key}")


def state(row: PhoneNumber) -> int:
    """The version of a number: what it says, in one value."""
    return state_of(row.number, row.hours, row.source, row.checked_on)


def _set(row: PhoneNumber, version: int | None, **fields: Any) -> None:
    """Compare-and-set on everything the page showed."""
    if version is not None and version != state(row):
        raise ChangedMeanwhile
    same = PhoneNumber.objects.filter(
        key=row.key, number=row.number, hours=row.hours, source=row.source, checked_on=row.checked_on
    )
    if same.update(**fields) != 1:
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(row, name, value)


@transaction.atomic
def change_number(
    *,
    by: Person,
    row: PhoneNumber,
    number: str,
    hours: str,
    source: str,
    checked_on: date,
    version: int | None = None,
) -> None:
    """Change what the register says; every text that refers to the number follows."""
    old = (row.number, row.checked_on)
    _set(row, version, number=number, hours=hours.strip(), source=source.strip(), checked_on=checked_on)
    record(
        "number.changed",
        by=by,
        about=Recorded(row),
        scope=None,
        changes={"key": row.key, "number": (old[0], number), "checked_on": (old[1], checked_on)}
        | text_change("hours", hours.strip())
        | text_change("source", source.strip()),
    )


@transaction.atomic
def check_number(*, by: Person, row: PhoneNumber, version: int | None = None) -> None:
    """Note that the number, the hours and the source were looked at today and are right."""
    old, today = row.checked_on, clock.today()
    _set(row, version, checked_on=today)
    record(
        "number.checked",
        by=by,
        about=Recorded(row),
        scope=None,
        changes={"key": row.key, "checked_on": (old, today)},
    )


@transaction.atomic
def set_mailbox(*, by: Person, municipality: Municipality, mailbox: str, version: int | None = None) -> None:
    """Set in whose name this municipality invites; what was sent before keeps the address it had."""
    old = municipality.mailbox
    if version is not None and version != state_of(old):
        raise ChangedMeanwhile
    if Municipality.objects.filter(pk=municipality.pk, mailbox=old).update(mailbox=mailbox) != 1:
        raise ChangedMeanwhile
    municipality.mailbox = mailbox
    if mailbox != old:
        record(
            "municipality.mailbox_changed",
            by=by,
            about=municipality,
            scope=Scope(municipality.pk),
            changes=text_change("mailbox", mailbox),
        )
