"""The life of an action: begin, finish with evidence, drop, reopen, hand over."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from measures.tracking.actions import deadlines
from measures.tracking.actions.changed import bound_key, change, runs
from measures.tracking.actions.names import named
from measures.tracking.enums import ActionState, EvidenceKind
from measures.tracking.models import Action, Evidence
from measures.tracking.permissions import absent_holder
from measures.tracking.workflow import ACTION_MOVES, IllegalMove, check_move
from portal import clock
from portal.audit.record import record, text_change
from portal.deadlines import actions as hearing
from portal.deadlines import plan as engine
from portal.people.models import Person
from portal.planning.days import OfficeDays
from portal.search import actions as index

# "Ongedaan maken" stands beside the message right after "Klaar".
UNDO_WITHIN = timedelta(minutes=15)


class EvidenceMissing(ValueError):
    """The step asks for evidence that was not given."""


def must_run(action: Action) -> None:
    """Raise IllegalMove unless the action's measure runs at this moment; holds it until the end."""
    if not runs(action.measure_id):
        raise IllegalMove("the measure does not run")


def must_be_at_work(action: Action) -> None:
    """Raise IllegalMove unless the action is unfinished in a running measure."""
    must_run(action)
    if not action.is_unfinished:
        raise IllegalMove("the action has ended")


def _move(action: Action, new: ActionState, *, version: int | None, **fields: Any) -> str:
    old = action.state
    check_move(ACTION_MOVES, old, new)
    must_run(action)
    change(Action.objects.filter(state=old), action, version=version, state=new, **fields)
    return old


@transaction.atomic
def begin(*, by: Person, action: Action, version: int | None = None) -> None:
    """Say that somebody is at work on it."""
    name = named(by, action)
    old = _move(action, ActionState.IN_PROGRESS, version=version)
    record(
        "action.begun",
        by=by,
        about=action,
        scope=action.scope,
        changes={"state": (old, action.state)} | name,
    )


@transaction.atomic
def finish(
    *, by: Person, action: Action, evidence: Mapping[str, Any] | None = None, version: int | None = None
) -> None:
    """Finish with the evidence the step asks for; nothing more is said about it.

    `evidence` holds the fields of an Evidence row. Raises EvidenceMissing when the step asks for
    some and there is none.
    """
    if action.evidence_kind != EvidenceKind.NONE and not evidence:
        raise EvidenceMissing(action.evidence_kind)
    name = named(by, action)
    old = _move(action, ActionState.DONE, version=version, ended_at=clock.now(), ended_by=by)
    if evidence:
        Evidence.objects.create(action=action, kind=action.evidence_kind, recorded_by=by, **evidence)
    engine.cancel(deadlines.SOURCE, action.pk)
    record(
        "action.finished",
        by=by,
        about=action,
        scope=action.scope,
        changes={"state": (old, action.state), "dated_on": (evidence or {}).get("dated_on")} | name,
    )


@transaction.atomic
def drop(*, by: Person, action: Action, reason: str, version: int | None = None) -> None:
    """Take it off the list with a reason; nothing more is said about it."""
    name = named(by, action)
    old = _move(
        action,
        ActionState.DROPPED,
        version=version,
        ended_at=clock.now(),
        ended_by=by,
        drop_reason=reason.strip(),
    )
    engine.cancel(deadlines.SOURCE, action.pk)
    record(
        "action.dropped",
        by=by,
        about=action,
        scope=action.scope,
        changes={"state": (old, action.state)} | text_change("reason", reason) | name,
    )


def _back(action: Action, *, by: Person, event: str, version: int | None, said: dict[str, Any]) -> None:
    said = said | named(by, action)
    old = _move(action, ActionState.OPEN, version=version, ended_at=None, ended_by=None, drop_reason="")
    action.evidence.filter(withdrawn_at__isnull=True).update(withdrawn_at=clock.now())
    record(event, by=by, about=action, scope=action.scope, changes={"state": (old, action.state)} | said)
    deadlines.push(action, OfficeDays.of(action.scope))


@transaction.atomic
def reopen(*, by: Person, action: Action, reason: str, version: int | None = None) -> None:
    """Open a finished or dropped action again, with a reason; its reminders are planned again."""
    _back(action, by=by, event="action.reopened", version=version, said=text_change("reason", reason))
    deadlines.speak_after_reopening(action)


def can_undo(person: Person, action: Action) -> bool:
    """Whoever pressed "Klaar" may take it back for a quarter of an hour, without a reason."""
    return (
        action.state == ActionState.DONE
        and action.ended_by_id == person.pk
        and action.ended_at is not None
        and clock.now() - action.ended_at <= UNDO_WITHIN
    )


@transaction.atomic
def undo_finish(*, by: Person, action: Action, version: int | None = None) -> None:
    """Take back a "Klaar" that was just pressed; raises IllegalMove when it is too late for that."""
    if not can_undo(by, action):
        raise IllegalMove("undo is for whoever finished it, within a quarter of an hour")
    _back(action, by=by, event="action.undone", version=version, said={})


@transaction.atomic
def hand_over(
    *,
    by: Person,
    action: Action,
    to_role: str = "",
    to_person: Person | None = None,
    version: int | None = None,
) -> None:
    """Give an unfinished action to a role or to one person; the new holder hears once."""
    must_be_at_work(action)
    old = action.holder_role or action.holder_person_id
    name = named(by, action)
    change(
        Action.objects.unfinished(),
        action,
        version=version,
        holder_role=to_role,
        holder_person=to_person,
    )
    record(
        "action.handed_over",
        by=by,
        about=action,
        scope=action.scope,
        changes={"holder": (old, to_role or (to_person.pk if to_person else ""))} | name,
    )
    index.changed("action", [action.pk])
    deadlines.push(action, OfficeDays.of(action.scope))
    if to_person == by:
        engine.taken(deadlines.SOURCE, action.pk)
    else:
        deadlines.tell_new_holder(action)


@transaction.atomic
def put_off(*, by: Person, action: Action, until: date, reason: str, key: str) -> date:
    """Let `by` hear about the action again on `until`; no date and no escalation moves.

    A deputy puts off until the holder is back at the latest. Gives the day on which it is heard again.
    """
    must_be_at_work(action)
    leave = absent_holder(by, action)
    if leave is not None:
        back = OfficeDays.of(action.scope).nearest(leave.ends_on + timedelta(days=1), 1)
        until = min(until, back)
    is_new = hearing.put_off(
        by=by,
        holder_id=leave.person_id if leave else None,
        source=deadlines.SOURCE,
        object_id=action.pk,
        scope=action.scope,
        until=until,
        reason=reason,
        key=bound_key(key, by, action.pk),
    )
    if is_new:
        record(
            "action.put_off",
            by=by,
            about=action,
            scope=action.scope,
            changes={"until": (None, until)} | text_change("reason", reason),
        )
    return until
