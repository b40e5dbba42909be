"""Choosing or moving the day of a visit, after one preview of all that moves along."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from measures.tracking import actions as tracking
from portal import clock
from portal.feeds import invitations
from portal.people.models import Person
from portal.planning.days import OfficeDays
from visits.actions.changed import NotAhead, held, note, touch
from visits.actions.companions import invite_everybody
from visits.actions.visits import tell_guests
from visits.calendars import VISITS
from visits.enums import VisitState
from visits.models import Stop, Visit
from visits.models.programme import MIDNIGHT, minutes_of
from visits.papers.moments import briefing_on
from visits.workflow import AHEAD, ANCHOR


class PastMidnight(ValueError):
    """With this beginning the programme would go on past midnight; `.title` is the stop that does."""

    def __init__(self, title: str) -> None:
        super().__init__("past midnight")
        self.title = title


@dataclass(frozen=True)
class Moved:
    """All that a new day would do. `minutes` is how far the programme goes along on the clock.

    `named` says what sort of day it is when that is not an ordinary one, `in_past` whether it is over.
    """

    actions: tracking.Preview
    guests: int
    minutes: int
    stops: int
    asks_host_again: bool
    briefing_on: date | None
    named: str
    in_past: bool


def _shift(visit: Visit, starts_at: datetime | None) -> int:
    """How many minutes the programme goes along, so that it keeps its place in the visit."""
    if starts_at is None:
        return 0
    begins: time = starts_at.astimezone(clock.AMSTERDAM).time()
    return minutes_of(begins) - minutes_of(visit.begins)


def _shifted(visit: Visit, minutes: int) -> list[Stop]:
    """The stops at their new hours; PastMidnight when one would not end that day."""
    stops = list(visit.stops.standing()) if minutes else []
    for stop in stops:
        begins = stop.starts_minute + minutes
        if begins < 0 or begins + stop.minutes > MIDNIGHT:
            raise PastMidnight(stop.title)
        stop.starts = time(*divmod(begins, 60))
    return stops


def preview(visit: Visit, starts_at: datetime | None) -> Moved:
    """What choosing this moment would do; nothing is written. PastMidnight as `move`."""
    days = OfficeDays.of(visit.scope)
    minutes = _shift(visit, starts_at)
    stops = _shifted(visit, minutes)
    day = clock.day_of(starts_at) if starts_at else None
    return Moved(
        actions=tracking.preview_move(visit.measure, ANCHOR, starts_at),
        # Who heard that an earlier day was let go hears of the new one too.
        guests=invitations.of(VISITS, visit.pk).count() if starts_at or visit.is_dated else 0,
        minutes=minutes,
        stops=len(stops),
        asks_host_again=visit.state == VisitState.CONFIRMED,
        briefing_on=briefing_on(starts_at, visit.briefing_days, days) if starts_at else None,
        named=(days.why_skipped(day) or days.recess_on(day)) if day else "",
        in_past=starts_at is not None and starts_at <= clock.now(),
    )


@transaction.atomic
def move(
    *,
    by: Person,
    visit: Visit,
    starts_at: datetime | None,
    ends_at: datetime | None,
    invites: bool = False,
    version: int | None = None,
) -> Moved:
    """Choose or move the day and hours, or let go of them with None.

    The actions that count from it, the programme, the briefing and the invitations go along; a host
    who said yes is asked anew when the hours change.
    """
    measure = held(visit)
    if visit.state not in AHEAD:
        raise NotAhead
    visit.measure = measure
    moved = preview(visit, starts_at)
    old, until, state = visit.starts_at, visit.ends_at, visit.state
    same = (old, until) == (starts_at, ends_at)
    stops = _shifted(visit, moved.minutes)
    if starts_at is None:
        invitations.cancel(VISITS, visit.pk)
    touch(
        visit,
        version=version,
        starts_at=starts_at,
        ends_at=ends_at,
        state=state if same else (VisitState.PLANNED if starts_at else VisitState.IDEA),
        **({} if same else {"confirmed_by": "", "confirmed_on": None}),
        programme_version=visit.programme_version + bool(stops),
    )
    for stop in stops:
        stop.save(update_fields=["starts"])
    if old != starts_at:
        tracking.move_anchor(measure, ANCHOR, starts_at, by)
    if not same:
        changes = {"starts_at": (old, starts_at), "ends_at": (until, ends_at), "state": (state, visit.state)}
        note("visit.moved", by=by, visit=visit, **changes)
        tell_guests(visit)
    if invites and starts_at is not None and starts_at > clock.now():
        invite_everybody(by=by, visit=visit)
    return moved
