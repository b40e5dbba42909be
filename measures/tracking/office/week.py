"""The sections of the weekly overview: due by day, too late, done last week, appointments, standing still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from measures.tracking.briefing_words import on_paper
from measures.tracking.enums import ActionState
from measures.tracking.kinds import Happening, kind
from measures.tracking.models import Action, Measure
from measures.tracking.office import rows as of
from measures.tracking.office.day import fates_of_week, meeting_line, meets
from portal import clock
from portal.audit.models import AuditRow
from portal.briefings.office import WEEK, Edition
from portal.briefings.registry import Audience, Line, Section, sections
from portal.ui.formatting import day_of, tijd

# A running measure in which nothing happened for so long stands still.
IDLE = timedelta(days=14)


@dataclass(frozen=True)
class Due:
    """One action with its day."""

    day: str
    title: str
    kind: str
    holder: str


@dataclass(frozen=True)
class DueRows:
    rows: Sequence[Due]
    lines: list[Line]
    changes_at: datetime | None = None


def _end(subject: Edition) -> datetime:
    return clock.end_of(subject.ends_on)


def due(audience: Audience, subject: Edition, as_of: datetime) -> DueRows:
    """What must be done this week, by day and kind; what is late already stands apart."""
    start = of.start_of(subject.period)
    found = of.running(subject).filter(late_from__gt=max(start, as_of), late_from__lte=_end(subject))
    ordered = sorted(found, key=lambda row: (day_of(row.due), row.kind, row.late_from))
    rows = [Due(on_paper(row.due), row.title, kind(row.kind).nav, of.holder(subject, row)) for row in ordered]
    lines = [of.line(row, uiterlijk=on_paper(row.due), actiehouder=row.holder_name) for row in ordered]
    # The first that becomes late stands in the wrong list from that moment on.
    until = min((row.late_from for row in ordered if row.late_from), default=_end(subject))
    return DueRows(rows, lines, until)


def late(audience: Audience, subject: Edition, as_of: datetime) -> DueRows:
    """What is late, the longest first."""
    found = list(of.running(subject).filter(late_from__lte=as_of)[: of.KEPT])
    rows = [Due(on_paper(row.due), row.title, kind(row.kind).nav, of.holder(subject, row)) for row in found]
    return DueRows(rows, [of.line(row, actiehouder=row.holder_name) for row in found])


@dataclass(frozen=True)
class Done:
    """What was finished: on which day, of which measure."""

    day: str
    title: str
    measure: str


@dataclass(frozen=True)
class DoneRows:
    rows: Sequence[Done]
    lines: list[Line]


def done(audience: Audience, subject: Edition, as_of: datetime) -> DoneRows:
    """What was done in the week before this one."""
    start = of.start_of(subject.period - timedelta(days=7))
    rows = finished(subject, start, of.start_of(subject.period))
    return DoneRows(
        [Done(on_paper(day_of(row.ended_at)), row.title, row.measure.title) for row in rows if row.ended_at],
        [of.line(row) for row in rows],
    )


def finished(subject: Edition, start: datetime, end: datetime) -> list[Action]:
    """The actions that were done in a period, in order."""
    rows = Action.objects.filter(
        of.sight(subject),
        state=ActionState.DONE,
        ended_at__gte=start,
        ended_at__lt=end,
        measure__is_mistake=False,
    )
    return list(rows.select_related("measure").order_by("ended_at", "id"))


@dataclass(frozen=True)
class Meeting:
    """An appointment of this week."""

    when: str
    title: str
    measure: str
    place: str


@dataclass(frozen=True)
class Meetings:
    rows: Sequence[Meeting]
    lines: list[Line]


def meetings(audience: Audience, subject: Edition, as_of: datetime) -> Meetings:
    """The appointments of this week, and what else has its hours in it."""
    found = meets(subject, of.start_of(subject.period), _end(subject))
    rows = [
        Meeting(
            f"{on_paper(row.starts_at)}-{tijd(row.ends_at)}",
            row.title,
            row.about if isinstance(row, Happening) else row.measure.title,
            row.place,
        )
        for row in found
    ]
    return Meetings(rows, [meeting_line(row) for row in found])


@dataclass(frozen=True)
class Idle:
    """A running measure in which nothing happened: since when, and who leads it."""

    title: str
    kind: str
    lead: str
    since: str


@dataclass(frozen=True)
class IdleRows:
    rows: Sequence[Idle]
    lines: list[Line]


def idle(audience: Audience, subject: Edition, as_of: datetime) -> IdleRows:
    """Running measures in which nobody did anything for two weeks."""
    since = as_of - IDLE
    active = _active(subject, since)
    rows_of = of.measures(subject).running().filter(started_at__lt=since).select_related("lead")
    found = [row for row in rows_of.order_by("id") if row.pk not in active]
    found.sort(key=lambda row: (row.kind, row.title, str(row.pk)))
    last = _last(found)
    rows = [
        Idle(row.title, kind(row.kind).nav, row.lead.name, on_paper(last.get(row.pk, day_of(row.started_at))))
        for row in found
    ]
    return IdleRows(rows, [Line(str(row.pk), row.title) for row in found])


def _active(subject: Edition, since: datetime) -> set[Any]:
    """The measures in which something was recorded since then."""
    touched = AuditRow.objects.filter(
        municipality_id=subject.municipality.pk, at__gte=since, object_type__startswith="tracking."
    ).values("object_id")
    actions = Action.objects.filter(pk__in=touched).values_list("measure_id", flat=True)
    measures = Measure.objects.filter(pk__in=touched).values_list("pk", flat=True)
    return {*actions, *measures}


def _last(found: Sequence[Measure]) -> dict[Any, date]:
    """The day on which the last action of each was finished."""
    rows = Action.objects.filter(measure__in=found, ended_at__isnull=False).order_by("ended_at", "id")
    return {pk: day_of(at) for pk, at in rows.values_list("measure_id", "ended_at")}


def register() -> None:
    """Register the sections; called once when the app is ready."""
    for section in (
        Section("week_due", (WEEK,), 10, due, "Deze week klaar", True, of.fates),
        Section("week_late", (WEEK,), 20, late, "Te laat", True, of.fates),
        Section("week_meetings", (WEEK,), 30, meetings, "Afspraken", True, fates_of_week),
        Section("week_done", (WEEK,), 40, done, "Gedaan in de vorige week", True),
        Section("week_idle", (WEEK,), 50, idle, "Hier gebeurde twee weken niets", True),
    ):
        sections.register(section)
