"""The only clock of the portal: every moment and every 'today' comes from here."""

import os
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")

# Tests shift the clock of all processes at once through one file that holds seconds.
_SHIFT_FILE = os.environ.get("CLOCK_SHIFT_FILE", "")


def _shift() -> timedelta:
    if not _SHIFT_FILE:
        return timedelta(0)
    try:
        return timedelta(seconds=float(Path(_SHIFT_FILE).read_text() or 0))
    except FileNotFoundError:
        return timedelta(0)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC) + _shift()


def local_now() -> datetime:
    """This moment on the wall clock in Europe/Amsterdam."""
    return now().astimezone(AMSTERDAM)


def today() -> date:
    """The date on the wall clock in Europe/Amsterdam."""
    return local_now().date()


def at(day: date, wall: time) -> datetime:
    """The moment, in UTC, at which the Amsterdam wall clock shows `wall` on `day`."""
    return datetime.combine(day, wall, AMSTERDAM).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The moment, in UTC, at which `day` is over: 24:00 Europe/Amsterdam."""
    return at(day + timedelta(days=1), time(0))


def day_of(moment: datetime) -> date:
    """The date on the wall clock in Europe/Amsterdam at this moment."""
    return moment.astimezone(AMSTERDAM).date()
