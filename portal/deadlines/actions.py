"""What people change in how they hear: their hours, unsubscribing, and hearing one thing later."""

from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import F

from portal import clock
from portal.audit.record import record
from portal.deadlines import plan as engine
from portal.deadlines.models import Choices, Notice, Silence
from portal.deadlines.queries import habits_of, last_day_of_silence
from portal.deadlines.speaking import Weight, speaks_at
from portal.municipalities.models import Scope
from portal.people.models import Person


class ChoicesChanged(Exception):
    """The choices changed after the page was shown; nothing was written."""


@transaction.atomic
def choose(
    *,
    by: Person,
    digest_at: time,
    every_day: bool,
    quiet_from: time,
    quiet_until: time,
    by_mail: bool,
    version: int,
) -> None:
    """Set when this person hears what is not urgent; what waits already follows at once.

    `version` is that of the row as shown, 0 when there was none; raises ChoicesChanged when it
    changed meanwhile.
    """
    fields = {
        "digest_at": digest_at,
        "every_day": every_day,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "by_mail": by_mail,
    }
    if version == 0:
        _, is_new = Choices.objects.get_or_create(person=by, defaults=fields)
        if not is_new:
            raise ChoicesChanged
    elif not Choices.objects.filter(person=by, version=version).update(version=F("version") + 1, **fields):
        raise ChoicesChanged
    record(
        "choices.changed",
        by=by,
        about=by,
        scope=None,
        changes={
            "digest_at": digest_at.isoformat(),
            "every_day": every_day,
            "quiet": f"{quiet_from.isoformat()}/{quiet_until.isoformat()}",
            "by_mail": by_mail,
        },
    )
    _plan_again(by)


def _plan_again(person: Person) -> None:
    """What waits for this person speaks at the hours chosen now."""
    habits, now = habits_of(person), clock.now()
    waiting = list(Notice.objects.filter(person=person, state="waiting").select_related("reminder"))
    for notice in waiting:
        row = notice.reminder
        if row is None or row.urgent:
            continue
        late_from = clock.end_of(row.due_on) if row.due_on else row.due_at
        weight = Weight.ORDINARY if notice.name == "reminder" else Weight.ESCALATION
        notice.speaks_at = speaks_at(weight, row.fires_at, now, late_from, habits)
    Notice.objects.bulk_update(waiting, ["speaks_at"])


@transaction.atomic
def unsubscribe(*, person: Person) -> None:
    """No more ordinary reminders by mail; escalations and urgent mail stay. Repeating changes nothing."""
    row, _ = Choices.objects.get_or_create(person=person)
    if Choices.objects.filter(pk=row.pk, by_mail=True).update(by_mail=False, version=F("version") + 1):
        record("choices.unsubscribed", by=person, about=person, scope=None)


@transaction.atomic
def put_off(
    *,
    by: Person,
    source: str,
    object_id: Any,
    scope: Scope,
    until: date,
    reason: str,
    key: str,
    holder_id: Any = None,
) -> bool:
    """Let `by` hear about this object again on `until`, and nothing ordinary before it.

    Moves no date and no escalation. `holder_id` names the holder for whom `by` stands in: on that day
    it is said to whoever acts for that holder then. `key` is the one-time key of the form, bound to the
    person; the second post changes nothing and returns False. Raises ValueError for a day that is not
    after today or lies beyond ten office days.
    """
    if not clock.today() < until <= last_day_of_silence(by):
        raise ValueError("until lies outside the ten office days after today")
    row, is_new = Silence.objects.get_or_create(
        create_key=key,
        defaults={
            "source": source,
            "object_id": object_id,
            "person": by,
            "until": until,
            "reason": reason.strip(),
        },
    )
    if is_new:
        # A second request replaces the first, also when it is for an earlier day.
        Silence.objects.filter(source=source, object_id=object_id, person=by).exclude(pk=row.pk).update(
            until=clock.today()
        )
        engine.again(source, object_id, scope, holder_id or by.pk, until, str(row.pk)[-8:])
    return is_new
