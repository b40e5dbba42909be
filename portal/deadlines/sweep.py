"""The sweep: claims what is due, asks again whether it holds, and writes what each person must hear."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

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
RETURNING *
"""


def _for_database(field: str, value: Any) -> Any:
    """A value as this engine stores it in that column; raw SQL does not translate it."""
    column = Reminder._meta.get_field(field)
    assert isinstance(column, Field)
    return column.get_db_prep_value(value, connection)


@transaction.atomic
def claim(now: datetime, limit: int = CLAIM) -> list[Reminder]:
    """Claim what is due with one statement and a lease; a lease that ran out may be claimed again."""
    lock = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    moment = _for_database("lease_until", now)
    until = _for_database("lease_until", now + timedelta(seconds=settings.LEASE_SECONDS))
    rows = Reminder.objects.raw(
        _CLAIM.format(lock=lock),
        [_for_database("lease_id", uuid6.uuid7()), until, moment, moment, limit],
    )
    return sorted(rows, key=lambda row: (row.fires_at, row.id))


def sweep() -> int:
    """Handle everything that is due now and tell it; returns how many reminders fired or fell away."""
    handled = 0
    while rows := claim(clock.now()):
        for batch in _batches(rows):
            handled += _fire_apart(batch)
        if len(rows) < CLAIM:
            break  # fewer than asked for: nothing else is due
    tell(clock.now())
    return handled


def _batches(rows: list[Reminder]) -> Iterator[list[Reminder]]:
    """Some hundreds at a time, by scope, and everything about one object in the same batch."""
    batch: list[Reminder] = []
    ordered = sorted(
        rows,
        key=lambda row: (
            row.source,
            str(row.municipality_id or row.driehoek_id),
            row.object_id,
            row.fires_at,
        ),
    )
    for _object, group in itertools.groupby(ordered, key=lambda row: (row.source, row.object_id)):
        batch += group
        if len(batch) >= CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _fire_apart(rows: list[Reminder]) -> int:
    """Fire a batch; when one row breaks it, fire each half, so that one bad row holds up no other.

    The bad row stays claimed for an hour and is tried again then; the log says so at each try.
    """
    try:
        return fire(rows)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the rows
    except Exception as error:
        if len(rows) > 1:
            middle = len(rows) // 2
            return _fire_apart(rows[:middle]) + _fire_apart(rows[middle:])
        log.error("reminder_failed", reminder=str(rows[0].pk), error=type(error).__name__)
        Reminder.objects.filter(pk=rows[0].pk, state="claimed").update(lease_until=clock.now() + PUT_ASIDE)
        return 0


@transaction.atomic
def fire(rows: list[Reminder]) -> int:
    """Turn claimed reminders into notices, all or nothing; returns how many it ended.

    A reminder for which nobody at all is left stays claimed and is tried again in an hour: it is
    never counted as said.
    """
    lease = rows[0].lease_id
    held = set(
        Reminder.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.pk for row in rows], lease_id=lease, state="claimed")
        .values_list("pk", flat=True)
    )
    rows = [row for row in rows if row.pk in held]
    now = clock.now()
    fell_away: set[Any] = set()
    unheard: set[Any] = set()
    for key, own in by_source(rows).items():
        subjects = source(key).subjects({row.object_id for row in own})
        people = People(now, source(key), list(subjects.values()))
        latest = {_ladder(row): row.pk for row in sorted(own, key=lambda row: row.fires_at)}
        said: list[Said] = []
        for row in own:
            subject = subjects.get(row.object_id)
            if subject is None or not still_due(row, subject):
                fell_away.add(row.pk)
            elif latest[_ladder(row)] == row.pk:
                # After a standstill several rules are due at once: only the latest speaks.
                hearers = who_hears(people, row, subject)
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
    """What a reminder competes with: the others to the holder, or the others to a second person."""
    if row.rule.startswith("later:"):
        return row.object_id, row.rule
    return row.object_id, "second" if row.rule in SECOND_PERSON else "holder"
