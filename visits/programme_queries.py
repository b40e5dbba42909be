"""Reads of a programme: its stops, what is on now and next, what was agreed to, what was learned."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portal import clock
from portal.papers.press.enums import PressState
from portal.papers.press.models import PressText
from portal.people.models import Person
from visits import programme_rules as rules
from visits.enums import StopPress, Use, VisitState
from visits.models import Consent, Stop, Visit

# The shelf of the press texts of a visit: those of its measure.
SHELF = "measure"
# What a text for the press may hold and must lose when its go is withdrawn.
IN_TEXTS = (Use.QUOTE, Use.PHOTO, Use.NAME, Use.PUBLICATION)


# -- the programme ---------------------------------------------------------------------------
def stops_of(visit: Visit) -> list[Stop]:
    """The present programme in the order of the day; one query."""
    return list(visit.stops.standing())


def total(stops: Sequence[Any], visit: Visit) -> rules.Total | None:
    """How the programme lies in the hours of the visit; None without stops. Asks no query."""
    return rules.total(stops, rules.hours_of(visit.starts_at, visit.ends_at))


@dataclass(frozen=True)
class Programme:
    """What the page of a visit shows of its programme."""

    stops: list[Stop]
    total: rules.Total | None

    @property
    def over_words(self) -> str:
        """By how much it sticks out after the hours of the visit."""
        over = self.total.over if self.total else 0
        return _("%(time)s langer dan het bezoek") % {"time": rules.duration(over)}

    @property
    def with_press(self) -> list[Stop]:
        return [one for one in self.stops if one.press != StopPress.NO]


def programme_of(visit: Visit) -> Programme:
    """One query."""
    stops = stops_of(visit)
    return Programme(stops, total(stops, visit))


# -- the day itself --------------------------------------------------------------------------
@dataclass(frozen=True)
class Expected:
    """A stop on the day: as it was planned, when it is expected now, and what of it happened.

    The moments are None without a day; `late` is by how many minutes it is expected to end too late.
    """

    stop: Stop
    planned_starts: datetime | None
    planned_ends: datetime | None
    starts: datetime | None
    ends: datetime | None
    is_now: bool = False
    is_over: bool = False

    @property
    def late(self) -> int:
        return _whole(self.planned_ends, self.ends)

    @property
    def late_words(self) -> str:
        return rules.duration(self.late)

    @property
    def key(self) -> str:
        return str(self.stop.pk)

    @property
    def is_moved(self) -> bool:
        """Whether it will begin later than planned, and has not begun."""
        return (
            self.stop.began_at is None and not self.is_over and _whole(self.planned_starts, self.starts) > 0
        )

    @property
    def is_running(self) -> bool:
        """Somebody pressed that it began, and not yet that it is done."""
        return self.stop.began_at is not None and self.stop.ended_at is None


@dataclass(frozen=True)
class NowNext:
    """Where the day stands: `state` is empty, no_day, cancelled, day_before, before, during or after.

    `now` and `next` may both be None; between two stops only `now` is.
    """

    state: str
    at: datetime
    rows: list[Expected] = field(default_factory=list)
    now: Expected | None = None
    next: Expected | None = None

    @property
    def left(self) -> int:
        """Minutes that the present stop still has by the programme, a started one counted."""
        return _started(self.at, self.now.planned_ends) if self.now else 0

    @property
    def left_words(self) -> str:
        return rules.duration(self.left)

    @property
    def over(self) -> int:
        """Whole minutes that the present stop runs over now."""
        return _whole(self.now.planned_ends, self.at) if self.now else 0

    @property
    def over_words(self) -> str:
        return rules.duration(self.over)

    @property
    def until_next_words(self) -> str:
        """How long until what comes is expected to begin."""
        return rules.duration(_started(self.at, self.next.starts)) if self.next else ""

    @property
    def late(self) -> int:
        """By how many minutes the programme is expected to end too late."""
        return self.rows[-1].late if self.rows and self.state == "during" else 0

    @property
    def late_words(self) -> str:
        return rules.duration(self.late)

    @property
    def ends(self) -> datetime | None:
        return self.rows[-1].ends if self.rows else None

    @property
    def last_pressed(self) -> Stop | None:
        """The stop of which the last press can be taken back."""
        pressed = [one.stop for one in self.rows if one.stop.began_at]
        return next(
            (one for one in pressed if not one.ended_at),
            max(pressed, key=lambda one: one.ended_at or self.at, default=None),
        )

    @property
    def undo_key(self) -> str:
        return str(self.last_pressed.pk) if self.last_pressed else ""


def _whole(earlier: datetime | None, later: datetime | None) -> int:
    """Whole minutes from one to the other; 0 when there are none, or something is unknown."""
    if earlier is None or later is None:
        return 0
    return max(0, int((later - earlier).total_seconds() // 60))


def _started(earlier: datetime | None, later: datetime | None) -> int:
    """The same, a minute that was started counted."""
    if earlier is None or later is None:
        return 0
    return max(0, -int((earlier - later).total_seconds() // 60))


def now_next(stops: Sequence[Stop], visit: Visit, at: datetime) -> NowNext:
    """Where the day stands at this moment; asks no query.

    What was pressed on the day goes before the clock: a stop that runs over pushes the rest, as far as
    free time between does not take it up. Where nothing was pressed the clock decides.
    """
    if not stops:
        return NowNext("empty", at)
    plain = [
        Expected(one, starts, ends, starts, ends)
        for one in stops
        for starts, ends in [(one.starts_on(visit), one.ends_on(visit))]
    ]
    if visit.state == VisitState.CANCELLED:
        return NowNext("cancelled", at, plain)
    day, today = visit.day, clock.day_of(at)
    if day is None:
        return NowNext("no_day", at, plain)
    if today < day:
        return NowNext("day_before", at, plain, next=plain[0])
    rows = _expected(plain, at)
    if today > day or all(one.is_over for one in rows):
        return NowNext("after", at, rows)
    now = next((one for one in rows if one.is_now), None)
    # What comes stands behind whatever is on or over.
    last = max((nr for nr, one in enumerate(rows) if one.is_now or one.is_over), default=-1)
    coming = rows[last + 1] if last + 1 < len(rows) else None
    return NowNext("before" if last < 0 else "during", at, rows, now, coming)


def _expected(rows: Sequence[Expected], at: datetime) -> list[Expected]:
    pressed = max((nr for nr, one in enumerate(rows) if one.stop.began_at), default=-1)
    found: list[Expected] = []
    free: datetime | None = None
    for nr, row in enumerate(rows):
        stop, length = row.stop, timedelta(minutes=row.stop.minutes)
        assert row.planned_starts is not None
        if stop.began_at is not None:
            starts = stop.began_at
            ends = stop.ended_at or max(starts + length, at)
        else:
            ready = free + timedelta(minutes=stop.travel) if free else row.planned_starts
            starts = max(row.planned_starts, ready)
            ends = starts + length
        over = stop.ended_at is not None or (not row.is_running and (nr < pressed or ends <= at))
        is_now = row.is_running or (not over and nr > pressed and starts <= at)
        # Two by the clock at once: the earlier one runs.
        is_now = is_now and not any(one.is_now for one in found)
        found.append(replace(row, starts=starts, ends=ends, is_now=is_now, is_over=over))
        # Only what was pressed pushes what comes after it.
        free = ends if stop.began_at is not None or free else None
    return found


# -- what was learned ------------------------------------------------------------------------
@dataclass(frozen=True)
class Learned:
    """A stop as it was planned and as it went; `took` None when nobody noted it."""

    stop: Stop
    planned: int
    took: int | None

    @property
    def differs(self) -> int:
        """Minutes longer than planned; negative is shorter."""
        return 0 if self.took is None else self.took - self.planned

    @property
    def words(self) -> str:
        return rules.duration(abs(self.differs))


def learned(visit: Visit) -> list[Learned]:
    """What each stop took, beside what was planned; one query."""
    return [
        Learned(one, one.minutes, _took(one.began_at, one.ended_at) if one.began_at else None)
        for one in stops_of(visit)
    ]


def _took(began: datetime | None, ended: datetime | None) -> int | None:
    if began is None or ended is None:
        return None
    return round((ended - began).total_seconds() / 60)


# -- what the host agreed to -----------------------------------------------------------------
@dataclass(frozen=True)
class Consents:
    """What the host agreed to, what it took back, and the press texts that may have to change for it."""

    standing: list[Consent]
    withdrawn: list[Consent]
    in_doubt: list[PressText] = field(default_factory=list)

    @property
    def some(self) -> bool:
        return bool(self.standing or self.withdrawn)


def consents_of(visit: Visit, person: Person | None = None) -> Consents:
    """One query; one more where something that texts are made of was withdrawn and `person` is given."""
    rows = list(visit.consents.select_related("stop").order_by("recorded_at", "id"))
    standing = [one for one in rows if one.is_standing]
    withdrawn = [one for one in rows if not one.is_standing]
    doubt: list[PressText] = []
    if person is not None and uses_lost(rows):
        doubt = list(
            PressText.objects.visible_to(person)
            .about(SHELF, visit.measure_id)
            .exclude(state__in=[str(PressState.PLACED), str(PressState.WITHDRAWN)])
            .order_by("-written_at", "-id")
        )
    return Consents(standing, withdrawn, doubt)


def uses_lost(rows: Collection[Consent]) -> set[str]:
    """The uses of texts that were agreed to and are not any more, at the same stop."""
    stands = {(one.stop_id, one.use) for one in rows if one.is_standing}
    lost = {(one.stop_id, one.use) for one in rows if not one.is_standing} - stands
    return {use for _stop, use in lost if use in IN_TEXTS}


@dataclass(frozen=True)
class PressGoes:
    """At which stops the host agreed to press.

    A go for one stop that was withdrawn weighs more than one for the whole visit given before that.
    """

    own: dict[UUID, Consent]
    whole: Consent | None
    refused_at: frozenset[UUID]

    def at(self, stop: UUID | None) -> Consent | None:
        """The go that counts at a stop: its own, else that of the whole visit."""
        if stop is not None and stop in self.own:
            return self.own[stop]
        return None if stop in self.refused_at else self.whole


def press_goes(visit: Visit) -> PressGoes:
    """One query."""
    rows = list(visit.consents.filter(use=Use.PRESS).order_by("recorded_at", "id"))
    own = {one.stop_id: one for one in rows if one.is_standing and one.stop_id}
    whole = next((one for one in rows if one.is_standing and not one.stop_id), None)
    refused = {
        one.stop_id
        for one in rows
        if one.stop_id and one.withdrawn_at and whole and one.withdrawn_at >= whole.recorded_at
    }
    return PressGoes(own, whole, frozenset(refused - set(own)))
