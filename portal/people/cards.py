"""What people put on the start page: who is away, and for whom the reader stands in."""

from dataclasses import dataclass

from portal import clock
from portal.people import leave_queries
from portal.people.deputies import absence, stand_ins
from portal.people.models import Leave, Person
from portal.ui.registry import Card, cards


@dataclass(frozen=True)
class OnLeave:
    """The own leave, with who stands in or why nobody does; or the leaves in which the reader stands in."""

    own: Leave | None = None
    now: Person | None = None
    trouble: str = ""
    stands_in: tuple[Leave, ...] = ()


def leave(person: Person) -> OnLeave | None:
    """During a leave, for both people; no query for who has nothing to do with one."""
    away = absence(person)
    if away.own is None:
        return OnLeave(stands_in=away.stands_in) if away.stands_in else None
    found = stand_ins([person.pk], clock.today()).get(person.pk, [])
    trouble = leave_queries.trouble([away.own]).get(away.own.pk, "")
    return OnLeave(away.own, found[0] if found else None, trouble)


def register() -> None:
    """Register the card; called once when the app is ready."""
    cards.register(Card("leave", frozenset(), 4, leave))
