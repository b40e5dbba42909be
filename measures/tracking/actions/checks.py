"""Ticking a line of the checklist and writing a note."""

from django.db import transaction

from measures.tracking.actions.changed import bound_key
from measures.tracking.actions.life import must_be_at_work
from measures.tracking.actions.names import named
from measures.tracking.models import Action, Check, Note
from portal import clock
from portal.audit.record import record, text_change
from portal.people.models import Person


@transaction.atomic
def tick(*, by: Person, check: Check, done: bool) -> None:
    """Set a line of the checklist to done or back; the same press twice changes nothing."""
    must_be_at_work(check.action)
    changed = Check.objects.filter(pk=check.pk, done_at__isnull=done).update(
        done_at=clock.now() if done else None, done_by=by if done else None
    )
    if changed:
        record(
            "action.ticked",
            by=by,
            about=check.action,
            scope=check.action.scope,
            changes={"line": check.order + 1, "done": done} | named(by, check.action),
        )


@transaction.atomic
def write_note(*, by: Person, action: Action, text: str, key: str) -> Note:
    """Write a note; the same one-time key leads to the note it made before."""
    note, is_new = Note.objects.get_or_create(
        create_key=bound_key(key, by, action.pk),
        defaults={"action": action, "text": text.strip(), "by": by},
    )
    if is_new:
        record(
            "action.noted",
            by=by,
            about=action,
            scope=action.scope,
            changes=text_change("note", text) | named(by, action),
        )
    return note
