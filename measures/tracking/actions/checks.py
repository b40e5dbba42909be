"""Ticking a line of the checklist and writing a note."""

from django.db import transaction

from measures.tracking.models import Action, Check, Note
from portal import clock
from portal.audit.record import record, text_change
from portal.people.models import Person


@transaction.atomic
def tick(*, by: Person, check: Check, done: bool) -> None:
    """Set a line of the checklist to done or back; the same press twice changes nothing."""
    changed = Check.objects.filter(pk=check.pk, done_at__isnull=done).update(
        done_at=clock.now() if done else None, done_by=by if done else None
    )
    if changed:
        record(
            "action.ticked",
            by=by,
            about=check.action,
            scope=check.action.scope,
            changes={"line": check.order + 1, "done": done},
        )


@transaction.atomic
def write_note(*, by: Person, action: Action, text: str, key: str) -> Note:
    """Write a note; the same one-time key leads to the note it made before."""
    made = Note.objects.filter(create_key=key, by=by).first()
    if made is not None:
        return made
    note = Note.objects.create(action=action, text=text.strip(), by=by, create_key=key)
    record("action.noted", by=by, about=action, scope=action.scope, changes=text_change("note", text))
    return note
