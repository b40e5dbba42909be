"""What goes along to a deputy and what is handed back afterwards: apps plug in here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.people.models import Leave, Person
from portal.ui.registry import Registry

# More lines than this nobody reads; the rest is counted.
SHOWN = 50


@dataclass(frozen=True)
class Item:
    """One piece of work: what it is called, where it stands, and where one can hand it over."""

    title: str
    url: str
    detail: str = ""
    due_on: date | None = None
    due_at: datetime | None = None
    hand_over_url: str = ""


@dataclass(frozen=True)
class Deed:
    """One thing that was done in somebody's name."""

    at: datetime
    who: str
    what: str
    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Along:
    """What goes to the deputy, what stays because the deputy may not see it, and what colleagues share."""

    goes: Sequence[Item] = ()
    stays: Sequence[Item] = ()
    shared: int = 0


@dataclass(frozen=True)
class Back:
    """What was done, what is late and what came in during a leave; the lists are cut, the counts are not."""

    done: Sequence[Deed] = ()
    late: Sequence[Item] = ()
    new: Sequence[Item] = ()
    done_count: int = 0
    late_count: int = 0
    new_count: int = 0
    open_count: int = 0


@dataclass(frozen=True)
class Duty:
    """One sort of work that a deputy takes over.

    `along(person, deputy)` gets both with the grants of the day on which the leave begins;
    `back(leave, reader)` gives only what the reader may see now.
    """

    key: str
    order: int
    along: Callable[[Person, Person], Along]
    back: Callable[[Leave, Person], Back]


duties: Registry[Duty] = Registry("Duty")


@dataclass
class _Sum:
    """Lists of several sorts, one after the other."""

    goes: list[Item] = field(default_factory=list)
    stays: list[Item] = field(default_factory=list)
    shared: int = 0


def along(person: Person, deputy: Person) -> Along:
    """Everything that goes along or stays, of every sort."""
    found = _Sum()
    for duty in duties:
        one = duty.along(person, deputy)
        found.goes += one.goes
        found.stays += one.stays
        found.shared += one.shared
    return Along(found.goes, found.stays, found.shared)


def back(leave: Leave, reader: Person) -> Back:
    """Everything that was done and what waits, of every sort, as far as the reader may see it."""
    all_of = [duty.back(leave, reader) for duty in duties]
    done = sorted((deed for one in all_of for deed in one.done), key=lambda deed: deed.at)
    counts: dict[str, Any] = {
        name: sum(getattr(one, name) for one in all_of)
        for name in ("done_count", "late_count", "new_count", "open_count")
    }
    late = [item for one in all_of for item in one.late]
    new = [item for one in all_of for item in one.new]
    return Back(done[-SHOWN:], late[:SHOWN], new[:SHOWN], **counts)
