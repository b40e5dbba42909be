"""Every write to feeds; each function is one transaction."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from portal import clock
from portal.audit.record import record, text_change
from portal.feeds.models import Feed
from portal.feeds.queries import hash_of, open_feeds
from portal.people.marks import made_id
from portal.people.models import Person

# More is a sign that somebody makes new ones instead of revoking old ones.
MOST = 10


class ChangedMeanwhile(Exception):
    """The feed was changed or revoked after it was shown; nothing was written."""


class TooMany(Exception):
    """The person has as many feeds as one may have."""


def address_of(token: str) -> str:
    """The whole secret address."""
    return f"{settings.PORTAL_URL}{reverse('feeds:ics', args=[token])}"


@transaction.atomic
def make(
    *, by: Person, label: str, level: str, contents: Sequence[str], alarms: Sequence[str], key: str
) -> tuple[Feed, str]:
    """Make a feed; gives it with its address, which nobody can read again.

    The same one-time key leads to the feed it made before, without its address.
    """
    # The row of the person holds a second press at the same moment, so that it finds what the first made.
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    made = made_id(by, key)
    before = Feed.objects.filter(pk=made).first()
    if before is not None:
        return before, ""
    if open_feeds(by).count() >= MOST:
        raise TooMany
    token = secrets.token_urlsafe(32)
    feed = Feed.objects.create(
        id=made,
        person=by,
        label=label.strip(),
        token_hash=hash_of(token),
        level=level,
        contents=list(contents),
        alarms=list(alarms),
    )
    record("feed.made", by=by, about=feed, scope=None, changes={"level": level, "contents": list(contents)})
    return feed, address_of(token)


@transaction.atomic
def change(
    *,
    by: Person,
    feed: Feed,
    label: str,
    level: str,
    contents: Sequence[str],
    alarms: Sequence[str],
    version: int | None,
) -> None:
    """Change what a feed tells; its address stays."""
    old = {"level": feed.level, "contents": feed.contents, "alarms": feed.alarms}
    new = {"level": level, "contents": list(contents), "alarms": list(alarms)}
    _set(feed, version, label=label.strip(), **new)
    record(
        "feed.changed",
        by=by,
        about=feed,
        scope=None,
        changes={name: (old[name], new[name]) for name in new if old[name] != new[name]}
        | text_change("label", label),
    )


@transaction.atomic
def revoke(*, by: Person, feed: Feed) -> None:
    """End a feed: from this moment on its address gives nothing."""
    now = clock.now()
    if open_feeds(by).filter(pk=feed.pk).update(revoked_at=now, version=F("version") + 1):
        record("feed.revoked", by=by, about=feed, scope=None, changes={"revoked_at": (None, now)})


def _set(feed: Feed, version: int | None, **fields: Any) -> None:
    seen = feed.version if version is None else version
    rows = Feed.objects.filter(pk=feed.pk, version=seen, revoked_at__isnull=True)
    if rows.update(version=F("version") + 1, **fields) != 1:
        raise ChangedMeanwhile
