"""Visits for tests: of municipality A, by its kabinet."""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from portal import clock
from tests.cast import World, newest
from visits import actions as act
from visits.models import Host, Stop, Visit

DAY = date(2026, 11, 5)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    """A moment on the day of the visit, on the wall clock."""
    return clock.at(day, time(hour, minute))


def a_host(world: World, **facts: Any) -> Host:
    """Veilig Thuis in the list of A; other facts as given."""
    usual: dict[str, Any] = {"kind": "veilig_thuis", "name": f"Veilig Thuis {uuid4().hex[:6]}"}
    return act.add_host(by=world.kabinet_a, scope=world.a, key=uuid4().hex, **usual | facts)


def a_visit(world: World, **facts: Any) -> Visit:
    """A planned visit on Thursday 5 November 2026, 14:00-16:00; `starts_at=None` makes it an idea."""
    usual: dict[str, Any] = {"starts_at": at(14), "ends_at": at(16), "title": "Werkbezoek aan Veilig Thuis"}
    given = usual | facts
    if given["starts_at"] is None:
        given["ends_at"] = None
    if "host" not in given:
        given["host"] = a_host(world)
    return act.start_visit(
        by=world.kabinet_a, version=newest("visits"), scope=world.a, key=uuid4().hex, **given
    )


def a_stop(visit: Visit, **facts: Any) -> Stop:
    """A stop of half an hour behind the others; written straight, past the editor."""
    last = visit.stops.standing().last()
    begins = last.ends if last else time(14)
    usual: dict[str, Any] = {
        "order": (last.order + 1) if last else 0,
        "title": "Ontvangst",
        "starts": begins,
        "minutes": 30,
    }
    return Stop.objects.create(visit=visit, **usual | facts)
