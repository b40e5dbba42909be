"""What a programme must keep to, computed without a database: times, press, and no secret address."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portal import clock
from visits.enums import Meets, StopPress
from visits.models.programme import LONGEST_STOP, MIDNIGHT, minutes_of
from visits.models.visits import USUAL_START
from visits.places import holds_address, safe_place

# More would not fit in one form.
MOST_STOPS = 24
LONGEST_TRAVEL = 240
USUAL_LENGTH = 120
USUAL_STOP = 30
STEP = 5


@dataclass(frozen=True)
class Part:
    """One stop as somebody wants it; `pk` is of the stop it changes, None makes a new one."""

    title: str
    starts: time
    minutes: int
    travel: int = 0
    place: str = ""
    leads: str = ""
    speaks: str = ""
    aim: str = ""
    meets: str = Meets.STAFF
    press: str = StopPress.NO
    pk: UUID | None = None

    @property
    def begins(self) -> int:
        """Minutes after midnight."""
        return minutes_of(self.starts)

    @property
    def ends(self) -> int:
        return self.begins + self.minutes

    @property
    def needs_go(self) -> bool:
        """Whether press is welcome where victims are, which the host must have agreed to."""
        return self.meets == Meets.VICTIMS and self.press == StopPress.WELCOME


@dataclass(frozen=True)
class Fault:
    """What is wrong with one part: its place in the list, the field, a code and the sentence."""

    index: int
    field: str
    code: str
    text: str


@dataclass(frozen=True)
class Total:
    """How a programme lies in the hours of its visit; all in minutes, times after midnight.

    `early` and `over` are how far it sticks out before and after the hours; 0 without a day. `gaps` are
    the free minutes before each part, travel taken off.
    """

    starts: int = 0
    ends: int = 0
    early: int = 0
    over: int = 0
    gaps: list[int] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return self.ends - self.starts

    @property
    def free(self) -> int:
        return sum(self.gaps)

    @property
    def starts_clock(self) -> str:
        return clock_of(self.starts)

    @property
    def ends_clock(self) -> str:
        return clock_of(self.ends)

    @property
    def length(self) -> str:
        return duration(self.minutes)


def read_time(text: str) -> int | None:
    """The minute of the day that somebody typed as 14:30, 14.30, 1430 or 14; None for anything else."""
    found = re.fullmatch(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(?::00)?", text.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return int(found[1]) * 60 + int(found[2] or 0)


def clock_of(minute: int) -> str:
    """'14:05' for a minute of the day; the day ends at 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def duration(minutes: int) -> str:
    """'25 min', '2 uur', '2 uur 5 min'."""
    hours, rest = divmod(max(0, minutes), 60)
    said = []
    if hours:
        said.append(_("%(hours)s uur") % {"hours": hours})
    if rest or not hours:
        said.append(_("%(minutes)s min") % {"minutes": rest})
    return " ".join(said)


def by_time(parts: Sequence[Part]) -> list[Part]:
    """In the order of the day; what begins together keeps its order."""
    return sorted(parts, key=lambda part: part.begins)


def _nowhere(_stop: UUID | None) -> bool:
    return False


def faults(
    parts: Sequence[Part], *, has_go: Callable[[UUID | None], object] = _nowhere, is_secret: bool = False
) -> list[Fault]:
    """What must change before this can be the programme; `parts` lie in the order of the day.

    `has_go` says whether the host agreed to press at a stop; None asks for one that is new.
    """
    found = [one for nr, part in enumerate(parts) for one in _alone(nr, part, is_secret)]
    found += [
        Fault(
            nr,
            "press",
            "go",
            _(
                "Hier zijn slachtoffers of ervaringsdeskundigen. Leg eerst vast dat de gastorganisatie"
                " akkoord is met pers, of kies ‘op afspraak’ of ‘nee’."
            ),
        )
        for nr, part in enumerate(parts)
        if part.needs_go and not has_go(part.pk)
    ]
    for nr, (before, after) in enumerate(pairwise(parts), start=1):
        ready = before.ends + after.travel
        if after.begins < ready < MIDNIGHT:
            found.append(Fault(nr, "starts", "overlap", _overlaps(before, after, ready)))
        elif after.begins < ready and before.ends <= MIDNIGHT:
            found.append(
                Fault(
                    nr,
                    "starts",
                    "overlap",
                    _("Hier is geen tijd meer voor: ‘%(before)s’ duurt tot %(until)s. Maak dat korter.")
                    % {"before": before.title, "until": clock_of(before.ends)},
                )
            )
    return sorted(found, key=lambda one: one.index)


