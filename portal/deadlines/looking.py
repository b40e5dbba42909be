"""What the engine tells the outbox: whether what waited still holds, and who hears after a refusal."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from portal import clock
from portal.deadlines import notices as words
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.plan import SECOND_PERSON
from portal.deadlines.speaking import Weight
from portal.deadlines.telling import ask_again, renew, rungs_of
from portal.mail.models import Message


def last_look(messages: Sequence[Message]) -> dict[Any, Message | None]:
    """Before a message that waited goes out: does all in it still hold, and may its reader still hear it?

    Gives for each message that must change its newer content, or None when nothing of it is left; the
    rows are written here as well, together with the notices, so that a crash in between sends nothing
    stale. What was taken out of a mail waits again, so that who must hear it instead does.
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
        .prefetch_related("also")
        .distinct()
    )
    asked = ask_again(notices, now)
    if len(asked.said) == len(notices):
        return {}
    mails: dict[Any, list[Notice]] = defaultdict(list)
    others: dict[Any, list[Notice]] = defaultdict(list)
    for notice in notices:
        if notice.message_id in old:
            mails[notice.message_id].append(notice)
        for one in notice.also.all():
            if one.pk in old:
                others[one.pk].append(notice)
    # Over a telephone or a webhook goes one thing, whole or not at all; its mail is looked at apart.
    changed: dict[Any, Message | None] = {
        pk: None for pk, own in others.items() if not any(notice.pk in asked.said for notice in own)
    }
    rungs = rungs_of(asked.said.values())
    for pk, own in mails.items():
        keep = [
            notice
            for notice in own
            if notice.pk in asked.said and renew(notice, asked.said[notice.pk], rungs)
        ]
        if len(keep) == len(own):
            continue
        Notice.objects.filter(pk__in=[one.pk for one in own if one not in keep]).update(
            state="waiting", message=None, speaks_at=now
        )
        weight = asked.said[keep[0].pk].weight if keep else Weight.ORDINARY
        changed[pk] = words.message(keep[0].person, keep, weight) if keep else None
    _write_down(changed)
    return changed


def _write_down(changed: Mapping[Any, Message | None]) -> None:
    for pk, newer in changed.items():
        row = Message.objects.filter(pk=pk, state__in=("planned", "claimed"))
        if newer is None:
            row.update(state="cancelled", lease_until=None, text="", html="")
        else:
            row.update(subject=newer.subject, text=newer.text, html=newer.html)


def refused(message: Message) -> None:
    """After a permanent refusal: what this mail told its reader is said again, now to who comes next.

    The ladder itself stays as planned; this is an extra word beside it. A text message that is
    refused changes nothing: its mail stands.
    """
    rule = f"re:{str(message.pk)[-12:]}"
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
