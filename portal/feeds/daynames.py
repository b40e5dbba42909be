"""What a day is called in the calendar: a holiday, a closed day, a recess, a week with a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal.planning.days import holidays
from portal.planning.models import ClosedDay, Recess
from portal.ui.registry import Registry

if TYPE_CHECKING:
    from portal.people.models import Person

Names = Mapping[date, Sequence[str]]


@dataclass(frozen=True)
class DayNames:
    """A source of names: `names` gives those of the days from the first to the last, both included."""

    key: str
    names: Callable[[Person, date, date], Names]
    order: int = 100


day_names: Registry[DayNames] = Registry("DayNames")


def names_between(person: Person, first: date, last: date) -> dict[date, list[str]]:
    """Everything that these days are called, for this person; a fixed number of queries."""
    found: dict[date, list[str]] = {}
    for one in day_names:
        for day, names in one.names(person, first, last).items():
            known = found.setdefault(day, [])
            known += [name for name in names if name not in known]
    return found


def days_of(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=nr) for nr in range((last - first).days + 1)]


def _planned(person: Person, first: date, last: date) -> Names:
    """Holidays, and the closed days and recesses of the person's municipalities (two queries)."""
    found: dict[date, list[str]] = {day: [name] for day, name in holidays().items() if first <= day <= last}
    own = {one.municipality_id for one in person.grants if one.municipality_id}
    if not own:
        return found
    closed = ClosedDay.objects.filter(municipality__in=own, day__range=(first, last))
    for day, name in closed.order_by("day", "name").values_list("day", "name"):
        found.setdefault(day, []).append(name)
    recesses = Recess.objects.filter(municipality__in=own, starts_on__lte=last, ends_on__gte=first)
    for starts, ends, name in recesses.order_by("starts_on", "id").values_list(
        "starts_on", "ends_on", "name"
    ):
        for day in days_of(max(starts, first), min(ends, last)):
            found.setdefault(day, []).append(name)
    return found


def register() -> None:
    """Register the names that planning knows; called once when the app is ready."""
    day_names.register(DayNames("planning", _planned, 10))
