"""Counting office days and shifting dates; terms of law never pass through here."""

import csv
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from portal.municipalities.models import Scope
from portal.planning.models import ClosedDay, Recess

UNITS = ("werkdagen", "dagen", "uren")
_SATURDAY = 5


@cache
def holidays() -> dict[date, str]:
    """The holidays of the Algemene termijnenwet article 3, with the days put on a par with them."""
    path = Path(__file__).parent / "data" / "feestdagen_atw.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["datum"]): row["naam"] for row in csv.DictReader(file)}


def last_known_day() -> date:
    """The last day of the last year whose holidays are known; later dates cannot be planned."""
    return date(max(holidays()).year, 12, 31)


@dataclass(frozen=True)
class Planned:
    """A planned date; `shifted_from` and `because` when a skipped day moved it."""

    day: date
    shifted_from: date | None = None
    because: str = ""


@dataclass(frozen=True)
class OfficeDays:
    """The office days of one scope; a driehoek has the national holidays only."""

    closed: dict[date, str]
    recesses: tuple[tuple[date, date, str], ...] = ()

    @classmethod
    def of(cls, scope: Scope) -> "OfficeDays":
        """Read the closed days and recesses of a scope (two queries)."""
        if scope.municipality_id is None:
            return cls(closed={})
        return cls.of_municipality(scope.municipality_id)

    @classmethod
    def of_municipality(cls, municipality_id: Any) -> "OfficeDays":
        closed = ClosedDay.objects.filter(municipality_id=municipality_id).values_list("day", "name")
        recesses = Recess.objects.filter(municipality_id=municipality_id)
        return cls(
            closed=dict(closed),
            recesses=tuple(recesses.values_list("starts_on", "ends_on", "name")),
        )

    @classmethod
    def of_all(cls, scopes: Collection[Scope]) -> "dict[Scope, OfficeDays]":
        """Those of each scope, to count with: without recesses, which only name a day (one query)."""
        closed: dict[Any, dict[date, str]] = defaultdict(dict)
        owners = {one.municipality_id for one in scopes} - {None}
        rows = ClosedDay.objects.filter(municipality_id__in=owners)
        for owner, day, name in rows.values_list("municipality_id", "day", "name"):
            closed[owner][day] = name
        return {one: cls(closed=closed.get(one.municipality_id, {})) for one in scopes}

    def why_skipped(self, day: date) -> str:
        """Why this is no office day: "weekend", the holiday's or closed day's name, or ""."""
        if day in holidays():
            return holidays()[day]
        if day in self.closed:
            return self.closed[day]
        return "weekend" if day.weekday() >= _SATURDAY else ""

    def is_office_day(self, day: date) -> bool:
        return not self.why_skipped(day)

    def recess_on(self, day: date) -> str:
        """The name of the recess that holds this day, or ""."""
        return next((name for start, end, name in self.recesses if start <= day <= end), "")

    def nearest(self, day: date, direction: int) -> date:
        """The day itself when it is an office day, else the first one before (-1) or after (1)."""
        while not self.is_office_day(day):
            day += timedelta(days=direction)
        return day

    def add(self, day: date, count: int) -> date:
        """Count office days from `day`; zero gives the day itself, moved back if it is skipped."""
        if count == 0:
            return self.nearest(day, -1)
        direction = 1 if count > 0 else -1
        for _ in range(abs(count)):
            day = self.nearest(day + timedelta(days=direction), direction)
        return day

    def shift(self, anchor: date, offset: int, unit: str) -> Planned:
        """The date `offset` working or calendar days from `anchor`.

        A calendar-day offset that lands on a skipped day moves to the office day before it
        (negative or zero) or after it (positive), and says so.
        """
        if unit == "werkdagen":
            day = self.add(anchor, offset)
            if offset == 0 and day != anchor:
                return Planned(day, anchor, self.why_skipped(anchor))
            return Planned(day)
        if unit != "dagen":
            raise ValueError(f"{unit} does not count days")
        landed = anchor + timedelta(days=offset)
        because = self.why_skipped(landed)
        if not because:
            return Planned(landed)
        return Planned(self.nearest(landed, 1 if offset > 0 else -1), landed, because)

    def late_by(self, due: date, today: date) -> int:
        """How many office days have passed since `due`; 0 when it is not late."""
        days = 0
        while due < today:
            due = self.add(due, 1)
            if due <= today:
                days += 1
        return days


def shift_hours(anchor: datetime, hours: int) -> datetime:
    """A moment `hours` real hours from an aware anchor; an office plan, never a term of law."""
    return anchor.astimezone(UTC) + timedelta(hours=hours)
