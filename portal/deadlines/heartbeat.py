"""When each part of the engine last showed itself, and when that is too long ago."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from portal import clock
from portal.deadlines.models import Heartbeat

# "beat": it sent a tick. "worker": it took one. "sweep": that one was finished without an error.
# The engine ran when all three did: a worker nudged by hand does not hide that beat stands still.
PARTS = ("beat", "worker", "sweep")


def beat(part: str) -> None:
    """Note that a part of the engine is alive now."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": clock.now()})


def last(part: str) -> datetime | None:
    """When a part last showed itself; None when it never did."""
    return Heartbeat.objects.filter(part=part).values_list("at", flat=True).first()


def all_last() -> dict[str, datetime]:
    """When each part last showed itself, in one query; a part that never did is not in it."""
    return dict(Heartbeat.objects.filter(part__in=PARTS).values_list("part", "at"))


def engine_last_ran(beats: Mapping[str, datetime], now: datetime) -> datetime | None:
    """The oldest sign of life of the three, or else one that lies ahead; None when one never came."""
    if not all(part in beats for part in PARTS):
        return None
    newest = max(beats.values())
    return newest if newest > latest(now) else min(beats.values())


def late_after() -> timedelta:
    """After so long without a sign of life a part stands still: ten ticks, unless a setting says else."""
    return timedelta(seconds=settings.ENGINE_LATE_SECONDS)


def latest(now: datetime) -> datetime:
    """No sign of life can be later than this: clocks of two machines differ less than a tick.

    One that lies further ahead was written before the clock was put back, and says nothing.
    """
    return now + timedelta(seconds=settings.TICK_SECONDS)


def is_recent(at: datetime | None, now: datetime) -> bool:
    """Whether a part that showed itself at this moment still runs."""
    return at is not None and now - late_after() <= at <= latest(now)
