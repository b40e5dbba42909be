"""Reads of feeds by their secret address, of what they hold now, and of the answers of guests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from portal import clock
from portal.audit.models import ViewRow
from portal.feeds.enums import Answer
from portal.feeds.models import Feed, Invitation
from portal.feeds.registry import Item, sources
from portal.people.models import Person
from portal.ui.formatting import day_of

BACK, AHEAD = timedelta(days=90), timedelta(days=400)


def hash_of(token: str) -> str:
    """What the database knows of a secret address."""
    return sha256(token.encode()).hexdigest()


def feed_at(token: str) -> Feed | None:
    """The feed with this address, also when it ended; looked up by hash, so its time betrays nothing."""
    return Feed.objects.select_related("person").filter(token_hash=hash_of(token)).first()


def has_ended(feed: Feed) -> bool:
    """Revoked, or its person cannot sign in any more."""
    return feed.revoked_at is not None or not feed.person.is_active


def items_of(feed: Feed) -> list[Item]:
    """What the person sees at this moment, of the sources that the feed holds, in the order of time."""
    now = clock.now()
    found = [
        item
        for one in sources
        if one.key in feed.contents
        for item in one.items(feed.person, now - BACK, now + AHEAD)
    ]
    return sorted(found, key=lambda item: (day_of(item.starts), item.uid))


def open_feeds(person: Person) -> "QuerySet[Feed]":
    """The feeds of a person that still answer."""
    return Feed.objects.filter(person=person, revoked_at__isnull=True)


def was_used_today(feed: Feed) -> bool:
    """Whether somebody asked for this feed before on this day."""
    rows = ViewRow.objects.filter(object_type=feed._meta.label_lower, object_id=feed.pk)
    last = rows.aggregate(last=Max("at"))["last"]
    return last is not None and clock.day_of(last) == clock.today()


def with_last_use(feeds: Sequence[Feed]) -> list[tuple[Feed, Any]]:
    """Each feed with the moment it was first asked for on the last day that it was; one query."""
    rows = (
        ViewRow.objects.filter(object_type=Feed._meta.label_lower, object_id__in=[one.pk for one in feeds])
        .values("object_id")
        .annotate(last=Max("at"))
        .order_by("object_id")
    )
    used = {row["object_id"]: row["last"] for row in rows}
    return [(one, used.get(one.pk)) for one in feeds]


@dataclass(frozen=True)
class Answers:
    """How many of those who were asked for one occasion come, do not, may, or did not say yet."""

    yes: int
    no: int
    maybe: int
    waiting: int


def answers_to(key: str, object_ids: Iterable[UUID]) -> dict[UUID, Answers]:
    """The answers of each occasion to which somebody is invited (one query)."""
    rows = Invitation.objects.filter(source=key, object_id__in=list(object_ids), withdrawn_at__isnull=True)
    found = (
        rows.order_by("object_id")
        .values("object_id")
        .annotate(
            yes=Count("pk", filter=Q(answer=Answer.YES)),
            no=Count("pk", filter=Q(answer=Answer.NO)),
            maybe=Count("pk", filter=Q(answer=Answer.MAYBE)),
            waiting=Count("pk", filter=Q(answer="")),
        )
        .values_list("object_id", "yes", "no", "maybe", "waiting")
    )
    return {object_id: Answers(*counts) for object_id, *counts in found}
