"""From notice to message: what waits is told at its moment, after asking once more whether it holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from portal import clock
from portal.deadlines import notices as words
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.plan import SECOND_PERSON
from portal.deadlines.readers import People, Said, still_due, who_hears
from portal.deadlines.sources import Subject, source
from portal.deadlines.speaking import Weight, speaks_at
from portal.mail import urgent
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
    heard = set(
        Notice.objects.filter(reminder__in={one.reminder.pk for one in said}).values_list(
            "reminder_id", "person_id"
        )
    )
    fresh = [one for one in said if (one.reminder.pk, one.person.pk) not in heard]
    shown = [one for one in fresh if not _goes_by_mail(one, people)]
    rungs = _rungs(shown)
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
        rows.append(
            Notice(
                reminder=one.reminder,
                person=one.person,
                name=one.name,
                facts=words.facts(one, rungs) if is_shown else {"rule": one.reminder.rule},
                state="shown" if is_shown else "waiting",
                speaks_at=now if is_shown else speaks,
                stands_in=one.stands_in,
            )
        )
    Notice.objects.bulk_create(rows)
    told_before = {reminder for reminder, _person in heard}
    _tell_webhooks(one for one in fresh if one.reminder.pk not in told_before)


def _goes_by_mail(one: Said, people: People) -> bool:
    return one.by_mail and (one.weight != Weight.ORDINARY or people.habits(one.person).by_mail)


def _rungs(said: Iterable[Said]) -> dict[Any, list[Reminder]]:
    objects: dict[str, set[Any]] = defaultdict(set)
    for one in said:
        objects[one.reminder.source].add(one.subject.object_id)
    found: dict[Any, list[Reminder]] = {}
    for key, ids in objects.items():
        found |= words.coming_rungs(key, list(ids))
    return found


def _tell_webhooks(said: Iterable[Said]) -> None:
    """Once for each reminder that climbed the ladder or is urgent."""
    once = {
        one.reminder.pk: one
        for one in said
        if one.name != "role_empty" and (one.weight == Weight.URGENT or one.reminder.rule in SECOND_PERSON)
    }
    for one in once.values():
        for message in urgent.webhooks(one.subject.scope, words.payload(one)):
            message.save(force_insert=True)


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
                hearers[row.pk] = who_hears(people, row, subject) or []
            mine = [one for one in hearers[row.pk] if one.person.pk == notice.person_id]
            if mine:
                asked.said[notice.pk] = mine[0]
            elif _redirects(row, subject):
                asked.others[key] += hearers[row.pk]
    return asked


def _redirects(row: Reminder, subject: Subject) -> bool:
    """Whether another hears it instead: not after a hand-over, of which the new holder heard apart."""
    if row.rule in SECOND_PERSON:
        return True
    return (row.holder_role, row.holder_person_id) == (subject.holder_role, subject.holder_person_id)


@transaction.atomic
def _tell(persons: Collection[Any], now: datetime) -> int:
    rows = Notice.objects.filter(state="waiting", speaks_at__lte=now, person_id__in=persons)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    waiting = list(rows.select_related("reminder", "person").order_by("person_id", "created_at", "id"))
    asked = ask_again(waiting, now)
    rungs = _rungs(asked.said.values())
    mails: dict[tuple[Person, Weight, bool], list[Notice]] = defaultdict(list)
    for notice in waiting:
        one = asked.said.get(notice.pk)
        if one is None:
            notice.state = "gone"
        elif not _renew(notice, one, rungs):
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
    Notice.objects.bulk_update(waiting, ["state", "message", "name", "facts", "stands_in", "speaks_at"])
    for key, others in asked.others.items():
        write_notices(others, asked.people[key], now)
    return len(mails)


def _renew(notice: Notice, one: Said, rungs: Mapping[Any, Sequence[Reminder]]) -> bool:
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


def last_look(messages: Sequence[Message]) -> dict[Any, Message | None]:
    """Before a mail that waited goes out: does all in it still hold, and may its reader still hear it?

    Gives for each message that must change its newer content, or None when nothing of it is left.
    What was taken out waits again, so that who must hear it instead does.
    """
    now = clock.now()
    fresh = timedelta(seconds=settings.LOOK_AGAIN_SECONDS)
    old = {one.pk for one in messages if now - one.created_at > fresh}
    return _look_again(old, now) if old else {}


@transaction.atomic
def _look_again(old: set[Any], now: datetime) -> dict[Any, Message | None]:
    notices = list(
        Notice.objects.filter(Q(message__in=old) | Q(also__in=old))
        .select_related("reminder", "person")
        .distinct()
    )
    asked = ask_again(notices, now)
    if len(asked.said) == len(notices):
        return {}
    rungs = _rungs(asked.said.values())
    changed: dict[Any, Message | None] = {}
    by_message: dict[Any, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_message[notice.message_id].append(notice)
    for pk, own in by_message.items():
        keep = [notice for notice in own if notice.pk in asked.said]
        if len(keep) == len(own):
            continue
        also = {one.pk for notice in own for one in notice.also.all()}
        Notice.objects.filter(pk__in=[n.pk for n in own if n not in keep]).update(
            state="waiting", message=None, speaks_at=now
        )
        for notice in keep:
            _renew(notice, asked.said[notice.pk], rungs)
        if pk in old:
            changed[pk] = words.message(keep[0].person, keep, asked.said[keep[0].pk].weight) if keep else None
        if not keep:
            changed |= dict.fromkeys(also & old)
    return changed


def refused(message: Message) -> None:
    """After a permanent refusal: what this mail told its reader is said again, now to who comes next.

    The ladder itself stays as planned; this is an extra word beside it. A text message that is
    refused changes nothing: its mail stands.
    """
    rule = f"re:{str(message.person_id)[-12:]}"
    for row in Reminder.objects.filter(notices__message=message).distinct():
        if row.rule in SECOND_PERSON:
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
                "urgent": row.urgent,
            },
        )
