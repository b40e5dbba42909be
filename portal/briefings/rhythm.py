"""When a briefing on a schedule is due: its period, and the moment in it, on the wall clock of Amsterdam."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal import clock
from portal.planning.days import OfficeDays

DAYS_OF_WEEK = 7
MONTHS_OF_QUARTER = 3
# How far ahead the page looks for the next one; a quarter and its longest wait fit in it.
_HORIZON = 200


class Every(StrEnum):
    """How often a briefing comes."""

    DAY = "day"
    WEEK = "week"
    QUARTER = "quarter"


@dataclass(frozen=True)
class Rhythm:
    """How often, at which hour, and on which day of the period.

    `weekday` counts from Monday and holds for a week; `days_after` the beginning of a quarter, in office
    days where only those count. A week without the chosen day has the first office day after it, or else
    the last one before it; a week or a day without any office day has none at all.
    """

    every: Every
    at: time = time(7, 15)
    weekday: int = 0
    days_after: int = 0
    office_days_only: bool = True

    def begins(self, day: date) -> date:
        """The first day of the period that holds this day: the name by which it is made once."""
        if self.every == Every.DAY:
            return day
        if self.every == Every.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(month=(day.month - 1) // MONTHS_OF_QUARTER * MONTHS_OF_QUARTER + 1, day=1)

    def day_of(self, begin: date, days: OfficeDays) -> date | None:
        """The day of the period with this first day on which it is due; None when it has none."""
        if self.every == Every.DAY:
            return begin if not self.office_days_only or days.is_office_day(begin) else None
        if self.every == Every.QUARTER:
            if not self.office_days_only:
                return begin + timedelta(days=self.days_after)
            return days.add(days.nearest(begin, 1), self.days_after)
        if not self.office_days_only:
            return begin + timedelta(days=self.weekday)
        week = [begin + timedelta(days=nr) for nr in range(DAYS_OF_WEEK)]
        candidates = week[self.weekday :] + week[: self.weekday][::-1]
        return next((day for day in candidates if days.is_office_day(day)), None)

    def moment_of(self, begin: date, days: OfficeDays) -> datetime | None:
        """The moment at which it is due.

        An hour that the clock skips in spring comes an hour later; one that comes twice in autumn, the
        first time.
        """
        day = self.day_of(begin, days)
        return None if day is None else clock.at(day, self.at)

    def coming(self, after: datetime, days: OfficeDays) -> Iterator[tuple[date, datetime]]:
        """The periods whose moment lies after this one, with that moment, the first one first."""
        day = clock.day_of(after)
        last, seen = day + timedelta(days=_HORIZON), None
        while day <= last:
            begin = self.begins(day)
            if begin != seen:
                seen = begin
                moment = self.moment_of(begin, days)
                if moment is not None and moment > after:
                    yield begin, moment
            day += timedelta(days=1)

    def next(self, after: datetime, days: OfficeDays) -> datetime | None:
        """The first moment after this one; None when there is none in sight."""
        return next((moment for _begin, moment in self.coming(after, days)), None)

    def looks_next(self, now: datetime) -> datetime:
        """When somebody must look again whether it is due: at its hour, today or tomorrow.

        Every day, whatever day counts: the closed days may have changed by then.
        """
        today = clock.day_of(now)
        at = clock.at(today, self.at)
        return at if at > now else clock.at(today + timedelta(days=1), self.at)
