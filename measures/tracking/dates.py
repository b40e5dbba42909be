"""When each step is due: counted from anchors and from other steps, in office days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from portal import clock
from portal.planning.days import OfficeDays, shift_hours

AnchorValue = date | datetime | None


class Timed(Protocol):
    """What the count needs of a step."""

    @property
    def key(self) -> str: ...
    @property
    def anchor(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def offset(self) -> int: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True)
class Due:
    """When something is due: a date, a moment or neither; and why a skipped day moved it."""

    on: date | None = None
    at: datetime | None = None
    shifted_from: date | None = None
    because: str = ""

    @property
    def late_from(self) -> datetime | None:
        """The moment from which it is late: 24:00 Europe/Amsterdam of a date, or the moment itself."""
        return clock.end_of(self.on) if self.on else self.at

    @property
    def day(self) -> date | None:
        """The calendar day in Amsterdam on which it is due."""
        return self.on or (self.at.astimezone(clock.AMSTERDAM).date() if self.at else None)

    def same_as(self, other: "Due") -> bool:
        return (self.on, self.at) == (other.on, other.at)


UNKNOWN = Due()


def _from(value: AnchorValue, step: Timed, days: OfficeDays) -> Due:
    if value is None:
        return UNKNOWN
    if step.unit == "uren":
        if not isinstance(value, datetime):
            return UNKNOWN
        return Due(at=shift_hours(value, step.offset))
    day = value.astimezone(clock.AMSTERDAM).date() if isinstance(value, datetime) else value
    planned = days.shift(day, step.offset, step.unit)
    return Due(on=planned.day, shifted_from=planned.shifted_from, because=planned.because)


def due_dates(
    steps: Iterable[Timed],
    anchors: Mapping[str, AnchorValue],
    days: OfficeDays,
    fixed: Mapping[str, Due] | None = None,
) -> dict[str, Due]:
    """When every step is due. `fixed` holds steps that do not move (pinned, done, dropped).

    A step that comes after another counts from when that other is due, fixed or not. An anchor
    that is not known yet leaves its steps without a date.
    """
    todo = {step.key: step for step in steps}
    found: dict[str, Due] = dict(fixed or {})

    def resolve(key: str, trail: frozenset[str] = frozenset()) -> Due:
        if key in found:
            return found[key]
        step = todo[key]
        if step.after:
            if (step.after not in todo and step.after not in found) or step.after in trail:
                due = UNKNOWN
            else:
                before = resolve(step.after, trail | {key})
                due = _from(before.at or before.on, step, days)
        else:
            due = _from(anchors.get(step.anchor), step, days)
        found[key] = due
        return due

    for key in todo:
        resolve(key)
    return found


def campaign_monday(today: date) -> date:
    """Monday of the coming ISO week that holds 20 November: this year's, or next year's once it is over."""
    for year in (today.year, today.year + 1):
        twentieth = date(year, 11, 20)
        monday = date.fromordinal(twentieth.toordinal() - twentieth.weekday())
        if monday.toordinal() + 6 >= today.toordinal():
            return monday
    raise AssertionError("the week of next year lies ahead")
