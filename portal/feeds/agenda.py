"""The calendar page: a month, a week or a list of what a person sees, day by day."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal import clock
from portal.feeds.daynames import days_of, names_between
from portal.feeds.registry import Item, sources
from portal.people.models import Person
from portal.ui.formatting import datum, day_of

MONTH, WEEK, LIST = "maand", "week", "lijst"
SHAPES = (MONTH, WEEK, LIST)
# How far a list looks ahead.
LISTED = timedelta(days=60)
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Day:
    """One day with what it is called and what is on it; `is_outside` belongs to another month.

    `begins_name`: it is called something that the day before it was not.
    """

    day: date
    names: list[str]
    items: list[Item] = field(default_factory=list)
    begins_name: bool = False
    is_today: bool = False
    is_outside: bool = False

    @property
    def is_worth_a_line(self) -> bool:
        """There is something on it, or it is the first of days with a name."""
        return bool(self.items) or self.begins_name


@dataclass(frozen=True)
class Agenda:
    """What the page shows, and the days from which the period before and after it are shown."""

    shape: str
    title: str
    weeks: list[list[Day]]
    before: date
    after: date

    @property
    def days(self) -> list[Day]:
        """Every day of a week; of a longer period those that are worth a line."""
        days = [day for week in self.weeks for day in week]
        return [day for day in days if self.shape == WEEK or day.is_worth_a_line]

    @property
    def is_empty(self) -> bool:
        return not any(day.items for week in self.weeks for day in week)


def month_of(day: date) -> tuple[date, date]:
    """The Monday before the first and the Sunday after the last of its month."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def period(shape: str, day: date) -> tuple[date, date]:
    """The first and the last day that this shape shows around a day."""
    if shape == MONTH:
        return month_of(day)
    if shape == WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return day, day + LISTED


def _title(shape: str, first: date, day: date) -> str:
    if shape == MONTH:
        return date_format(day, "F Y")
    if shape == WEEK:
        return _("week %(week)s, %(year)s") % {
            "week": first.isocalendar().week,
            "year": first.isocalendar().year,
        }
    return _("Vanaf %(day)s") % {"day": datum(day)}


def _around(shape: str, first: date, last: date, day: date) -> tuple[date, date]:
    if shape == MONTH:
        return day.replace(day=1) - timedelta(days=1), (day.replace(day=1) + timedelta(days=31)).replace(
            day=1
        )
    return first - (_WEEK if shape == WEEK else LISTED), last + timedelta(days=1)


def agenda(person: Person, shape: str, day: date, keys: Collection[str]) -> Agenda:
    """The calendar of a person around a day, of the sources with these keys."""
    first, last = period(shape, day)
    start, end = clock.at(first, time(0)), clock.end_of(last)
    found: dict[date, list[Item]] = {}
    for one in sources:
        if one.key in keys:
            for item in one.items(person, start, end):
                found.setdefault(day_of(item.starts), []).append(item)
    names, today = names_between(person, first, last), clock.today()
    days = [
        Day(
            one,
            names.get(one, []),
            sorted(found.get(one, []), key=_place),
            begins_name=bool(set(names.get(one, [])) - set(names.get(one - timedelta(days=1), []))),
            is_today=one == today,
            is_outside=shape == MONTH and one.month != day.month,
        )
        for one in days_of(first, last)
    ]
    weeks = [days[nr : nr + 7] for nr in range(0, len(days), 7)] if shape != LIST else [days]
    before, after = _around(shape, first, last, day)
    return Agenda(shape, _title(shape, first, day), weeks, before, after)


def _place(item: Item) -> tuple[bool, str, str]:
    """What has no hour comes first, then by the hour."""
    timed = isinstance(item.starts, datetime)
    return timed, item.starts.isoformat(), item.uid
