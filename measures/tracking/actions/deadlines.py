"""Pushing the deadlines of actions to the engine, in the transaction that changes them."""

from measures.tracking.models import Action
from portal.deadlines import plan as engine
from portal.deadlines.models import Reminder
from portal.planning.days import OfficeDays

SOURCE = "action"
# Rules of an action that no step describes.
BY_HAND = (-5, -1, 0, 2)


def push(action: Action, days: OfficeDays) -> None:
    """Plan what must be said about this action, or cancel it when nothing is due."""
    if not action.is_unfinished:
        engine.cancel(SOURCE, action.pk)
        return
    if action.due is None:
        engine.without_date(SOURCE, action.pk)
        return
    step = action.step
    # Rules in hours need a moment; an action in hours that was pinned to a date speaks by day.
    in_hours = bool(step and step.unit == "uren")
    by_step = step is not None and (not in_hours or action.due_at is not None)
    engine.plan(
        SOURCE,
        action.pk,
        action.scope,
        engine.Moment(on=action.due_on, at=action.due_at),
        engine.Rules(
            remind=step.remind if step is not None and by_step else BY_HAND,
            days=days,
            hours=in_hours and by_step,
        ),
        engine.Holder(role=action.holder_role, person_id=action.holder_person_id),
        step.otherwise if step else "",
    )


def tell_new_holder(action: Action, *, reopened: bool = False) -> None:
    """The holder hears once that the action is now theirs, or is open again."""
    due = engine.Moment(on=action.due_on, at=action.due_at) if action.due else None
    engine.handed_over(
        SOURCE,
        action.pk,
        action.scope,
        due,
        engine.Holder(role=action.holder_role, person_id=action.holder_person_id),
        f"r{action.version}" if reopened else str(action.version),
    )


def speak_after_reopening(action: Action) -> None:
    """When every rule about this due has fired already, the holder hears once that it is open again."""
    waiting = Reminder.objects.filter(source=SOURCE, object_id=action.pk, state__in=engine.WAITING)
    if action.due and not waiting.exists():
        tell_new_holder(action, reopened=True)
