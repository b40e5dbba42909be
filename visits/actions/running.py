"""What happens on the day itself: a stop begins, is done; and the times noted afterwards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from portal import clock
from portal.people.models import Person
from visits.actions.changed import held, note, touch
from visits.enums import VisitState
from visits.models import Stop, Visit

# Also after somebody pressed `held`: the last stop may still run.
ON_THE_DAY = (VisitState.PLANNED, VisitState.CONFIRMED, VisitState.HELD)


class NotToday(ValueError):
    """The day of the visit is another; what went is noted afterwards, at the times."""


class NotOver(ValueError):
    """The visit has not begun, so nobody can say how long its stops took."""


def may_run(visit: Visit) -> bool:
    """Whether stops can begin and end: the whole day of the visit."""
    return visit.state in ON_THE_DAY and visit.day == clock.today()


def may_note_times(visit: Visit) -> bool:
    """Whether one can say how long the stops took: from its first minute."""
    return visit.state in (*ON_THE_DAY, VisitState.FOLLOWED_UP) and visit.has_begun


def _today(visit: Visit, stop: Stop) -> Stop:
    held(visit)
    if not may_run(visit):
        raise NotToday
    return visit.stops.standing().get(pk=stop.pk)


@transaction.atomic
def begin_stop(*, by: Person, visit: Visit, stop: Stop) -> bool:
    """It begins now, and what still ran is done; a second press changes nothing."""
    stop = _today(visit, stop)
    if stop.began_at is not None:
        return False
    now = clock.now()
    running = visit.stops.standing().filter(began_at__isnull=False, ended_at__isnull=True)
    for other in running:
        _write(by, visit, other, event="stop.ended", ended_at=now)
    _write(by, visit, stop, event="stop.began", began_at=now)
    return True


@transaction.atomic
def end_stop(*, by: Person, visit: Visit, stop: Stop) -> bool:
    """It is done now; one that nobody said had begun began when it was planned, or just now."""
    stop = _today(visit, stop)
    if stop.ended_at is not None:
        return False
    now, planned = clock.now(), stop.starts_on(visit)
    began = stop.began_at or min(now, planned or now)
    _write(by, visit, stop, event="stop.ended", began_at=began, ended_at=now)
    return True


@transaction.atomic
def undo_stop(*, by: Person, visit: Visit, stop: Stop) -> bool:
    """Take the last press back: not done after all, else not begun, and what its beginning ended runs on."""
    stop = _today(visit, stop)
    if stop.ended_at is not None:
        others = visit.stops.standing().filter(began_at__isnull=False, ended_at__isnull=True)
        if others.exclude(pk=stop.pk).exists():
            return False
        _write(by, visit, stop, event="stop.undone", ended_at=None)
        return True
    if stop.began_at is None:
        return False
    before = visit.stops.standing().filter(ended_at=stop.began_at).exclude(pk=stop.pk).last()
    if before is not None:
        _write(by, visit, before, event="stop.undone", ended_at=None)
    _write(by, visit, stop, event="stop.undone", began_at=None)
    return True


def _write(by: Person, visit: Visit, stop: Stop, *, event: str, **times: datetime | None) -> None:
    changes: dict[str, Any] = {name: (getattr(stop, name), at) for name, at in times.items()}
    for name, at in times.items():
        setattr(stop, name, at)
    stop.save(update_fields=list(times))
    note(event=event, by=by, visit=visit, about=stop, **changes)


@transaction.atomic
def write_times(
    *,
    by: Person,
    visit: Visit,
    times: Mapping[Any, tuple[datetime | None, datetime | None]],
    version: int | None = None,
) -> bool:
    """Note when stops really began and ended, by the key of the stop; gives whether something changed."""
    held(visit)
    if not may_note_times(visit):
        raise NotOver
    changed = []
    for stop in visit.stops.standing():
        new = times.get(stop.pk, (stop.began_at, stop.ended_at))
        if new != (stop.began_at, stop.ended_at):
            changed.append(
                {
                    "stop": str(stop.pk),
                    "began_at": _pair(stop.began_at, new[0]),
                    "ended_at": _pair(stop.ended_at, new[1]),
                }
            )
            stop.began_at, stop.ended_at = new
            stop.save(update_fields=["began_at", "ended_at"])
    if not changed:
        return False
    touch(visit, version=version)
    note(event="visit.times_noted", by=by, visit=visit, changed=changed)
    return True


def _pair(old: datetime | None, new: datetime | None) -> dict[str, str | None]:
    return {"old": old.isoformat() if old else None, "new": new.isoformat() if new else None}
