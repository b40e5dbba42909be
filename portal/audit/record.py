"""Writing audit rows, sealing them and checking the seals."""

import json
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction

from portal.access.guard import door
from portal.audit.models import AuditRow, AuditSeal, ViewRow
from portal.municipalities.models import Scope

if TYPE_CHECKING:
    from portal.people.models import Person

# Where the change came from: a page, a task, or a command on the server.
origin: ContextVar[str] = ContextVar("origin", default="web")

GENESIS = "0" * 64
_SEAL_BATCH = 500


def text_change(field: str, text: str) -> dict[str, Any]:
    """How a text is recorded: its field and length, never its words."""
    return {field: {"length": len(text)}}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)


def record(
    event: str,
    *,
    by: "Person | None",
    about: Any,
    scope: Scope | None,
    changes: Mapping[str, Any] | None = None,
) -> AuditRow:
    """Write one audit row inside the caller's transaction; `about` is the changed row.

    `changes` holds (old, new) pairs of state, date, person and number fields, and lengths of texts.
    """
    plain: dict[str, Any] = {}
    for field, value in (changes or {}).items():
        if isinstance(value, tuple):
            plain[field] = {"old": _plain(value[0]), "new": _plain(value[1])}
        else:
            plain[field] = _plain(value)
    return AuditRow.objects.create(
        event=event,
        actor=by,
        origin=origin.get(),
        object_type=about._meta.label_lower,
        object_id=about.pk,
        municipality_id=scope.municipality_id if scope else None,
        driehoek_id=scope.driehoek_id if scope else None,
        changes=plain,
    )


def record_view(person: "Person", about: Any) -> None:
    """Note that a person opened this page; the one door through which a reading request writes."""
    with door(ViewRow._meta.db_table):
        ViewRow.objects.create(person=person, object_type=about._meta.label_lower, object_id=about.pk)


def _chain(row: AuditRow) -> str:
    return (
        f"m:{row.municipality_id}"
        if row.municipality_id
        else f"d:{row.driehoek_id}"
        if row.driehoek_id
        else "-"
    )


def digest(row: AuditRow, previous: str) -> str:
    """The seal of a row: SHA-256 over the seal before it and every field of the row."""
    content = json.dumps(
        [
            previous,
            str(row.pk),
            row.event,
            str(row.actor_id),
            row.at.isoformat(),
            row.origin,
            row.object_type,
            str(row.object_id),
            _chain(row),
            row.changes,
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return sha256(content.encode()).hexdigest()


@transaction.atomic
def seal() -> int:
    """Seal the rows that have no seal yet, oldest first; returns how many. One sealer at a time."""
    waiting = list(AuditRow.objects.filter(auditseal__isnull=True).order_by("id")[:_SEAL_BATCH])
    ends: dict[str, tuple[int, str]] = {}
    for row in waiting:
        chain = _chain(row)
        if chain not in ends:
            last = AuditSeal.objects.filter(chain=chain).order_by("-number").first()
            ends[chain] = (last.number, last.digest) if last else (0, GENESIS)
        number, previous = ends[chain]
        made = digest(row, previous)
        # The unique (chain, number) makes a second sealer at the same moment fail and retry later.
        AuditSeal.objects.create(row=row, chain=chain, number=number + 1, previous=previous, digest=made)
        ends[chain] = (number + 1, made)
    return len(waiting)


def broken_seals() -> list[AuditSeal]:
    """Every seal that no longer fits its row or the seal before it; empty when all is well."""
    broken: list[AuditSeal] = []
    previous: dict[str, tuple[int, str]] = {}
    for one in AuditSeal.objects.select_related("row").order_by("chain", "number").iterator():
        number, end = previous.get(one.chain, (0, GENESIS))
        if one.previous != end or one.number != number + 1 or one.digest != digest(one.row, one.previous):
            broken.append(one)
        previous[one.chain] = (one.number, one.digest)
    return broken
