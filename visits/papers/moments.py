"""When the briefing of a visit goes out."""

from datetime import date, datetime

from portal import clock
from portal.briefings.making import DUE_FROM
from portal.planning.days import OfficeDays


def briefing_on(starts_at: datetime, days_before: int, days: OfficeDays) -> date:
    """The day on which it goes out; on the day itself only for what begins after the hour of briefings."""
    day = clock.day_of(starts_at)
    found = days.add(day, -days_before)
    if found == day and starts_at.astimezone(clock.AMSTERDAM).time() <= DUE_FROM:
        return days.add(day, -1)
    return found
