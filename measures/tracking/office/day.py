"""The sections of the dagbrief that come from measures: decide, clocks, too late, appointments, this week."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from measures.tracking.briefing_words import When, first_change, on_paper, when
from measures.tracking.enums import EvidenceKind
from measures.tracking.kinds import Happening, kind
from measures.tracking.models import Action, Appointment
from measures.tracking.office import rows as of
from portal import clock
from portal.briefings.office import DAY, Edition
from portal.briefings.registry import Audience, Line, Section, sections
from portal.deadlines.models import Notice
from portal.deadlines.plan import ROLE_AFTER
from portal.people.enums import Role
from portal.ui.formatting import datum, day_of, tijd

# Days after today: an end that moves with the hour would say all day that something changed.
CLOCKS_WITHIN = timedelta(days=3)
TITLE = 90


@dataclass(frozen=True)
class ToDecide:
    """One thing that waits for the mayor: of which measure, why now, when at the latest."""

    title: str
    about: str
    why: str
    due: When
    opens: str


@dataclass(frozen=True)
class Decide:
    rows: Sequence[ToDecide]
    more: int
    url: str
    is_yours: bool
    lines: list[Line]
    changes_at: datetime | None


def decide(audience: Audience, subject: Edition, as_of: datetime) -> Decide:
    """What lies with the mayor and is due today or late; what asks for a decision first."""
    found = of.running(subject).filter(of.of_the_mayor(subject), late_from__lte=clock.end_of(subject.today))
    waiting = sorted(found[: of.KEPT], key=lambda row: row.evidence_kind != EvidenceKind.DECISION)
    shown, more = of.cut(waiting, subject, "decide", found)
    rows = [
        ToDecide(
            of.shortened(subject, row.title, TITLE),
            kind(row.kind).nav,
            of.why(subject, row),
            when(row, as_of),
            of.opens(subject, row),
        )
        for row in shown
    ]
    return Decide(
        rows,
        more,
        of.absolute(subject),
        subject.reader is not None,
        [of.line(row, uiterlijk=on_paper(row.due)) for row in waiting],
        first_change(when(row, as_of) for row in waiting),
    )


@dataclass(frozen=True)
class Clock:
    """Something that ends at an hour."""

    title: str
    about: str
    ends: str
    holder: str
    opens: str


@dataclass(frozen=True)
class Clocks:
    rows: Sequence[Clock]
    more: int
    url: str
    lines: list[Line]
    changes_at: datetime | None


def clocks(audience: Audience, subject: Edition, as_of: datetime) -> Clocks:
    """Open actions with an hour today or in the three days after it, the first to end on top."""
    among = of.running(subject).filter(due_at__gt=as_of, due_at__lte=_clocks_end(subject))
    found = list(among[: of.KEPT])
    shown, more = of.cut(found, subject, "clocks", among)
    rows = [
        Clock(
            of.shortened(subject, row.title, TITLE),
            kind(row.kind).nav,
            _ends(row, as_of),
            of.holder(subject, row),
            of.opens(subject, row),
        )
        for row in shown
    ]
    lines = [of.line(row, tijd=on_paper(row.due_at)) for row in found if row.due_at]
    return Clocks(rows, more, of.absolute(subject), lines, found[0].due_at if found else None)


def _clocks_end(subject: Edition) -> datetime:
    return clock.end_of(subject.today + CLOCKS_WITHIN)


def _ends(row: Action, as_of: datetime) -> str:
    assert row.due_at is not None
    if clock.day_of(row.due_at) == clock.day_of(as_of):
        return f"vandaag\u00a0{tijd(row.due_at)}"
    return on_paper(row.due_at)


@dataclass(frozen=True)
class Late:
    """Something that climbed up to the mayor."""

    title: str
    about: str
    how_late: str
    holder: str
    opens: str


@dataclass(frozen=True)
class TooLate:
    rows: Sequence[Late]
    more: int
    url: str
    lines: list[Line]
    changes_at: datetime | None


def too_late(audience: Audience, subject: Edition, as_of: datetime) -> TooLate:
    """What is five office days late or more and climbs to the mayor, or already did; not the mayor's own."""
    told = Notice.objects.filter(
        person__in=subject.mayors, name="escalated", state__in=["shown", "told"]
    ).values("reminder__object_id")
    climbed = Q(pk__in=told)
    for scope in subject.scopes:
        days = of.days_of(subject, scope)
        # The fifth office day counted back from today: what was due before it is five or more late.
        fifth = days.add(days.nearest(subject.today, -1), 1 - ROLE_AFTER)
        climbed |= Q(**scope.as_fields(), late_from__lte=of.start_of(fifth))
    among = (
        of.running(subject).filter(climbed, escalates_to=Role.BURGEMEESTER).exclude(of.of_the_mayor(subject))
    )
    found = list(among[: of.KEPT])
    shown, more = of.cut(found, subject, "late", among)
    rows = [
        Late(
            of.shortened(subject, row.title, TITLE),
            kind(row.kind).nav,
            _how_late(subject, row),
            of.holder(subject, row),
            of.opens(subject, row),
        )
        for row in shown
    ]
    lines = [of.line(row, actiehouder=row.holder_name) for row in found]
    # What climbed before it was late becomes late at its own moment.
    ends = [row.late_from for row in found if row.late_from is not None and row.late_from > as_of]
    until = min([*ends, clock.end_of(subject.today)]) if found else None
    return TooLate(rows, more, of.absolute(subject), lines, until)


