"""When a notice may speak: at the digest a person chose, after quiet hours, or at once."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from portal import clock
from portal.deadlines.models import Choices
from portal.planning.days import OfficeDays

DIGEST_AT = time(7, 15)
# Ordinary reminders are ready from here on, so that no digest hour comes before them.
FIRST_DIGEST = time(5, 0)
LAST_DIGEST = time(22, 0)
QUIET = (time(20, 0), time(7, 0))


class Weight(StrEnum):
    """How soon something must be heard."""

    ORDINARY = "ordinary"
    ESCALATION = "escalation"
    URGENT = "urgent"


@dataclass(frozen=True)
class Habits:
    """What one person chose, with the office days that count for the digest."""

    digest_at: time = DIGEST_AT
    every_day: bool = False
    quiet_from: time = QUIET[0]
    quiet_until: time = QUIET[1]
    by_mail: bool = True
    days: OfficeDays = field(default_factory=lambda: OfficeDays(closed={}))

    @classmethod
    def of(cls, chosen: Choices | None, days: OfficeDays) -> "Habits":
        """What somebody chose, or the defaults."""
        if chosen is None:
            return cls(days=days)
        return cls(
            chosen.digest_at, chosen.every_day, chosen.quiet_from, chosen.quiet_until, chosen.by_mail, days
        )

    def is_quiet(self, wall: time) -> bool:
        """Whether this wall-clock time lies in the quiet hours; they may pass midnight."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= wall < self.quiet_until
        return wall >= self.quiet_from or wall < self.quiet_until


def next_digest(after: datetime, habits: Habits) -> datetime:
    """The first digest at or after this moment, on an office day unless every day was chosen."""
    day = after.astimezone(clock.AMSTERDAM).date()
    while True:
        found = clock.at(day, habits.digest_at)
        if found >= after and (habits.every_day or habits.days.is_office_day(day)):
            return found
        day += timedelta(days=1)


def after_quiet(moment: datetime, habits: Habits) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in."""
    local = moment.astimezone(clock.AMSTERDAM)
    if not habits.is_quiet(local.time()):
        return moment
    # In the night in which the clock goes back the same hour comes twice.
    ends = [
        datetime.combine(day, habits.quiet_until, clock.AMSTERDAM).replace(fold=fold).astimezone(UTC)
        for day in (local.date(), local.date() + timedelta(days=1))
        for fold in (0, 1)
    ]
    return min(end for end in ends if end > moment)


def speaks_at(
    weight: Weight, fires_at: datetime, now: datetime, late_from: datetime | None, habits: Habits
) -> datetime:
    """When a person hears what fired at `fires_at`.

    Urgent: now. An escalation: now, or when the quiet hours end. Ordinary: with the digest; only
    what would be late before the digest comes goes ahead of it, and what missed its digest comes
    as soon as may be: never in quiet hours, and on a free day only for who wants that.
    """
    moment = max(fires_at, now)
    if weight == Weight.URGENT:
        return moment
    if weight == Weight.ESCALATION:
        return after_quiet(moment, habits)
    digest = next_digest(fires_at, habits)
    awake = after_quiet(moment, habits)
    if late_from is not None and moment < late_from <= digest:
        return awake
    if digest > now:
        return digest
    day = awake.astimezone(clock.AMSTERDAM).date()
    return awake if habits.every_day or habits.days.is_office_day(day) else next_digest(awake, habits)
