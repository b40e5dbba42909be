"""Dates, moments and lateness in the words people use; nothing here reads another clock.

The names are Dutch because they are those of the template filters.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from portal import clock

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, language: str | None) -> str:
    # A list writes the same few dates over and over; Django takes a quarter of a millisecond for ten.
    return date_format(day, pattern)


def _write(day: date, pattern: str) -> str:
    return _written(day, pattern, get_language())


def _with_year(day: date, pattern: str) -> str:
    """The pattern, with the year when it is not this year."""
    return pattern if day.year == clock.today().year else f"{pattern} Y"


def day_of(value: date | datetime) -> date:
    """The date on the wall clock in Amsterdam."""
    return value.astimezone(clock.AMSTERDAM).date() if isinstance(value, datetime) else value


def _seconds_until(value: datetime) -> float:
    # Both in UTC first: subtracting within one zone counts wall-clock hours and skips the DST change.
    return (value.astimezone(UTC) - clock.now().astimezone(UTC)).total_seconds()


def datum(value: date | datetime) -> str:
    """'vrijdag 27 november', with the year when it is not this year."""
    day = day_of(value)
    return _write(day, _with_year(day, "l j F"))


def datum_kort(value: date | datetime) -> str:
    """'vr 27 nov', with the year when it is not this year."""
    day = day_of(value)
    text = _write(day, _with_year(day, "D j M"))
    # Django writes a capital; Dutch does not.
    return text.lower() if (get_language() or "").startswith("nl") else text


def dag(value: date | datetime) -> str:
    """'3 december', with the year when it is not this year."""
    day = day_of(value)
    return _write(day, _with_year(day, "j F"))


def tijd(value: datetime) -> str:
    """'20:00' on the wall clock in Amsterdam."""
    return value.astimezone(clock.AMSTERDAM).strftime("%H:%M")


def moment(value: datetime) -> str:
    """'wo 25 nov 20:00' on the wall clock in Amsterdam."""
    return f"{datum_kort(value)} {tijd(value)}"


def geleden(value: datetime) -> str:
    """'2 minuten geleden'; after a week the date."""
    seconds = -_seconds_until(value)
    if seconds < MINUTE:
        return gettext("zojuist")
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        return ngettext("%(count)d minuut geleden", "%(count)d minuten geleden", count) % {"count": count}
    if seconds < DAY:
        count = int(seconds // HOUR)
        return ngettext("%(count)d uur geleden", "%(count)d uur geleden", count) % {"count": count}
    # The day the clock goes back lasts 25 hours: a full day ago can still be the same date.
    days = max(1, (clock.today() - day_of(value)).days)
    if days < 7:
        return ngettext("%(count)d dag geleden", "%(count)d dagen geleden", days) % {"count": days}
    return dag(value)


def dagen_te_laat(count: int) -> str:
    """'3 dagen te laat'."""
    return ngettext("%(count)d dag te laat", "%(count)d dagen te laat", count) % {"count": count}


def wanneer_dag(day: date) -> str:
    """How far a date is off; a date lasts until 24:00 in Amsterdam."""
    days = (day - clock.today()).days
    if days < 0:
        return dagen_te_laat(-days)
    if days == 0:
        return gettext("vandaag")
    if days == 1:
        return gettext("morgen")
    if days <= 6:
        return _write(day, "l")
    return dag(day)


def wanneer_moment(value: datetime) -> str:
    """How far a moment is off: in minutes and hours up to two days, then the day with its hour."""
    seconds = _seconds_until(value)
    if seconds < 0:
        return _late_moment(value, -seconds)
    if seconds < MINUTE:
        return gettext("nu")
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        return ngettext("nog %(count)d minuut", "nog %(count)d minuten", count) % {"count": count}
    if seconds < 2 * DAY:
        count = int(seconds // HOUR)
        return ngettext("nog %(count)d uur", "nog %(count)d uur", count) % {"count": count}
    return f"{wanneer_dag(day_of(value))} {tijd(value)}"


def _late_moment(value: datetime, seconds: float) -> str:
    if seconds < MINUTE:
        return gettext("net te laat")
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        return ngettext("%(count)d minuut te laat", "%(count)d minuten te laat", count) % {"count": count}
    if seconds < 2 * DAY:
        count = int(seconds // HOUR)
        return ngettext("%(count)d uur te laat", "%(count)d uur te laat", count) % {"count": count}
    return dagen_te_laat((clock.today() - day_of(value)).days)


def wanneer(value: date | datetime) -> str:
    """How far off, in words, for a date or a moment."""
    return wanneer_moment(value) if isinstance(value, datetime) else wanneer_dag(value)


def urgency(due_on: date | None, due_at: datetime | None) -> str:
    """'late', 'soon' (today, tomorrow or the day after; a moment: within 48 hours) or ''."""
    if due_at is not None:
        seconds = _seconds_until(due_at)
        return "late" if seconds < 0 else "soon" if seconds <= 2 * DAY else ""
    if due_on is not None:
        left = due_on - clock.today()
        return "late" if left < timedelta(0) else "soon" if left <= timedelta(days=2) else ""
    return ""
