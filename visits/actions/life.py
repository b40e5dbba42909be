"""The life of a visit: confirmed, held, followed up, cancelled, and back."""

from datetime import date
from typing import Any

from django.db import transaction

from measures.tracking import actions as tracking
from measures.tracking.models import Measure
from measures.tracking.workflow import check_move
from portal import clock
from portal.audit.record import text_change
from portal.feeds import invitations
from portal.people.models import Person
from visits.actions.changed import held, note, touch
from visits.calendars import VISITS
from visits.enums import VisitState
from visits.models import Visit
from visits.workflow import ANCHOR, MOVES

V = VisitState


class NoHost(ValueError):
    """No organisation was chosen, so none can say yes."""


class NotYet(ValueError):
    """The visit has not begun, so nobody can say that it was held."""


def _go(visit: Visit, to: VisitState, *, by: Person, event: str, version: int | None, **more: Any) -> None:
    changes = more.pop("changes", {})
    check_move(MOVES, V(visit.state), to)
    old = visit.state
    touch(visit, version=version, state=to, **more)
    note(event, by=by, visit=visit, state=(old, to.value), **changes)


@transaction.atomic
def confirm(*, by: Person, visit: Visit, said_by: str, on: date, version: int | None = None) -> None:
    """The host said yes to day and programme; `said_by` is a function at the host, never a client.

    Once more when the programme changed after that.
    NoHost while nobody is chosen who could say so.
    """
    held(visit)
    if visit.host_id is None:
        raise NoHost
    said = {
        "confirmed_by": said_by.strip(),
        "confirmed_on": on,
        "confirmed_programme": visit.programme_version,
    }
    changes = text_change("confirmed_by", said_by) | {"on": (None, on)}
    _go(visit, V.CONFIRMED, by=by, event="visit.confirmed", version=version, changes=changes, **said)


@transaction.atomic
def hold(*, by: Person, visit: Visit, version: int | None = None) -> None:
    """It took place; NotYet before its first minute."""
    held(visit)
    check_move(MOVES, V(visit.state), V.HELD)
    if not visit.has_begun:
        raise NotYet
    _go(visit, V.HELD, by=by, event="visit.held", version=version, held_at=clock.now())


@transaction.atomic
def take_back(*, by: Person, visit: Visit, version: int | None = None) -> None:
    """It was not held after all; back to where it was."""
    held(visit)
    to = V.CONFIRMED if visit.confirmed_on else V.PLANNED
    _go(visit, to, by=by, event="visit.taken_back", version=version, held_at=None)


@transaction.atomic
def follow_up(*, by: Person, visit: Visit, result: str, version: int | None = None) -> None:
    """Everything that was promised is done: its measure is completed with this sentence.

    Raises OpenActionsLeft of tracking while an action or a pledge is open.
    """
    measure = held(visit)
    _go(visit, V.FOLLOWED_UP, by=by, event="visit.followed_up", version=version)
    tracking.complete(by=by, measure=measure, result=result)


@transaction.atomic
def cancel(
    *, by: Person, visit: Visit, reason: str, is_mistake: bool = False, version: int | None = None
) -> None:
    """It does not go on: the measure stops for the same reason, and everybody who was invited is told."""
    measure = held(visit)
    _go(
        visit,
        V.CANCELLED,
        by=by,
        event="visit.cancelled",
        version=version,
        cancelled_at=clock.now(),
        cancel_reason=reason.strip(),
        sequence=visit.sequence + 1,
        changes=text_change("reason", reason),
    )
    if visit.starts_at is not None:
        invitations.cancel(VISITS, visit.pk)
    tracking.stop(by=by, measure=measure, reason=reason, is_mistake=is_mistake)


@transaction.atomic
def resume(*, by: Person, visit: Visit, reason: str, version: int | None = None) -> None:
    """Take up again what was cancelled, as an idea without a day; or what was closed, as held."""
    # As it is now: whoever shows the visit may have read its measure before it stopped.
    measure = Measure.objects.select_for_update(no_key=True).get(pk=visit.measure_id)
    visit.measure = measure
    if visit.state == V.FOLLOWED_UP:
        _go(visit, V.HELD, by=by, event="visit.resumed", version=version)
        tracking.reopen_measure(by=by, measure=measure, reason=reason)
        return
    old = visit.starts_at
    _go(
        visit,
        V.IDEA,
        by=by,
        event="visit.resumed",
        version=version,
        starts_at=None,
        ends_at=None,
        confirmed_by="",
        confirmed_on=None,
        cancelled_at=None,
        cancel_reason="",
        changes={"starts_at": (old, None)},
    )
    tracking.reopen_measure(by=by, measure=measure, reason=reason)
    tracking.move_anchor(measure, ANCHOR, None, by)
