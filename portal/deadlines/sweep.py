"""The sweep: claims what is due, asks again whether it holds, and writes what each person must hear."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
import uuid6
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Field

from portal import clock
from portal.deadlines.models import Reminder
from portal.deadlines.plan import SECOND_PERSON
from portal.deadlines.readers import People, Said, still_due, who_hears
from portal.deadlines.sources import source
from portal.deadlines.telling import tell, write_notices

log = structlog.get_logger("portal.deadlines")

CLAIM = 1000
CHUNK = 500
# How long a reminder that cannot be fired waits for its next try.
PUT_ASIDE = timedelta(hours=1)

_CLAIM = """
UPDATE deadlines_reminder SET state = 'claimed', lease_id = %s, lease_until = %s
WHERE id IN (
    SELECT id FROM deadlines_reminder
    WHERE state IN ('planned', 'claimed') AND fires_at <= %s
      AND (lease_until IS NULL OR lease_until < %s)
    ORDER BY fires_at, municipality_id, driehoek_id LIMIT %s {lock})
RETURNING source, CAST(COALESCE(municipality_id, driehoek_id) AS TEXT), CAST(object_id AS TEXT),
    CAST(id AS TEXT)
"""
# One question for a tick with nothing to do, answered from two small indexes.
_IS_ANYTHING_DUE = """
SELECT EXISTS (SELECT 1 FROM deadlines_reminder
               WHERE state IN ('planned', 'claimed') AND fires_at <= %s
                 AND (lease_until IS NULL OR lease_until < %s))
    OR EXISTS (SELECT 1 FROM deadlines_notice WHERE state = 'waiting' AND speaks_at <= %s)
"""


@dataclass(frozen=True)
class Claim:
    """What one statement claimed: (source, scope, object, id) of each reminder, as text."""

    lease_id: UUID
    rows: list[tuple[str, str, str, str]]

    def __len__(self) -> int:
        return len(self.rows)


def _for_database(field: str, value: Any) -> Any:
    """A value as this engine stores it in that column; raw SQL does not translate it."""
    column = Reminder._meta.get_field(field)
    assert isinstance(column, Field)
    return column.get_db_prep_value(value, connection)


@transaction.atomic
def claim(now: datetime, limit: int = CLAIM) -> Claim:
    """Claim what is due with one statement and a lease; a lease that ran out may be claimed again."""
    lock = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    lease = UUID(int=uuid6.uuid7().int)
    moment = _for_database("lease_until", now)
    until = _for_database("lease_until", now + timedelta(seconds=settings.LEASE_SECONDS))
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM.format(lock=lock), [_for_database("lease_id", lease), until, moment, moment, limit]
        )
        return Claim(lease, cursor.fetchall())


def is_anything_due(now: datetime) -> bool:
    """Whether a reminder or a notice waits for this moment."""
    moment = _for_database("fires_at", now)
    with connection.cursor() as cursor:
        cursor.execute(_IS_ANYTHING_DUE, [moment, moment, moment])
        return bool(cursor.fetchone()[0])


def sweep() -> int:
    """Handle everything that is due now and tell it; returns how many reminders fired or fell away."""
    if not is_anything_due(clock.now()):
        return 0
    handled = 0
    while claimed := claim(clock.now()):
        for batch in _batches(claimed):
            handled += _fire_apart(claimed.lease_id, batch)
        if len(claimed) < CLAIM:
            break  # fewer than asked for: nothing else is due
    tell(clock.now())
    return handled


def _batches(claimed: Claim) -> Iterator[list[Any]]:
    """The ids, some hundreds at a time, by scope, and everything about one object in the same batch."""
    batch: list[Any] = []
    ordered = sorted(claimed.rows)
    for _object, group in itertools.groupby(ordered, key=lambda row: row[:3]):
        batch += [row[3] for row in group]
        if len(batch) >= CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _fire_apart(lease_id: UUID, ids: list[Any]) -> int:
    """Fire a batch; when one row breaks it, fire each half, so that one bad row holds up no other.

    The bad row stays claimed for an hour and is tried again then; the log says so at each try.
    """
    try:
        return fire(lease_id, ids)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the rows
    except Exception as error:
        if len(ids) > 1:
            middle = len(ids) // 2
            return _fire_apart(lease_id, ids[:middle]) + _fire_apart(lease_id, ids[middle:])
        log.error("reminder_failed", reminder=str(ids[0]), error=type(error).__name__)
        Reminder.objects.filter(pk=ids[0], state="claimed").update(lease_until=clock.now() + PUT_ASIDE)
        return 0


@transaction.atomic
def fire(lease_id: UUID, ids: Sequence[Any]) -> int:
    """Turn claimed reminders into notices, all or nothing; returns how many it ended.

    What another worker has under its lease by now is left to it. A reminder for which nobody at all
    is left stays claimed and is tried again in an hour: it is never counted as said.
    """
    rows = list(
        Reminder.objects.select_for_update(of=("self",))
        .filter(pk__in=ids, lease_id=lease_id, state="claimed")
        .order_by("fires_at", "id")
    )
    held = {row.pk for row in rows}
    now = clock.now()
    fell_away: set[Any] = set()
    unheard: set[Any] = set()
    for key, own in by_source(rows).items():
        subjects = source(key).subjects({row.object_id for row in own})
        people = People(now, source(key), list(subjects.values()))
        holds = {
            row.pk: subject
            for row in own
            if (subject := subjects.get(row.object_id)) is not None and still_due(row, subject)
        }
        fell_away |= {row.pk for row in own if row.pk not in holds}
        latest = {_ladder(row): row.pk for row in own if row.pk in holds}
        said: list[Said] = []
        for row in own:
            if row.pk in holds and latest[_ladder(row)] == row.pk:
                # After a standstill several rules are due at once: only the latest speaks.
                hearers = who_hears(people, row, holds[row.pk])
                if hearers is None:
                    unheard.add(row.pk)
                else:
                    said += hearers
        write_notices(said, people, now)
    Reminder.objects.filter(pk__in=fell_away).update(state="cancelled", lease_until=None)
    Reminder.objects.filter(pk__in=unheard).update(lease_until=now + PUT_ASIDE)
    Reminder.objects.filter(pk__in=held - fell_away - unheard).update(
        state="fired", fired_at=now, lease_until=None
    )
    return len(rows) - len(unheard)


def by_source(rows: Iterable[Reminder]) -> dict[str, list[Reminder]]:
    """The reminders by the source that pushed them."""
    grouped: dict[str, list[Reminder]] = defaultdict(list)
    for row in rows:
        grouped[row.source].append(row)
    return grouped


def _ladder(row: Reminder) -> tuple[Any, str]:
    """What a reminder competes with: the others to the holder; nothing when it is to somebody else."""
    if row.rule.startswith("later:") or row.rule in SECOND_PERSON:
        return row.object_id, row.rule
    return row.object_id, "holder"
