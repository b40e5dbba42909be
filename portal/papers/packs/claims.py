"""Taking work up: one row by one statement with a lease, and letting it go with its outcome."""

from datetime import timedelta
from typing import Any

import structlog
import uuid6
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Subquery

from portal import clock
from portal.papers.packs import binding
from portal.papers.packs.enums import Problem, Sort, State
from portal.papers.packs.models import Pack, Piece

log = structlog.get_logger("portal.packs")

ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=20)
# Longer than any paper may take to be laid out.
LEASE = timedelta(seconds=binding.SECONDS + 120)


def pack() -> Pack | None:
    """The oldest pack that asks for a hand; None when none does."""
    now = clock.now()
    first = Pack.objects.to_lead(now).filter(attempts__lt=ATTEMPTS).order_by("asked_at", "id")
    lease = _claim(Pack, first)
    return Pack.objects.select_related("reader").get(lease_id=lease) if lease else None


def piece() -> Piece | None:
    """The next piece; while one worker binds a paper, another takes what is rendered."""
    lease = None
    for sorts in ([str(one) for one in Sort], [str(Sort.ITEM), str(Sort.SHEET)]):
        waiting = Piece.objects.to_make(clock.now()).filter(attempts__lt=ATTEMPTS, sort__in=sorts)
        busy = Piece.objects.filter(sort=Sort.PAPER, state=State.MAKING, lease_until__gte=clock.now())
        if Sort.PAPER in sorts and busy.exists():
            continue
        # What lost its worker first: while it is called "making", no other paper can be taken.
        lease = _claim(Piece, waiting.order_by("-state", "pack_id", "order"), state=State.MAKING)
        if lease:
            break
    return Piece.objects.select_related("pack", "version").get(lease_id=lease) if lease else None


def _claim(model: Any, rows: Any, **fields: Any) -> Any:
    first = rows[:1]
    if connection.features.has_select_for_update_skip_locked:
        first = first.select_for_update(skip_locked=True)
    lease = uuid6.uuid7()
    try:
        with transaction.atomic():
            taken = model.objects.filter(pk=Subquery(first.values("pk"))).update(
                lease_id=lease, lease_until=clock.now() + LEASE, attempts=F("attempts") + 1, **fields
            )
    except IntegrityError:
        # Another worker took a paper between our look and our hand.
        return None
    return lease if taken else None


def settle(row: Pack | Piece, **fields: Any) -> bool:
    """Write the outcome, unless the lease ran out and somebody else has the row now."""
    fields = {"lease_until": None, **fields, "lease_id": None}
    model: Any = type(row)
    kept = model.objects.filter(pk=row.pk, lease_id=row.lease_id).update(**fields)
    if not kept:
        log.warning("pack_lease_lost", row=str(row.pk))
        return False
    for name, value in fields.items():
        setattr(row, name, value)
    return True


def put_back(row: Pack | Piece, state: State) -> bool:
    """Try again in a while; False when it was tried often enough."""
    if row.attempts >= ATTEMPTS:
        return False
    settle(row, state=state, lease_until=clock.now() + RETRY_AFTER * row.attempts)
    return True


def give_up() -> int:
    """What three workers took and none brought back has failed; a paper leaves its sheet behind."""
    now = clock.now()
    lost = Pack.objects.to_lead(now).filter(attempts__gte=ATTEMPTS)
    count = lost.update(state=State.FAILED, problem=Problem.RENDER, lease_id=None, lease_until=None)
    # Of a pack that failed meanwhile: while it is called "making", no paper of any pack can be taken.
    left = Piece.objects.filter(state=State.MAKING, lease_until__lt=now).exclude(pack__state=State.MAKING)
    left.update(state=State.FAILED, lease_id=None, lease_until=None)
    pieces = Piece.objects.to_make(now).filter(attempts__gte=ATTEMPTS)
    for one in pieces.order_by("pk"):
        if one.sort == Sort.PAPER:
            binding.leave_out(one, "too_heavy")
        else:
            Piece.objects.filter(pk=one.pk).update(state=State.FAILED, lease_id=None, lease_until=None)
            Pack.objects.filter(pk=one.pack_id, state=State.MAKING).update(
                state=State.FAILED, problem=Problem.RENDER, lease_id=None, lease_until=None
            )
        count += 1
    return count
