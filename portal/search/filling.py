"""Filling the index: what changed first, then a round along all rows that mends what was missed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Max, Q

from portal import clock
from portal.nudge import nudge
from portal.search.actions import TASK
from portal.search.models import Entry, Round, Turn, Waiting
from portal.search.registry import Searchable, searchable, searchables
from portal.search.words import for_readers, indexed

log = structlog.get_logger("portal.search")

Found = Mapping[UUID, tuple[str, str]]

# The words of so many rows are read at once; a paper may hold a book.
BATCH = 50
MOST_BATCHES = 20
MOST_ATTEMPTS = 5
# Longer than the limit of the task: a worker that was killed gives its turn back by itself.
LEASE = timedelta(seconds=120)
# One run of the round takes so many rows of each sort, and a round begins again after a day.
ROUND_BATCH = 200
ROUND_AGAIN_AFTER = timedelta(days=1)


def fill() -> int:
    """Fill what waits and go on with the round; returns how many rows were read. One worker at a time."""
    Turn.objects.get_or_create(pk=1)
    now = clock.now()
    free = Turn.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), pk=1)
    if not free.update(lease_until=now + LEASE):
        return 0
    try:
        return _fill()
    finally:
        Turn.objects.filter(pk=1).update(lease_until=None)


def _fill() -> int:
    done = 0
    for _ in range(MOST_BATCHES):
        taken = _fill_waiting()
        done += taken
        if not taken:
            break
    else:
        nudge(TASK)
    return done + sum(_go_round(one) for one in searchables)


def _fill_waiting() -> int:
    """Read one batch of what changed.

    The words are read and stemmed outside the transaction. Whatever changed again meanwhile has a
    newer row that waits, and is left to whoever takes that one.
    """
    rows = list(Waiting.objects.order_by("attempts", "id")[:BATCH])
    if rows and rows[0].attempts:
        # One of these broke the reading before: each by itself from now on, so that it takes no other along.
        rows = rows[:1]
    _count(rows)
    # In the order they came: what is newer gets the higher id, and is shown first.
    by_sort: dict[str, dict[UUID, None]] = defaultdict(dict)
    for row in rows:
        by_sort[row.searchable][row.object_id] = None
    for key, ids in by_sort.items():
        sort = searchable(key)
        found = _read(sort, ids) if sort else {}
        taken = [row.pk for row in rows if row.searchable == key]
        _write_waiting(key, ids, found, taken)
    return len(rows)


def _count(rows: list[Waiting]) -> None:
    """Note that these are taken, before anything can go wrong; what went wrong too often is given up."""
    given_up = [row.pk for row in rows if row.attempts >= MOST_ATTEMPTS]
    if given_up:
        log.error("search_row_given_up", count=len(given_up))
        Waiting.objects.filter(pk__in=given_up).delete()
        rows[:] = [row for row in rows if row.pk not in given_up]
    Waiting.objects.filter(pk__in=[row.pk for row in rows]).update(attempts=F("attempts") + 1)


def _read(sort: Searchable, ids: Collection[UUID]) -> Found:
    """Words of the title and all words of these rows as the index holds them; what is hidden is left out."""
    return {
        pk: (
            for_readers(indexed(one.title), one.readers),
            for_readers(indexed(f"{one.title}\n{one.text}"), one.readers),
        )
        for pk, one in sort.text(ids).items()
        if one.readers
    }


@transaction.atomic
def _write_waiting(key: str, ids: Collection[UUID], found: Found, taken: list[int]) -> None:
    mine = list(Waiting.objects.select_for_update().filter(pk__in=taken).order_by("id"))
    # Another worker may have been here first, or the row may have changed since it was read.
    newest = dict(
        Waiting.objects.filter(searchable=key, object_id__in=ids)
        .order_by()
        .values("object_id")
        .annotate(newest=Max("pk"))
        .values_list("object_id", "newest")
    )
    still = dict.fromkeys(row.object_id for row in mine if newest[row.object_id] <= max(taken))
    _write(key, still, found)
    Waiting.objects.filter(pk__in=[row.pk for row in mine]).delete()


def _write(key: str, ids: Collection[UUID], found: Found) -> None:
    """Make the entries of these rows say what was found, touching only those that say something else."""
    had = {row.object_id: row for row in Entry.objects.filter(searchable=key, object_id__in=list(ids))}
    fresh, gone = [], []
    for pk in ids:
        row, now = had.get(pk), found.get(pk)
        if row is None and now is not None:
            fresh.append(_entry(key, pk, now))
        elif row is not None and now is None:
            gone.append(row.pk)
        elif row is not None and now is not None and (row.title_words, row.words) != now:
            row.title_words, row.words = now
            row.save(update_fields=["title_words", "words"])
    # Another worker may fill the same row at the same moment; the later one wins, and read it later.
    Entry.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["searchable", "object_id"],
        update_fields=["title_words", "words"],
    )
    Entry.objects.filter(pk__in=gone).delete()


def _entry(key: str, pk: UUID, now: tuple[str, str]) -> Entry:
    title_words, words = now
    return Entry(searchable=key, object_id=pk, title_words=title_words, words=words)


def _go_round(sort: Searchable) -> int:
    """Read the next rows of one sort by id; what the index says otherwise is mended."""
    now = clock.now()
    place, _made = Round.objects.get_or_create(searchable=sort.key)
    if place.ended_at is not None:
        if now - place.ended_at < ROUND_AGAIN_AFTER:
            return 0
        place.after, place.ended_at = None, None
    rows = sort.model._default_manager.order_by("pk")
    if place.after is not None:
        rows = rows.filter(pk__gt=place.after)
    ids: list[UUID] = list(rows.values_list("pk", flat=True)[:ROUND_BATCH])
    lacking = _lacking(sort, ids)
    with transaction.atomic():
        Waiting.objects.bulk_create(Waiting(searchable=sort.key, object_id=pk) for pk in lacking)
        Round.objects.filter(pk=sort.key).update(
            after=ids[-1] if ids else None, ended_at=None if len(ids) == ROUND_BATCH else now
        )
    if lacking:
        nudge(TASK)
    return len(ids)


def _lacking(sort: Searchable, ids: list[UUID]) -> list[UUID]:
    """Which of these rows the index says something else about than they say themselves."""
    found = _read(sort, ids)
    had = {
        row.object_id: (row.title_words, row.words)
        for row in Entry.objects.filter(searchable=sort.key, object_id__in=ids)
    }
    return [pk for pk in ids if found.get(pk) != had.get(pk)]
