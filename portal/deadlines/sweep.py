"""The sweep: claims what is due, asks again whether it holds, and writes notices and messages."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
import uuid6
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from portal import clock
from portal.deadlines import notices, plan
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.readers import People, Said, who_hears
from portal.deadlines.sources import Subject, source
from portal.mail.models import Message
from portal.people.models import Person

log = structlog.get_logger("portal.deadlines")

CLAIM = 1000
CHUNK = 50
# How long a reminder that cannot be fired waits for its next try.
PUT_ASIDE = timedelta(hours=1)


@transaction.atomic
def claim(now: datetime, limit: int = CLAIM) -> list[Reminder]:
    """Claim what is due with one statement and a lease; a lease that ran out may be claimed again."""
    due = Reminder.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=now),
        state__in=plan.WAITING,
        fires_at__lte=now,
    ).order_by("fires_at")[:limit]
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    lease = uuid6.uuid7()
    claimed = Reminder.objects.filter(pk__in=due.values("pk")).update(
        state="claimed",
        lease_id=lease,
        lease_until=now + timedelta(seconds=settings.LEASE_SECONDS),
    )
    if not claimed:
        return []
    return list(Reminder.objects.filter(lease_id=lease, state="claimed").order_by("fires_at", "id"))


def sweep() -> int:
    """Handle everything that is due now; returns how many reminders fired or fell away."""
    handled = 0
    while rows := claim(clock.now()):
        for batch in _batches(rows):
            handled += _fire_apart(batch)
    return handled


def _batches(rows: list[Reminder]) -> Iterator[list[Reminder]]:
    """About fifty at a time, and everything about one object in the same batch."""
    batch: list[Reminder] = []
    ordered = sorted(rows, key=lambda row: (row.source, row.object_id, row.fires_at))
    for _object, group in itertools.groupby(ordered, key=lambda row: (row.source, row.object_id)):
        batch += group
        if len(batch) >= CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _fire_apart(rows: list[Reminder]) -> int:
    """Fire a batch; when one row breaks it, fire each alone, so that one bad row holds up no other.

    The bad row stays claimed for an hour and is tried again then; the log says so at each try.
    """
    try:
        return fire(rows)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the rows
    except Exception as error:
        if len(rows) > 1:
            return sum(_fire_apart([row]) for row in rows)
        log.error("reminder_failed", reminder=str(rows[0].pk), error=type(error).__name__)
        Reminder.objects.filter(pk=rows[0].pk, state="claimed").update(lease_until=clock.now() + PUT_ASIDE)
        return 0


@transaction.atomic
def fire(rows: list[Reminder]) -> int:
    """Turn claimed reminders into notices and messages, all or nothing; returns how many it ended."""
    lease = rows[0].lease_id
    held = {
        row.pk
        for row in Reminder.objects.select_for_update(of=("self",)).filter(
            pk__in=[row.pk for row in rows], lease_id=lease, state="claimed"
        )
    }
    rows = [row for row in rows if row.pk in held]
    now = clock.now()
    said: list[Said] = []
    fell_away: list[Any] = []
    for key, own in _by_source(rows).items():
        subjects = source(key).subjects({row.object_id for row in own})
        people = People(now, source(key), list(subjects.values()))
        latest = {_ladder(row): row.pk for row in sorted(own, key=lambda row: row.fires_at)}
        for row in own:
            subject = subjects.get(row.object_id)
            if subject is None or not _still_due(row, subject):
                fell_away.append(row.pk)
            elif latest[_ladder(row)] == row.pk:
                # After a standstill several rules are due at once: only the latest speaks.
                said += who_hears(people, row, subject)
    _write(said, now)
    Reminder.objects.filter(pk__in=fell_away).update(state="cancelled", lease_until=None)
    Reminder.objects.filter(pk__in=held - set(fell_away)).update(
        state="fired", fired_at=now, lease_until=None
    )
    return len(rows)


def _by_source(rows: Iterable[Reminder]) -> dict[str, list[Reminder]]:
    grouped: dict[str, list[Reminder]] = defaultdict(list)
    for row in rows:
        grouped[row.source].append(row)
    return grouped


def _ladder(row: Reminder) -> tuple[Any, str]:
    """What a reminder competes with: the others to the holder, or the others to a second person."""
    return row.object_id, "second" if row.rule in ("lead", "role") else "holder"


def _still_due(row: Reminder, subject: Subject) -> bool:
    """Whether the reminder speaks of the due that the object has now."""
    return row.rule.startswith("to:") or (row.due_on, row.due_at) == (subject.due_on, subject.due_at)


def _write(said: list[Said], now: datetime) -> None:
    """Write the notices, and one message a person for those that go by mail; nobody hears one twice."""
    heard = set(
        Notice.objects.filter(reminder__in=[one.reminder for one in said]).values_list(
            "reminder_id", "person_id"
        )
    )
    said = [one for one in said if (one.reminder.pk, one.person.pk) not in heard]
    mails: dict[tuple[Person, bool], list[Notice]] = defaultdict(list)
    fresh: list[Notice] = []
    for one in said:
        notice = Notice(
            reminder=one.reminder,
            person=one.person,
            name=one.name,
            facts=notices.facts(one.reminder, one.subject, one.name, one.person),
        )
        fresh.append(notice)
        if one.by_mail:
            mails[one.person, one.name == "role_empty"].append(notice)
    for (person, _is_role_empty), told in mails.items():
        message = notices.message(person, told, now)
        message.save(force_insert=True)
        for notice in told:
            notice.message = message
    Notice.objects.bulk_create(fresh)


def refused(message: Message) -> None:
    """After a permanent refusal: what this mail told its reader is said again, now to who comes next.

    The ladder itself stays as planned; this is an extra word beside it.
    """
    told = Reminder.objects.filter(notices__message=message).distinct()
    rule = f"re:{str(message.person_id)[-12:]}"
    for row in told:
        if row.rule in ("lead", "role"):
            # A second person cannot be reached: the same rung speaks again and skips that person.
            Reminder.objects.filter(pk=row.pk).update(state="planned", fires_at=clock.now())
            continue
        Reminder.objects.get_or_create(
            source=row.source,
            object_id=row.object_id,
            rule=rule,
            due_key=row.due_key,
            defaults={
                "due_on": row.due_on,
                "due_at": row.due_at,
                "fires_at": clock.now(),
                "holder_role": row.holder_role,
                "holder_person_id": row.holder_person_id,
                "consequence": row.consequence,
                "municipality_id": row.municipality_id,
                "driehoek_id": row.driehoek_id,
            },
        )