def _how_late(subject: Edition, row: Action) -> str:
    days = 0 if row.due is None else of.days_of(subject, row.scope).late_by(day_of(row.due), subject.today)
    if not row.is_late:
        return "niemand pakt dit op"
    if days < 1:
        return "minder dan 1 werkdag te laat"
    return "1 werkdag te laat" if days == 1 else f"{days} werkdagen te laat"


@dataclass(frozen=True)
class Meeting:
    """An appointment with at most three talking points."""

    time: str
    title: str
    place: str
    points: list[str]
    opens: str


@dataclass(frozen=True)
class Meetings:
    rows: Sequence[Meeting]
    more: int
    url: str
    lines: list[Line]


def meetings(audience: Audience, subject: Edition, as_of: datetime) -> Meetings:
    """Today's appointments, and what else has its hours today."""
    found = meets(subject, of.start_of(subject.today), clock.end_of(subject.today))
    shown, more = of.cut(found, subject, "meetings")
    rows = [
        Meeting(
            tijd(row.starts_at),
            of.shortened(subject, row.title, TITLE),
            of.shortened(subject, row.place, TITLE),
            [of.shortened(subject, point, 100) for point in row.points],
            of.opens(subject, row),
        )
        for row in shown
    ]
    return Meetings(rows, more, of.absolute(subject), [meeting_line(row) for row in found])


def meets(subject: Edition, start: datetime, end: datetime) -> list[Appointment | Happening]:
    """The appointments and what else has its hours in a period, in order."""
    found: list[Appointment | Happening] = list(of.appointments(subject, start, end)[: of.KEPT])
    found += of.happenings(subject, start, end)
    return sorted(found, key=lambda row: row.starts_at)


def meeting_line(row: Appointment | Happening) -> Line:
    """An appointment as it is kept: its hours, its place and what is to be said."""
    hours = f"{on_paper(row.starts_at)}-{tijd(row.ends_at)}"
    key = row.key if isinstance(row, Happening) else str(row.pk)
    return Line(key, row.title, {"tijd": hours, "plaats": row.place, "punten": "; ".join(row.points)})


@dataclass(frozen=True)
class Coming:
    """A day of this week with one thing that falls on it."""

    day: str
    what: str
    about: str
    who: str


@dataclass(frozen=True)
class ThisWeek:
    rows: Sequence[Coming]
    more: int
    url: str
    lines: list[Line]


def this_week(audience: Audience, subject: Edition, as_of: datetime) -> ThisWeek:
    """What falls on the rest of the days of this week: due actions and appointments."""
    sunday = subject.today + timedelta(days=6 - subject.today.weekday())
    tomorrow, end = clock.end_of(subject.today), clock.end_of(sunday)
    due = (
        of.running(subject)
        .filter(late_from__gt=tomorrow, late_from__lte=end)
        .exclude(due_at__lte=_clocks_end(subject))
    )
    found: list[tuple[datetime, Coming, Line]] = []
    for row in due[: of.KEPT]:
        assert row.due is not None
        assert row.late_from is not None
        who = f"bij {of.holder(subject, row)}"
        said = Coming(datum(row.due), of.shortened(subject, row.title, TITLE), kind(row.kind).nav, who)
        # A date sorts at the end of its day, before the midnight that makes it late.
        found.append((row.late_from - timedelta(seconds=1), said, of.line(row, datum=on_paper(row.due))))
    for one in meets(subject, tomorrow, end):
        title, hour = of.shortened(subject, one.title, TITLE), f"om {tijd(one.starts_at)}"
        about = one.about if isinstance(one, Happening) else kind(one.kind).nav
        said = Coming(datum(one.starts_at), title, about, hour)
        found.append((one.starts_at, said, meeting_line(one)))
    found.sort(key=lambda one: one[0])
    shown, more = of.cut([said for _at, said, _line in found], subject, "week")
    return ThisWeek(shown, more, of.absolute(subject), [line for _at, _said, line in found])


def fates_of_week(subject: Edition, keys: Collection[str]) -> dict[str, str]:
    """What became of actions and appointments."""
    return {**of.fates(subject, keys), **of.fates_of_appointments(subject, keys)}


def register() -> None:
    """Register the sections; called once when the app is ready."""
    for section in (
        Section("day_decide", (DAY,), 10, decide, "Vandaag beslissen", True, of.fates),
        Section("day_clocks", (DAY,), 20, clocks, "Lopende klokken", True, of.fates),
        Section("day_late", (DAY,), 40, too_late, "Te laat", True, of.fates),
        Section("day_meetings", (DAY,), 50, meetings, "Afspraken", True, of.fates_of_appointments),
        Section("day_week", (DAY,), 60, this_week, "Deze week", False, fates_of_week),
    ):
        sections.register(section)
