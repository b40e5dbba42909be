"""Asking for a pack, and asking for a failed one again; each function is one transaction."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from portal import clock
from portal.audit.record import record
from portal.nudge import nudge
from portal.papers.packs.enums import State
from portal.papers.packs.models import Pack
from portal.papers.packs.registry import Subject
from portal.people.models import Person

TASK = "portal.papers.tasks.make_packs"


@transaction.atomic
def ask(
    *, by: Person, binder: str, subject: Subject, left_out: Iterable[str] = (), key: str | None = None
) -> Pack:
    """Ask for a pack for oneself; the same one-time key leads to the one it asked for before."""
    if key:
        asked = Pack.objects.filter(ask_key=key, reader=by).first()
        if asked is not None:
            return asked
    try:
        with transaction.atomic():
            row = Pack.objects.create(
                binder=binder,
                subject_id=subject.pk,
                reader=by,
                left_out=sorted(set(left_out)),
                ask_key=key or None,
                **subject.scope.as_fields(),
            )
    except IntegrityError:
        # The second of two presses that came at once.
        return Pack.objects.get(ask_key=key, reader=by)
    record("pack.asked", by=by, about=row, scope=subject.scope, changes={"left_out": len(row.left_out)})
    nudge(TASK)
    return row


@transaction.atomic
def retry(*, by: Person, pack: Pack) -> bool:
    """Put a failed pack back to be made; False when it was not failed (any more)."""
    changed = Pack.objects.filter(pk=pack.pk, state=State.FAILED).update(
        state=State.ASKED, attempts=0, problem="", asked_at=clock.now(), lease_id=None, lease_until=None
    )
    if changed:
        states = {"state": (State.FAILED.value, State.ASKED.value)}
        record("pack.retried", by=by, about=pack, scope=pack.scope, changes=states)
        nudge(TASK)
    return bool(changed)
