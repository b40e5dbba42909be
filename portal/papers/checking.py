"""Checking what was uploaded: by the virus scanner, then from within; one paper at a time."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
import uuid6
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Subquery

from portal import clock
from portal.audit.record import record
from portal.nudge import nudge
from portal.papers import looking, scanner
from portal.papers.actions import TASK
from portal.papers.enums import Kind, Refusal, State
from portal.papers.looking import Seen
from portal.papers.models import PaperVersion
from portal.search import actions as index

log = structlog.get_logger("portal.papers")

ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=20)
# A scanner that does not answer is asked again so often.
SCAN_AGAIN_AFTER = timedelta(seconds=60)
# Longer than the scan, the look, the conversion and the look at what that made together.
LEASE = timedelta(seconds=2 * looking.SECONDS + looking.CONVERT_SECONDS + 2 * scanner.SECONDS + 60)
# No upload and no look takes so long.
LEFT_BEHIND_AFTER = timedelta(hours=3)
# One run leaves room for others; what is over is for the next.
MOST_AT_ONCE = 2
_PART = 1024 * 1024


def check_waiting() -> int:
    """Check what waits, a few at a time; returns how many were taken up."""
    tidy()
    clear_work()
    give_up()
    taken = 0
    while taken < MOST_AT_ONCE and (row := claim()) is not None:
        check(row)
        taken += 1
    if taken == MOST_AT_ONCE:
        nudge(TASK)
    return taken


def give_up() -> int:
    """What three workers took and none brought back is too heavy."""
    rows = list(PaperVersion.objects.to_check(clock.now()).filter(attempts__gte=ATTEMPTS))
    return sum(_settle(row, state=State.REFUSED, refusal=Refusal.TOO_HEAVY) for row in rows)


def claim() -> PaperVersion | None:
    """Take the oldest that waits, with one statement and a lease; None when nothing waits or one is busy."""
    now = clock.now()
    # "checking" sorts before "waiting": what lost its worker first, or nothing else could be taken.
    first = (
        PaperVersion.objects.to_check(now)
        .filter(attempts__lt=ATTEMPTS)
        .order_by("state", "uploaded_at", "id")[:1]
    )
    if connection.features.has_select_for_update_skip_locked:
        first = first.select_for_update(skip_locked=True)
    lease = uuid6.uuid7()
    try:
        with transaction.atomic():
            taken = PaperVersion.objects.filter(pk=Subquery(first.values("pk"))).update(
                state=State.CHECKING, lease_id=lease, lease_until=now + LEASE, attempts=F("attempts") + 1
            )
    except IntegrityError:
        return None
    return PaperVersion.objects.select_related("paper").get(lease_id=lease) if taken else None


def check(row: PaperVersion) -> None:
    """Check one claimed version and settle it."""
    try:
        if scanner.is_configured() and not scanner.is_clean(_parts(row.received)):
            _settle(row, state=State.REFUSED, refusal=Refusal.VIRUS)
            return
    except scanner.Unreachable as error:
        log.error("paper_not_scanned", version=str(row.pk), error=str(error))
        again = clock.now() + SCAN_AGAIN_AFTER
        # Waiting for the scanner is no attempt that failed.
        _settle(row, state=State.WAITING, lease_until=again, attempts=row.attempts - 1, is_unscanned=True)
        return
    try:
        _look(row)
    except Exception as error:
        # Only the type: an exception's words may hold words of the paper.
        log.error("paper_check_failed", version=str(row.pk), error=type(error).__name__)
        if row.attempts >= ATTEMPTS:
            _settle(row, state=State.REFUSED, refusal=Refusal.TOO_HEAVY)
        else:
            _settle(row, state=State.WAITING, lease_until=clock.now() + RETRY_AFTER * row.attempts)


def tidy() -> None:
    """Remove what came in and is not needed any more: refused, or replaced by a clean image."""
    rows = PaperVersion.objects.filter(state__in=[State.READY, State.REFUSED]).exclude(received="")
    for row in rows.order_by("id")[:50]:
        default_storage.delete(row.received)
        PaperVersion.objects.filter(pk=row.pk).update(received="")


def clear_work() -> None:
    """Remove what a killed process left in the work folder; nothing of use lies there so long."""
    before = (clock.now() - LEFT_BEHIND_AFTER).timestamp()
    for path in settings.WORK_DIR.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def _parts(name: str) -> Iterator[bytes]:
    with default_storage.open(name) as file:
        while part := file.read(_PART):
            yield part


def _look(row: PaperVersion) -> None:
    with tempfile.TemporaryDirectory(dir=settings.WORK_DIR) as name:
        folder = Path(name)
        path = folder / "paper"
        with path.open("wb") as copy:
            for part in _parts(row.received):
                copy.write(part)
        seen = looking.look(row.kind, path, folder)
        if isinstance(seen, Refusal):
            _settle(row, state=State.REFUSED, refusal=seen)
            return
        as_pdf = looking.to_pdf(path, seen.media_type, folder) if row.kind == Kind.OFFICE else None
        _keep(row, path, seen, as_pdf)


def _keep(row: PaperVersion, path: Path, seen: Seen, as_pdf: Path | None) -> None:
    """Settle what was found good; an image is served as it was made anew, never as it came."""
    served = seen.output or path
    # What is not made anew keeps its place in the storage.
    name = _stored(served) if seen.output else row.received
    converted = _stored(as_pdf) if as_pdf else ""
    with served.open("rb") as file:
        digest = sha256()
        while part := file.read(_PART):
            digest.update(part)
    kept = _settle(
        row,
        state=State.READY,
        file=name,
        received=row.received if seen.output else "",
        size=served.stat().st_size,
        sha256=digest.hexdigest(),
        media_type=seen.media_type,
        pages=seen.pages,
        text=seen.text,
        converted=converted,
    )
    if not kept:
        for made in (name if seen.output else "", converted):
            if made:
                default_storage.delete(made)


def _stored(path: Path) -> str:
    with path.open("rb") as file:
        return default_storage.save(f"stukken/{uuid6.uuid7()}", File(file))


@transaction.atomic
def _settle(row: PaperVersion, *, state: State, **fields: Any) -> bool:
    """Write the outcome, unless the lease ran out and somebody else has the row now."""
    written: dict[str, Any] = {"lease_until": None, "is_unscanned": False, **fields}
    if state in (State.READY, State.REFUSED):
        written["checked_at"] = clock.now()
    held = PaperVersion.objects.filter(pk=row.pk, lease_id=row.lease_id, state=row.state)
    if not held.update(state=state, lease_id=None, **written):
        log.warning("paper_lease_lost", version=str(row.pk))
        return False
    paper, changes = row.paper, {"state": (State.CHECKING.value, state.value), "number": row.number}
    if state == State.READY:
        index.changed("paper", [paper.pk])
        record("paper.checked", by=None, about=paper, scope=paper.scope, changes=changes)
    elif state == State.REFUSED:
        why = {"refusal": str(written["refusal"])}
        record("paper.refused", by=None, about=paper, scope=paper.scope, changes=changes | why)
    if state in (State.READY, State.REFUSED):
        transaction.on_commit(tidy)
    return True
