"""The sweep: claims what is due, asks again whether it holds, and writes notices and messages."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
import uuid6
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from portal import clock
from portal.deadlines import plan
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.sources import Subject, source
from portal.mail import compose
from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.people.models import Membership, Person

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
        for start in range(0, len(rows), CHUNK):
            handled += _fire_apart(rows[start : start + CHUNK])
    return handled


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


@dataclass(frozen=True)
class Said:
    """What one person must hear about one reminder, by mail or only in the portal."""

    reminder: Reminder
    subject: Subject
    person: Person
    name: str
    by_mail: bool


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
        subjects = source(key).subjects([row.object_id for row in own])
        people = _People(now, subjects.values(), own)
        for row in own:
            subject = subjects.get(row.object_id)
            if subject is None or not _still_due(row, subject):
                fell_away.append(row.pk)
                continue
            said += people.who_hears(row, subject)
        said = _only_visible(key, said)
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


def _still_due(row: Reminder, subject: Subject) -> bool:
    """Whether the reminder speaks of the due that the object has now."""
    if row.rule.startswith("to:"):
        return True
    return (row.due_on, row.due_at) == (subject.due_on, subject.due_at)


class _People:
    """Who is who at this moment, read once for a batch: members of roles, leads, holders."""

    def __init__(self, now: datetime, subjects: Iterable[Subject], rows: Iterable[Reminder]) -> None:
        subjects = list(subjects)
        scopes = {subject.scope for subject in subjects}
        wanted = {subject.lead_id for subject in subjects} | {
            subject.holder_person_id for subject in subjects
        }
        self.members: dict[tuple[Scope, str], list[Person]] = defaultdict(list)
        today = now.astimezone(clock.AMSTERDAM).date()
        for membership in (
            Membership.objects.current(today)
            .filter(
                Q(municipality_id__in=[s.municipality_id for s in scopes if s.municipality_id])
                | Q(driehoek_id__in=[s.driehoek_id for s in scopes if s.driehoek_id])
            )
            .select_related("person")
            .order_by("person_id")
        ):
            if membership.scope is not None:
                group = self.members[(membership.scope, membership.role)]
                if membership.person not in group:
                    group.append(membership.person)
        self.persons = Person.objects.filter(is_active=True).in_bulk([pk for pk in wanted if pk])

    def role(self, scope: Scope, role: str) -> list[Person]:
        found = list(self.members.get((scope, role), []))
        if role == Role.BURGEMEESTER:
            # The loco acts for the mayor during the period of the membership.
            found += [one for one in self.members.get((scope, Role.LOCO), []) if one not in found]
        return found

    def holders(self, subject: Subject) -> list[Person]:
        if subject.holder_person_id:
            one = self.persons.get(subject.holder_person_id)
            return [one] if one else []
        return self.role(subject.scope, subject.holder_role)

    def lead(self, subject: Subject) -> list[Person]:
        """The lead, as long as the lead is still somebody in this scope."""
        one = self.persons.get(subject.lead_id)
        if one is None:
            return []
        here = any(one in group for (scope, _), group in self.members.items() if scope == subject.scope)
        return [one] if here else []

    def who_hears(self, row: Reminder, subject: Subject) -> list[Said]:
        """The ladder: holder, lead, role, beheerder; an empty rung escalates at once."""
        if row.rule not in ("lead", "role"):
            if holders := self.holders(subject):
                return [Said(row, subject, one, "reminder", True) for one in holders]
            if lead := self.lead(subject):
                return [Said(row, subject, one, "no_holder", True) for one in lead]
        if row.rule == "lead":
            lead = [one for one in self.lead(subject) if one not in self.holders(subject)]
            if lead:
                return [Said(row, subject, one, "escalated", True) for one in lead]
            if self.lead(subject):
                return []  # the lead holds it and heard as the holder; the role hears next
        if role := self.role(subject.scope, subject.escalates_to):
            # The mayor reads it in the portal and the dagbrief, not in yet another mail.
            by_mail = subject.escalates_to != Role.BURGEMEESTER
            return [Said(row, subject, one, "escalated", by_mail) for one in role]
        admins = self.role(subject.scope, Role.BEHEERDER)
        if not admins:
            log.error("nobody_left_to_tell", reminder=str(row.pk))
        return [Said(row, subject, one, "role_empty", True) for one in admins]


def _only_visible(key: str, said: list[Said]) -> list[Said]:
    """Drop what its reader may not see any more; a beheerder hears of an empty role without the case."""
    asked: dict[Person, list[Any]] = defaultdict(list)
    for one in said:
        if one.reminder.source == key and one.name != "role_empty":
            asked[one.person].append(one.subject.object_id)
    seen = {person: source(key).visible(person, ids) for person, ids in asked.items()}
    kept = []
    for one in said:
        if (
            one.reminder.source != key
            or one.name == "role_empty"
            or one.subject.object_id in seen[one.person]
        ):
            kept.append(one)
        else:
            log.warning("reader_may_not_see", reminder=str(one.reminder.pk))
    return kept


def _write(said: list[Said], now: datetime) -> None:
    """Write the notices, and one message a person for those that go by mail."""
    mails: dict[Person, list[Notice]] = defaultdict(list)
    fresh: list[Notice] = []
    for one in said:
        notice = Notice(
            reminder=one.reminder,
            person=one.person,
            name=one.name,
            facts=compose.facts(one.reminder, one.subject, one.name),
        )
        fresh.append(notice)
        if one.by_mail and one.person.mail_refused_at is None:
            mails[one.person].append(notice)
    for person, notices in mails.items():
        message = compose.message(person, notices, now)
        message.save(force_insert=True)
        for notice in notices:
            notice.message = message
    Notice.objects.bulk_create(fresh)


def refused(person: Person) -> None:
    """After a permanent refusal: what this person was told by mail moves to the next rung now."""
    objects = (
        Notice.objects.filter(person=person, message__state="refused", reminder__isnull=False)
        .values_list("reminder__source", "reminder__object_id")
        .distinct()
    )
    for key, object_id in objects:
        rung = (
            Reminder.objects.filter(
                source=key, object_id=object_id, rule__in=["lead", "role"], state="planned"
            )
            .order_by("fires_at")
            .first()
        )
        if rung is not None:
            Reminder.objects.filter(pk=rung.pk, state="planned").update(fires_at=clock.now())
