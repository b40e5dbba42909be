"""What somebody still holds in a scope, and handing it on when the membership ends: apps plug in here."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.municipalities.models import Scope
from portal.people.models import Person
from portal.ui.registry import Registry


@dataclass(frozen=True)
class Open:
    """How much of one sort is open with somebody: a label and a number, never what it is about."""

    label: str
    count: int
    first_due: date | datetime | None = None


@dataclass(frozen=True)
class Held:
    """Something people hold personally.

    `count` says how much of each sort one person holds; `holders` how much everybody in a scope
    holds, by person id; `reassign(by, person, scope, to)` hands all of it to `to`, or to whoever
    leads each when `to` is None, and returns how many found a new holder.
    """

    key: str
    order: int
    count: Callable[[Person, Scope], list[Open]]
    holders: Callable[[Scope], Mapping[Any, int]]
    reassign: Callable[[Person, Person, Scope, Person | None], int]


helds: Registry[Held] = Registry("Held")


def still_open(person: Person, scope: Scope | None) -> list[Open]:
    """Everything this person holds in a scope, by sort."""
    return [one for held in helds for one in held.count(person, scope)] if scope else []


def holders(scope: Scope | None) -> dict[Any, int]:
    """How much each person holds in a scope; by person id."""
    found: Counter[Any] = Counter()
    if scope is not None:
        for held in helds:
            found.update(held.holders(scope))
    return found


def hand_on(*, by: Person, person: Person, scope: Scope | None, to: Person | None) -> int:
    """Hand everything on, inside the caller's transaction; returns how many found a new holder."""
    return sum(held.reassign(by, person, scope, to) for held in helds) if scope else 0
