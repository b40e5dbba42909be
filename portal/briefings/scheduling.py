"""The tick that asks the database which briefings of the schedule are due, and asks for each of them once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from portal import clock
from portal.briefings import office
from portal.briefings.enums import State
from portal.briefings.models import Briefing, Timetable
from portal.briefings.readers import MAYORS
from portal.briefings.registry import Document, document
from portal.briefings.rhythm import Every
from portal.municipalities.models import Municipality, Scope
from portal.people.models import Membership
from portal.planning.days import OfficeDays
from portal.planning.models import ClosedDay

AT_ONCE = 300
# Days without a dagbrief are noted so far back; longer ago nobody asks.
NOTED = timedelta(days=14)


@dataclass(frozen=True)
class Copy:
    """One copy that is due: of which document, for whom."""

    municipality_id: Any
    document: str
    period: date
    reader_id: Any

    @property
    def key(self) -> str:
        """The name by which it is made once, whatever hour the schedule has."""
        return f"{self.document}:{self.municipality_id}:{self.period:%Y%m%d}:{self.reader_id or 'kabinet'}"

    def row(self, planned_at: datetime, state: State) -> Briefing:
        return Briefing(
            document=self.document,
            subject_id=self.municipality_id,
            audience="reader" if self.reader_id else office.OFFICE.key,
            reader_id=self.reader_id,
            period=self.period,
            planned_at=planned_at,
            due_key=self.key,
            state=state,
            **Scope(self.municipality_id).as_fields(),
        )


def lay_timetables() -> int:
    """Give every municipality with somebody in its office the timetables that hold by themselves."""
    keys = [one.key for one in office.scheduled()]
    members = Membership.objects.current(clock.today()).filter(
        municipality=OuterRef("pk"), role__in=office.OFFICE_ROLES
    )
    without = (
        Municipality.objects.filter(Exists(members))
        .annotate(laid=Count("timetables", filter=Q(timetables__document__in=keys)))
        .filter(laid__lt=len(keys))
        .order_by("pk")
    )
    rows = [default(one.pk, of) for one in without for of in office.scheduled()]
    Timetable.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def default(municipality_id: Any, of: Document) -> Timetable:
    """What holds where nobody chose anything; unsaved."""
    assert of.rhythm is not None
    return Timetable(
        municipality_id=municipality_id,
        document=of.key,
        at=of.rhythm.at,
        weekday=of.rhythm.weekday,
        days_after=of.rhythm.days_after,
        office_days_only=of.rhythm.office_days_only,
    )


def ask_planned(now: datetime) -> int:
    """Ask for every copy that the timetables have due by now, each once; returns how many."""
    lay_timetables()
    asked = 0
    keys = [one.key for one in office.scheduled()]
    while found := list(
        Timetable.objects.filter(look_at__lte=now, document__in=keys).order_by("look_at", "id")[:AT_ONCE]
    ):
        asked += _look(found, now)
        if len(found) < AT_ONCE:
            break
    return asked


@transaction.atomic
def _look(found: Sequence[Timetable], now: datetime) -> int:
    today = clock.day_of(now)
    days = _office_days({one.municipality_id for one in found}, today)
    people = _people({one.municipality_id for one in found}, today)
    wanted: dict[str, Briefing] = {}
    for one in found:
        if one.is_on:
            for planned_at, period, state in _due(one, days[one.municipality_id], now):
                for copy in people.copies(one, period):
                    wanted[copy.key] = copy.row(planned_at, state)
        rhythm = _rhythm(one)
        one.look_at = rhythm.looks_next(now)
        one.looked_on = today if clock.at(today, one.at) <= now else today - timedelta(days=1)
    known = set(Briefing.objects.filter(due_key__in=list(wanted)).values_list("due_key", flat=True))
    fresh = [row for key, row in wanted.items() if key not in known]
    # Another worker may ask at the same moment: the unique key lets one of the two through.
    Briefing.objects.bulk_create(fresh, ignore_conflicts=True)
    Timetable.objects.bulk_update(found, ["look_at", "looked_on"])
    return len(fresh)


def _rhythm(row: Timetable) -> Any:
    of = document(row.document).rhythm
    assert of is not None
    return row.rhythm(of)


def _due(row: Timetable, days: OfficeDays, now: datetime) -> Iterator[tuple[datetime, date, State]]:
    """What is due by now of this period; and of a dagbrief the days that went by without a look."""
    rhythm, today = _rhythm(row), clock.day_of(now)
    if rhythm.every == Every.DAY and row.looked_on is not None:
        day = max(row.looked_on + timedelta(days=1), today - NOTED)
        while day < today:
            moment = rhythm.moment_of(day, days)
            if moment is not None and moment >= row.since:
                yield moment, day, State.MISSED
            day += timedelta(days=1)
    begin = rhythm.begins(today)
    moment = rhythm.moment_of(begin, days)
    if moment is not None and row.since <= moment <= now:
        yield moment, begin, State.ASKED


def _office_days(ids: set[Any], today: date) -> dict[Any, OfficeDays]:
    closed: dict[Any, dict[date, str]] = defaultdict(dict)
    around = (today - timedelta(days=120), today + timedelta(days=14))
    for pk, day, name in ClosedDay.objects.filter(municipality_id__in=ids, day__range=around).values_list(
        "municipality_id", "day", "name"
    ):
        closed[pk][day] = name
    return {pk: OfficeDays(closed=closed.get(pk, {})) for pk in ids}


@dataclass(frozen=True)
class _People:
    """Who are of each office, with the days on which they are."""

    members: dict[Any, list[Membership]]

    def copies(self, row: Timetable, period: date) -> Iterator[Copy]:
        """One for the office, and of a dagbrief one for each burgemeester and loco."""
        day = period if row.document == office.DAY else clock.today()
        here = [
            one
            for one in self.members.get(row.municipality_id, [])
            if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)
        ]
        if here:
            yield Copy(row.municipality_id, row.document, period, None)
        if row.document == office.DAY:
            for person_id in dict.fromkeys(one.person_id for one in here if one.role in MAYORS):
                yield Copy(row.municipality_id, row.document, period, person_id)


def _people(ids: set[Any], today: date) -> _People:
    found: dict[Any, list[Membership]] = defaultdict(list)
    rows = Membership.objects.filter(
        municipality__in=ids,
        role__in=office.OFFICE_ROLES,
        ended_at__isnull=True,
        person__is_active=True,
        starts_on__lte=today,
    )
    for row in rows.order_by("id"):
        found[row.municipality_id].append(row)
    return _People(found)


def plan_now(municipality_id: Any, of: Document, now: datetime) -> int:
    """Ask at once for what this period would have: the demonstration does not wait for a morning."""
    assert of.rhythm is not None
    today = clock.day_of(now)
    begin = of.rhythm.begins(today)
    copies = _people({municipality_id}, today).copies(default(municipality_id, of), begin)
    rows = [copy.row(now, State.ASKED) for copy in copies]
    Briefing.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
