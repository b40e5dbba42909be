"""Inviting people to an occasion, telling them what changed, and taking their answers.

An app calls these within the transaction of the action that changes its own row. Each change is one
mail a guest; a mail that did not leave yet is replaced by the newer one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from portal import clock
from portal.audit.record import record
from portal.feeds.enums import Answer
from portal.feeds.letters import SALT, write_letter
from portal.feeds.models import Invitation
from portal.feeds.registry import Item, source
from portal.mail.models import Message
from portal.municipalities.models import Scope
from portal.nudge import nudge
from portal.people.models import Person

# What stood in the row when its last mail left.
LEFT = ("left_facts", "left_answer", "left_answered_at")


class NothingToAnswer(Exception):
    """The occasion began, was cancelled, or the invitation was withdrawn."""


class OtherHours(Exception):
    """The occasion moved after its hours were shown; nothing was written."""


@dataclass(frozen=True)
class Guest:
    """Somebody from outside, without an account."""

    name: str
    email: str


def ever_of(key: str, object_id: UUID) -> "QuerySet[Invitation]":
    """The invitations to an occasion, also those that were withdrawn, in the order of asking."""
    rows = Invitation.objects.filter(source=key, object_id=object_id)
    return rows.select_related("person", "message", "municipality", "driehoek")


def of(key: str, object_id: UUID) -> "QuerySet[Invitation]":
    """The invitations that hold for an occasion, in the order in which people were asked."""
    return ever_of(key, object_id).filter(withdrawn_at__isnull=True)


def by_token(token: str) -> Invitation | None:
    """The invitation that a link in a mail names; None for a link that was not made here."""
    try:
        pk = UUID(signing.Signer(salt=SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    rows = Invitation.objects.select_related("person", "municipality", "driehoek")
    return rows.filter(pk=pk).first()


def occasion(invitation: Invitation) -> Item | None:
    """What somebody is invited to, as it is now."""
    load = source(invitation.source).one
    return load(invitation.object_id) if load else None


def state_of(invitation: Invitation, item: Item | None) -> str:
    """How an invitation stands: open, begun, cancelled or withdrawn."""
    if invitation.withdrawn_at is not None or item is None or not _still_sees(invitation):
        return "withdrawn"
    if item.is_cancelled:
        return "cancelled"
    return "begun" if _begins(item) <= clock.now() else "open"


def hours_of(item: Item) -> str:
    """The hours as a page that asks for an answer carries them along, to know what was answered to."""
    return _hours(_facts(item))


def _begins(item: Item) -> datetime:
    assert isinstance(item.starts, datetime)
    return item.starts


def _still_sees(invitation: Invitation) -> bool:
    """Whether a colleague may still see the occasion; a guest never saw anything else."""
    if invitation.person is None:
        return True
    sees = source(invitation.source).sees
    return invitation.person.is_active and (sees is None or sees(invitation.person, invitation.object_id))


@transaction.atomic
def invite(
    *,
    by: Person,
    key: str,
    object_id: UUID,
    scope: Scope,
    persons: Sequence[Person] = (),
    guests: Sequence[Guest] = (),
) -> list[Invitation]:
    """Ask people for an occasion; who was asked already is not asked again. Gives the new invitations.

    NothingToAnswer once it began or was cancelled.
    """
    load = source(key).one
    item = load(object_id) if load else None
    if item is None or item.is_cancelled or _begins(item) <= clock.now():
        raise NothingToAnswer
    asked = of(key, object_id)
    known = {one.person_id for one in asked} | {one.email for one in asked}
    wanted: dict[Any, dict[str, Any]] = {one.pk: {"person": one} for one in persons}
    for one in guests:
        wanted.setdefault(one.email.lower(), {"name": one.name.strip(), "email": one.email.lower()})
    made = []
    for who in [who for asked_as, who in wanted.items() if asked_as not in known]:
        row: Invitation = Invitation.objects.create(
            source=key, object_id=object_id, invited_by=by, **scope.as_fields(), **who
        )
        row.sent_sequence, row.sent_facts = _after_earlier(row), _facts(item)
        _send(row, item, "asked")
        record("guest.invited", by=by, about=row, scope=scope, changes={"person": (None, row.person_id)})
        made.append(row)
    return made


def _after_earlier(invitation: Invitation) -> int:
    """The number after the last one that the same guest got and saw withdrawn; 0 without one."""
    earlier = Invitation.objects.filter(
        source=invitation.source,
        object_id=invitation.object_id,
        person=invitation.person,
        email=invitation.email,
        withdrawn_at__isnull=False,
    ).order_by("-sent_sequence")
    last = earlier.values_list("sent_sequence", flat=True).first()
    return 0 if last is None else last + 1


@transaction.atomic
def renew(key: str, object_id: UUID) -> int:
    """Tell every guest what changed; gives how many mails go. Other hours ask for a new answer."""
    load = source(key).one
    item = load(object_id) if load else None
    if item is None or item.is_cancelled:
        return 0
    rows = of(key, object_id).select_for_update(of=("self",))
    return sum(_renew(row, item) for row in rows if _still_sees(row))


def _renew(row: Invitation, item: Item) -> bool:
    """Send what changed since the last mail that left; gives whether a mail goes.

    Back at what last left there is nothing to tell, and the answer to it counts again, unless the guest
    answered to the hours in between.
    """
    said = _facts(item)
    if row.sent_facts == said:
        return False
    _take_back(row)
    if _hours(row.sent_facts) != _hours(said):
        is_back = _hours(row.left_facts) == _hours(said) and not row.answer
        row.answer, row.answered_at = (row.left_answer, row.left_answered_at) if is_back else ("", None)
    else:
        is_back = True
    row.sent_facts = said
    if row.mails and is_back and row.left_facts == said:
        row.save(update_fields=["mails", "sent_facts", "answer", "answered_at", *LEFT])
        return False
    row.sent_sequence += 1
    _send(row, item, "changed" if row.mails else "asked")
    return True


@transaction.atomic
def cancel(key: str, object_id: UUID) -> int:
    """Tell every guest that it does not go on; gives how many mails go."""
    load = source(key).one
    item = load(object_id) if load else None
    if item is None:
        return 0
    rows = [
        row for row in of(key, object_id).select_for_update(of=("self",)) if row.sent_facts != "cancelled"
    ]
    return sum(_call_off(row, item, "cancelled") for row in rows)


@transaction.atomic
def withdraw(*, by: Person, invitation: Invitation) -> None:
    """Take one invitation back; the guest hears of it, and the link says so from now on.

    The row is read anew and held: the occasion may have moved, or the guest answered, after it was shown.
    """
    rows = Invitation.objects.select_for_update(of=("self",))
    row = rows.select_related("person", "municipality", "driehoek").get(pk=invitation.pk)
    if row.withdrawn_at is not None:
        return
    now = row.withdrawn_at = clock.now()
    row.version += 1
    row.save(update_fields=["withdrawn_at", "version"])
    item = occasion(row)
    if item is not None and not item.is_cancelled:
        _call_off(row, item, "withdrawn")
    record(
        "guest.withdrawn",
        by=by,
        about=row,
        scope=row.scope,
        changes={"withdrawn_at": (None, now)},
    )


@transaction.atomic
def answer(*, invitation: Invitation, answer: str, seen: str, language: str = "") -> None:
    """Keep the answer of whoever has the link; it can be given anew until the occasion begins.

    `seen` is what `hours_of` gave when the question was shown: an answer counts for those hours alone.
    """
    row = Invitation.objects.select_for_update(of=("self",)).select_related("person").get(pk=invitation.pk)
    item = occasion(row)
    if item is None or state_of(row, item) != "open":
        raise NothingToAnswer
    if hours_of(item) != seen:
        raise OtherHours
    old, row.answer = row.answer, str(Answer(answer))
    row.answered_at = clock.now()
    row.language = language or row.language
    row.version += 1
    row.save(update_fields=["answer", "answered_at", "language", "version"])
    record(
        "guest.answered",
        by=row.person,
        about=row,
        scope=row.scope,
        changes={"answer": (old, row.answer)},
    )


def _call_off(row: Invitation, item: Item, state: str) -> bool:
    """Send a CANCEL of what last left, unless nothing did; gives whether a mail goes.

    Who was not told of a move, or may not know of it any more, does not read of it here.
    """
    row.sent_sequence += 1
    _take_back(row)
    row.sent_facts = "cancelled"
    if row.mails:
        _send(row, _as_said(item, row.left_facts), state)
        return True
    row.save(update_fields=["mails", "sent_sequence", "sent_facts", *LEFT])
    return False


def _send(row: Invitation, item: Item, state: str) -> None:
    """Write the mail, and keep the row with what it says."""
    row.sent_sequence = max(row.sent_sequence, item.sequence)
    mail = write_letter(row, item, state=state, sequence=row.sent_sequence)
    mail.save(force_insert=True)
    row.message, row.mails = mail, row.mails + 1
    row.save(
        update_fields=["message", "mails", "sent_sequence", "sent_facts", "answer", "answered_at", *LEFT]
    )
    nudge("portal.mail.tasks.deliver")


def _take_back(row: Invitation) -> None:
    """Cancel the last mail if it did not leave yet; note what last left and what was answered to it."""
    waiting = Message.objects.filter(pk__in=[row.message_id], state="planned")
    if waiting.update(state="cancelled", text="", html="", calendar=""):
        row.mails -= 1
    else:
        row.left_facts = row.sent_facts
    if _hours(row.left_facts) == _hours(row.sent_facts):
        row.left_answer, row.left_answered_at = row.answer, row.answered_at


def _facts(item: Item) -> str:
    """What a guest was told: the hours, and a hash of the place, which stands in no mail."""
    ends = item.ends.isoformat() if item.ends else ""
    return f"{item.starts.isoformat()}/{ends}/{sha256(item.place.encode()).hexdigest()[:32]}"


def _as_said(item: Item, facts: str) -> Item:
    """The item with the hours that were told."""
    starts, _, ends = _hours(facts).partition("/")
    until = datetime.fromisoformat(ends) if ends else None
    return replace(item, starts=datetime.fromisoformat(starts), ends=until)


def _hours(facts: str) -> str:
    return facts.rpartition("/")[0]
