"""What comes of a visit: promises, the answer to its question, and who was told."""

from datetime import date
from typing import Any

from django.db import transaction

from measures.tracking import actions as tracking
from measures.tracking.actions.changed import bound_key
from measures.tracking.enums import Origin
from measures.tracking.models import Action
from portal.audit.record import text_change
from portal.people.models import Person
from visits.actions.changed import held, note, touch
from visits.models import Report, Visit


@transaction.atomic
def promise(
    *,
    by: Person,
    visit: Visit,
    title: str,
    due_on: date,
    key: str,
    description: str = "",
    holder_role: str = "",
    holder_person: Person | None = None,
) -> Action:
    """Write a promise down as an action with a holder and a date; it speaks until it is kept.

    The same one-time key leads to the action it made before.
    """
    measure = held(visit)
    return tracking.add_action(
        by=by,
        measure=measure,
        title=title,
        description=description,
        due_on=due_on,
        key=key,
        holder_role=holder_role,
        holder_person=holder_person,
        origin=Origin.PLEDGE,
    )


@transaction.atomic
def write_down(*, by: Person, visit: Visit, answer: str, learned: str, version: int | None = None) -> None:
    """Keep the answer to the question of the visit, and what is better next time."""
    held(visit)
    new = {"answer": answer.strip(), "learned": learned.strip()}
    changes: dict[str, Any] = {}
    for name, text in new.items():
        if text != getattr(visit, name):
            changes |= text_change(name, text)
    touch(visit, version=version, **new)
    note("visit.written_down", by=by, visit=visit, **changes)


@transaction.atomic
def report(*, by: Person, visit: Visit, to: str, on: date, key: str, kept_in: str = "") -> Report:
    """Write down that somebody was told; the same one-time key leads to what it wrote before."""
    held(visit)
    row, is_new = Report.objects.get_or_create(
        create_key=bound_key(key, by, visit.pk),
        defaults={"visit": visit, "to": to, "on": on, "kept_in": kept_in.strip(), "recorded_by": by},
    )
    if is_new:
        note("visit.reported", by=by, visit=visit, to=(None, to), on=(None, on))
    return row
