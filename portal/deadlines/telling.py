"""From notice to message: what waits is told at its moment, after asking once more whether it holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from portal.deadlines import notices as words
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.plan import SECOND_PERSON
from portal.deadlines.readers import People, Said, still_due, who_hears
from portal.deadlines.sources import Subject, source
from portal.deadlines.speaking import Weight, speaks_at
from portal.mail import urgent
from portal.mail.compose import new_message_id
from portal.mail.models import Message
from portal.people.models import Person

log = structlog.get_logger("portal.deadlines")

PERSONS = 50
# How long what one person must hear waits when it cannot be written down.
PUT_ASIDE = timedelta(hours=1)


def write_notices(said: Iterable[Said], people: People, now: datetime) -> None:
    """Write what each person must hear and when; nobody hears one reminder twice.

    What somebody reads in the portal only is shown at once. The webhooks of a scope hear of an
    urgent or escalated reminder here, in the same transaction, when nobody heard of it before.
    """
    said = list(said)
    written = {
        (notice.reminder_id, notice.person_id): notice
        for notice in Notice.objects.filter(reminder__in={one.reminder.pk for one in said})
    }
    heard = {key for key, notice in written.items() if notice.state != "gone"}
    fresh = [one for one in said if (one.reminder.pk, one.person.pk) not in heard]
    shown = [one for one in fresh if not _goes_by_mail(one, people)]
    rungs = rungs_of(shown)
    rows = []
    for one in fresh:
        is_shown = not _goes_by_mail(one, people)
        speaks = speaks_at(
            one.weight,
            one.reminder.fires_at,
            now,
            one.subject.late_from,
            people.habits(one.person),
        )
        # What fell away before somebody heard it may be heard after all: one notice for each pair, always.
        notice = written.get((one.reminder.pk, one.person.pk)) or Notice(
            reminder=one.reminder, person=one.person
        )
        notice.name = one.name
        notice.facts = words.facts(one, rungs) if is_shown else {"rule": one.reminder.rule}
        notice.state = "shown" if is_shown else "waiting"
        notice.speaks_at = now if is_shown else speaks
        notice.stands_in = one.stands_in
        rows.append(notice)
    Notice.objects.bulk_create([row for row in rows if row._state.adding])
    _save([row for row in rows if (row.reminder_id, row.person_id) in written])
    _tell_webhooks(fresh, rows)


def _save(notices: Sequence[Notice]) -> None:
    """Write rows that are there already, in one statement; bulk_update costs ten times as much."""
    Notice.objects.bulk_create(
        notices,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "facts", "state", "message", "speaks_at", "stands_in"],
    )


def _goes_by_mail(one: Said, people: People) -> bool:
    return one.by_mail and (one.weight != Weight.ORDINARY or people.habits(one.person).by_mail)


def rungs_of(said: Iterable[Said]) -> dict[Any, list[Reminder]]:
    """The escalations still to come for what these are about, by object."""
    objects: dict[str, set[Any]] = defaultdict(set)
    for one in said:
        objects[one.reminder.source].add(one.subject.object_id)
    found: dict[Any, list[Reminder]] = {}
    for key, ids in objects.items():
        found |= words.coming_rungs(key, list(ids))
    return found


def _tell_webhooks(said: Sequence[Said], notices: Sequence[Notice]) -> None:
    """Once for each reminder that climbed the ladder or is urgent, whoever hears it and how often.

    The message hangs on a notice of it, so that what is over before it leaves does not go.
    """
    once = {
        one.reminder.pk: (one, notice)
        for one, notice in zip(said, notices, strict=True)
        if one.name != "role_empty" and (one.weight == Weight.URGENT or one.reminder.rule in SECOND_PERSON)
    }
    for one, notice in once.values():
        for message in urgent.webhooks(one.subject.scope, words.payload(one)):
            assert message.gateway is not None
            message.pk = uuid5(one.reminder.pk, str(message.gateway.pk))
            message.message_id = new_message_id(message)
            if not Message.objects.filter(pk=message.pk).exists():
                message.save(force_insert=True)
                notice.also.add(message)


def tell(now: datetime) -> int:
    """Write the mails of all whose moment has come; returns how many messages were made.

    Two workers at once share the work: what one has locked the other passes over.
    """
    made = 0
    last: Any = None
    while True:
        waiting = Notice.objects.filter(state="waiting", speaks_at__lte=now)
        if last is not None:
            waiting = waiting.filter(person_id__gt=last)
        persons = list(waiting.order_by("person_id").values_list("person_id", flat=True).distinct()[:PERSONS])
        if not persons:
            return made
        made += _tell_apart(persons, now)
        last = persons[-1]


def _tell_apart(persons: Sequence[Any], now: datetime) -> int:
    """Tell these persons; when one cannot be told, the others are told all the same."""
    try:
        return _tell(persons, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the notices
    except Exception as error:
        if len(persons) > 1:
            middle = len(persons) // 2
            return _tell_apart(persons[:middle], now) + _tell_apart(persons[middle:], now)
        log.error("notices_failed", person=str(persons[0]), error=type(error).__name__)
        Notice.objects.filter(state="waiting", speaks_at__lte=now, person_id=persons[0]).update(
            speaks_at=now + PUT_ASIDE
        )
        return 0


@dataclass
class Asked:
    """What became of notices that were asked about once more."""

    # Said as it is now, by notice; what does not hold for its reader is absent.
    said: dict[Any, Said] = field(default_factory=dict)
    # For whom nobody at all is left: they must not count as said.
    unheard: set[Any] = field(default_factory=set)
    # Others who must hear it instead, by source.
    others: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))
    people: dict[str, People] = field(default_factory=dict)


def ask_again(notices: Sequence[Notice], now: datetime) -> Asked:
    """Whether each notice still holds and its reader may still hear it; and who must instead."""
    asked = Asked()
    grouped: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        if notice.reminder is not None:
            grouped[notice.reminder.source].append(notice)
    for key, own in grouped.items():
        subjects = source(key).subjects({n.reminder.object_id for n in own if n.reminder})
        people = asked.people[key] = People(now, source(key), list(subjects.values()))
        hearers: dict[Any, list[Said]] = {}
        for notice in own:
            row = notice.reminder
            assert row is not None
            subject = subjects.get(row.object_id)
            if subject is None or not still_due(row, subject):
                continue
            if row.pk not in hearers:
                found = who_hears(people, row, subject)
                hearers[row.pk] = found or []
                if found is None:
                    asked.unheard.add(row.pk)
            mine = [one for one in hearers[row.pk] if one.person.pk == notice.person_id]
            if mine:
                asked.said[notice.pk] = mine[0]
            elif _redirects(row, subject):
                asked.others[key] += hearers[row.pk]
    return asked


def _redirects(row: Reminder, subject: Subject) -> bool:
    """Whether another hears it instead: not after a hand-over, of which the new holder heard apart."""
    if row.rule in SECOND_PERSON or row.rule.startswith("later:"):
        return True
    return (row.holder_role, row.holder_person_id) == (subject.holder_role, subject.holder_person_id)


@transaction.atomic
def _tell(persons: Collection[Any], now: datetime) -> int:
    rows = Notice.objects.filter(state="waiting", speaks_at__lte=now, person_id__in=persons)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    waiting = list(rows.select_related("reminder", "person").order_by("person_id", "created_at", "id"))
    asked = ask_again(waiting, now)
    rungs = rungs_of(asked.said.values())
    mails: dict[tuple[Person, Weight, bool], list[Notice]] = defaultdict(list)
    for notice in waiting:
        one = asked.said.get(notice.pk)
        if one is None:
            notice.state = "gone"
        elif not renew(notice, one, rungs):
            notice.speaks_at = now + PUT_ASIDE
        elif _goes_by_mail(one, asked.people[one.reminder.source]):
            mails[notice.person, one.weight, one.name == "role_empty"].append(notice)
        else:
            notice.state = "shown"
    for (person, weight, _is_role_empty), told in mails.items():
        message = words.message(person, told, weight)
        message.save(force_insert=True)
        for notice in told:
            notice.message = message
            notice.state = "told"
        if weight == Weight.URGENT:
            _over_other_channels(person, told, asked)
    Reminder.objects.filter(pk__in=asked.unheard).update(
        state="claimed", lease_id=None, lease_until=now + PUT_ASIDE
    )
    _save(waiting)
    for key, others in asked.others.items():
        write_notices(others, asked.people[key], now)
    return len(mails)


def renew(notice: Notice, one: Said, rungs: Mapping[Any, Sequence[Reminder]]) -> bool:
    """Let the notice say what holds now; False when that cannot be put in words, which stops no other."""
    try:
        notice.name, notice.stands_in = one.name, one.stands_in
        notice.facts = words.facts(one, rungs)
        if one.name != "role_empty":
            words.line(notice)
    except Exception as error:
        log.error("notice_failed", notice=str(notice.pk), error=type(error).__name__)
        return False
    return True


def _over_other_channels(person: Person, told: Sequence[Notice], asked: Asked) -> None:
    """One short message over each channel of this person, however many urgent things there are."""
    subject = asked.said[told[0].pk].subject
    for message in urgent.messages(person, words.short_text(person, subject), scope=subject.scope):
        message.save(force_insert=True)
        for notice in told:
            notice.also.add(message)