def _alone(nr: int, part: Part, is_secret: bool) -> list[Fault]:
    found = []
    if not 1 <= part.minutes <= LONGEST_STOP:
        text = _("Het einde ligt na het begin: kies 1 tot en met %(most)s minuten.") % {"most": LONGEST_STOP}
        found.append(Fault(nr, "minutes", "minutes", text))
    elif part.ends > MIDNIGHT:
        text = _("Dit eindigt na middernacht. Begin eerder of maak het hoogstens %(most)s minuten.") % {
            "most": MIDNIGHT - part.begins
        }
        found.append(Fault(nr, "minutes", "midnight", text))
    if part.meets == Meets.MINORS and part.press != StopPress.NO:
        found.append(Fault(nr, "press", "minors", _("Bij minderjarigen is geen pers. Kies bij pers: nee.")))
    if is_secret:
        found += _hidden(nr, part)
    return found


def _hidden(nr: int, part: Part) -> list[Fault]:
    found = []
    if not safe_place(part.place):
        text = _("Het adres van deze organisatie is geheim. Schrijf alleen een ruimte, of laat het leeg.")
        found.append(Fault(nr, "place", "secret", text))
    for name in ("title", "leads", "speaks", "aim"):
        if holds_address(getattr(part, name)):
            text = _("Het adres van deze organisatie is geheim. Haal de straat en het nummer weg.")
            found.append(Fault(nr, name, "secret", text))
    return found


def _overlaps(before: Part, after: Part, ready: int) -> str:
    facts = {
        "before": before.title,
        "until": clock_of(before.ends),
        "travel": after.travel,
        "ready": clock_of(ready),
    }
    if after.begins < before.ends:
        return (
            _("‘%(before)s’ duurt nog tot %(until)s. Begin om %(ready)s of later, of maak dat korter.")
            % facts
        )
    return (
        _(
            "‘%(before)s’ duurt tot %(until)s en de reis ernaartoe is %(travel)s minuten."
            " Begin om %(ready)s of later."
        )
        % facts
    )


def hours_of(starts_at: datetime | None, ends_at: datetime | None) -> tuple[int, int] | None:
    """The hours of a visit as minutes of its day, cut off at midnight; None without a day."""
    if starts_at is None or ends_at is None:
        return None
    local = starts_at.astimezone(clock.AMSTERDAM), ends_at.astimezone(clock.AMSTERDAM)
    ends = minutes_of(local[1].time()) if local[0].date() == local[1].date() else MIDNIGHT
    return minutes_of(local[0].time()), ends


def total(parts: Sequence[Any], hours: tuple[int, int] | None) -> Total | None:
    """How parts or stops, in the order of the day, lie in the hours of the visit; None without any."""
    if not parts:
        return None
    spans = [(minutes_of(one.starts), minutes_of(one.starts) + one.minutes) for one in parts]
    gaps = [0]
    gaps += [
        max(0, after[0] - before[1] - one.travel)
        for (before, after), one in zip(pairwise(spans), parts[1:], strict=True)
    ]
    starts, ends = min(one[0] for one in spans), max(one[1] for one in spans)
    early, over = (max(0, hours[0] - starts), max(0, ends - hours[1])) if hours else (0, 0)
    return Total(starts, ends, early, over, gaps)


def chained(parts: Sequence[Part]) -> list[Part]:
    """In the order given, each beginning when the one before has ended and the way is gone.

    The first begins when the earliest did. What would begin past midnight keeps the last minute of the
    day, and is refused as such.
    """
    if not parts:
        return []
    at, found = min(part.begins for part in parts), []
    for nr, part in enumerate(parts):
        at += part.travel if nr else 0
        found.append(replace(part, starts=time(*divmod(min(at, MIDNIGHT - 1), 60))))
        at += part.minutes
    return found


def proposal(hours: tuple[int, int] | None) -> list[Part]:
    """Five stops in the order that works, spread over the hours of the visit, to be changed at will."""
    usual = minutes_of(USUAL_START)
    begins, ends = hours or (usual, usual + USUAL_LENGTH)
    stops = (
        (_("Ontvangst zonder pers"), 15, Meets.STAFF, StopPress.NO),
        (_("Gesprek met medewerkers"), 30, Meets.STAFF, StopPress.NO),
        (_("Gesprek met ervaringsdeskundigen"), 35, Meets.VICTIMS, StopPress.NO),
        (_("Nagesprek met de leiding"), 20, Meets.STAFF, StopPress.NO),
        (_("Persmoment en afsluiting"), 20, Meets.STAFF, StopPress.BY_ARRANGEMENT),
    )
    span, weight, at = ends - begins, sum(one[1] for one in stops), begins
    found = []
    for nr, (title, share, meets, press) in enumerate(stops):
        minutes = max(STEP, span * share // weight // STEP * STEP)
        if nr == len(stops) - 1:
            minutes = max(STEP, ends - at)
        minutes = min(minutes, LONGEST_STOP, MIDNIGHT - at)
        if minutes < 1:
            break
        found.append(Part(title, time(*divmod(at, 60)), minutes, meets=meets, press=press))
        at += minutes
    return found
