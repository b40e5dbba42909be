"""What every write on a visit shares: holding it, comparing its version, and the audit row."""

from typing import Any

from measures.tracking.actions.changed import ChangedMeanwhile, change
from measures.tracking.actions.names import named
from measures.tracking.models import Measure
from portal import clock
from portal.audit.record import record
from portal.people.models import Person
from portal.search import actions as index
from visits.models import Visit

__all__ = ["ChangedMeanwhile", "Ended", "NotAhead", "at_any_time", "change_row", "held", "note", "touch"]

change_row = change


class NotAhead(ValueError):
    """The visit was held or does not go on: nothing of what lay ahead can be changed any more."""


class Ended(ValueError):
    """The measure of the visit does not run any more."""


def at_any_time(visit: Visit) -> Measure:
    """The measure of the visit, held until the transaction ends, whether it runs or not.

    Whoever writes on a visit holds its measure first, so that two writes never wait for each other.
    """
    measure: Measure = Measure.objects.select_for_update(no_key=True).get(pk=visit.measure_id)
    return measure


def held(visit: Visit) -> Measure:
    """The same, for what can be done only while the measure runs; Ended when it does not."""
    measure = at_any_time(visit)
    if not measure.is_running:
        raise Ended
    return measure


def touch(visit: Visit, *, version: int | None, **fields: Any) -> None:
    """Set `fields` of the visit and count its version up; ChangedMeanwhile when it is another by now."""
    change(Visit.objects.all(), visit, version=version, changed_at=clock.now(), **fields)
    index.changed("visit", [visit.pk])


def note(event: str, *, by: Person, visit: Visit, about: Any = None, **changes: Any) -> None:
    """The audit row of a write: about the visit, unless it is about a row of it."""
    record(
        event,
        by=by,
        about=about or visit,
        scope=visit.scope,
        changes=changes | named(by, visit.measure),
    )
