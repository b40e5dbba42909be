"""Moving an anchor or pinning an action, each after a preview of everything it moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from measures.tracking.actions import deadlines
from measures.tracking.actions.changed import ChangedMeanwhile, change, moment_or_day, runs
from measures.tracking.actions.life import must_be_at_work
from measures.tracking.actions.names import named
from measures.tracking.dates import AnchorValue, Due, due_dates
from measures.tracking.enums import ActionState
from measures.tracking.models import Action, Measure, MeasureAnchor
from portal import clock
from portal.audit.record import record
from portal.deadlines import plan as engine
from portal.people.models import Person
from portal.planning.days import OfficeDays


@dataclass(frozen=True)
class Move:
    """What happens to one action: old and new due, and what a reader must know about it."""

    action: Action
    old: Due
    new: Due
    is_past: bool = False
    recess: str = ""
    speaks_today: bool = False


@dataclass(frozen=True)
class Preview:
    """Everything a change of date would do; nothing is written yet."""

    moves: list[Move] = field(default_factory=list)
    pinned: list[Action] = field(default_factory=list)
    ended: list[Action] = field(default_factory=list)
    unmoved: int = 0

    @property
    def past(self) -> list[Move]:
        return [move for move in self.moves if move.is_past]

    @property
    def in_recess(self) -> list[Move]:
        return [move for move in self.moves if move.recess]

    @property
    def speaking_today(self) -> list[Move]:
        return [move for move in self.moves if move.speaks_today]


@dataclass(frozen=True)
class _Step:
    key: str
    anchor: str
    after: str
    offset: int
    unit: str


def _due(action: Action) -> Due:
    return Due(on=action.due_on, at=action.due_at)


def _preview(
    measure: Measure,
    anchors: Mapping[str, AnchorValue],
    pins: Mapping[Any, Due],
    days: OfficeDays,
    loose: Any = None,
) -> Preview:
    """`pins` holds new dates by action id; `loose` is the one action whose pin does not count."""
    actions = list(
        measure.actions.filter(step__isnull=False).select_related("step", "holder_person").order_by("order")
    )
    fixed: dict[str, Due] = {}
    for action in actions:
        if action.pk == loose:
            action.pinned = False
        assert action.step is not None
        if action.pk in pins:
            fixed[action.step.key] = pins[action.pk]
        elif _stands(action):
            fixed[action.step.key] = _due(action)
    steps = [
        _Step(a.step.key, a.step.anchor, a.step.after, a.step.offset, a.step.unit)
        for a in actions
        if a.step is not None and not a.step.term
    ]
    due = due_dates(steps, anchors, days, fixed)
    found = Preview()
    unmoved = 0
    for action in actions:
        assert action.step is not None
        new = due.get(action.step.key, _due(action))
        if not action.is_unfinished:
            found.ended.append(action)
        elif action.pinned and action.pk not in pins:
            found.pinned.append(action)
        elif new.same_as(_due(action)):
            unmoved += 1
        else:
            found.moves.append(_move(action, new, days))
    return Preview(found.moves, found.pinned, found.ended, unmoved)


def _stands(action: Action) -> bool:
    """Whether followers count from where this action stands: it is pinned or done, and has a date.

    What was dropped, or ended before its date was known, is counted anew for those who follow it.
    """
    return action.due is not None and (action.pinned or action.state == ActionState.DONE)


def _move(action: Action, new: Due, days: OfficeDays) -> Move:
    now = clock.now()
    late_from = new.late_from
    return Move(
        action=action,
        old=_due(action),
        new=new,
        is_past=late_from is not None and late_from <= now,
        recess=days.recess_on(new.day) if new.day else "",
        speaks_today=_speaks_today(action, new, days, now),
    )


def _speaks_today(action: Action, new: Due, days: OfficeDays, now: datetime) -> bool:
    """Whether a reminder about the new due would fire before this day is over."""
    if new.day is None:
        return False
    hours = action.step is not None and action.step.unit == "uren" and new.at is not None
    by_day = action.step is None or (action.step.unit == "uren" and new.at is None)
    remind = deadlines.BY_HAND if by_day or action.step is None else action.step.remind
    rules = engine.Rules(remind, days, hours=hours)
    tonight = clock.end_of(now.astimezone(clock.AMSTERDAM).date())
    fires = engine.moments(engine.Moment(on=new.on, at=new.at), rules)
    return any(at < tonight for at in fires.values())


def anchors_of(measure: Measure) -> dict[str, AnchorValue]:
    """The measure's anchors by name, as they are now."""
    return {one.name: one.at if one.is_moment else one.on for one in measure.anchors.all()}


def preview_move(measure: Measure, name: str, to: AnchorValue) -> Preview:
    """What moving this anchor would do."""
    return _preview(measure, anchors_of(measure) | {name: to}, {}, OfficeDays.of(measure.scope))


def preview_pin(action: Action, to: date | datetime) -> Preview:
    """What typing this date into the action would do, to it and to the steps that come after it."""
    new = Due(at=to) if isinstance(to, datetime) else Due(on=to)
    days = OfficeDays.of(action.scope)
    if action.step is None:
        return Preview([_move(action, new, days)])
    return _preview(action.measure, anchors_of(action.measure), {action.pk: new}, days)


def _apply(preview: Preview, days: OfficeDays, by: Person, name: dict[str, Any]) -> None:
    for move in preview.moves:
        action = move.action
        record(
            "action.moved",
            by=by,
            about=action,
            scope=action.scope,
            changes={"due": (move.old.at or move.old.on, move.new.at or move.new.on)} | name,
        )
        change(
            Action.objects.unfinished(),
            action,
            version=None,
            due_on=move.new.on,
            due_at=move.new.at,
            late_from=move.new.late_from,
        )
        deadlines.push(action, days)


@transaction.atomic
def move_anchor(
    measure: Measure, name: str, to: AnchorValue, by: Person, version: int | None = None
) -> Preview:
    """Move a named anchor and everything that counts from it and is not pinned, done or dropped.

    `version` is the anchor's version as shown; raises ChangedMeanwhile when it moved since.
    """
    anchor = measure.anchors.get(name=name)
    old = anchor.at if anchor.is_moment else anchor.on
    if not runs(measure.pk):
        raise ChangedMeanwhile
    change(MeasureAnchor.objects.all(), anchor, version=version, **moment_or_day(to))
    days = OfficeDays.of(measure.scope)
    preview = _preview(measure, anchors_of(measure) | {name: to}, {}, days)
    name_of = named(by, measure)
    _apply(preview, days, by, name_of)
    record(
        "measure.anchor_moved",
        by=by,
        about=measure,
        scope=measure.scope,
        changes={"anchor": name, "date": (old, to), "moved": len(preview.moves)} | name_of,
    )
    return preview


def preview_unpin(action: Action) -> Preview:
    """What letting go of the own date would do, to it and to the steps that come after it."""
    days = OfficeDays.of(action.scope)
    whole = _preview(action.measure, anchors_of(action.measure), {}, days, loose=action.pk)
    return _only_chain(whole, action)


def _only_chain(preview: Preview, action: Action) -> Preview:
    """The part of a preview about this action and what follows it, step after step."""
    assert action.step is not None
    chain = {action.step.key}
    for move in sorted(preview.moves, key=lambda one: one.action.order):
        if move.action.step is not None and move.action.step.after in chain:
            chain.add(move.action.step.key)
    moves = [one for one in preview.moves if one.action.step is not None and one.action.step.key in chain]
    return Preview(moves, preview.pinned, preview.ended, preview.unmoved)


@transaction.atomic
def pin(*, by: Person, action: Action, to: date | datetime, version: int | None = None) -> Preview:
    """Give the action a date of its own: it no longer moves with its anchor; followers do move along."""
    must_be_at_work(action)
    old = action.due
    days = OfficeDays.of(action.scope)
    change(Action.objects.unfinished(), action, version=version, pinned=True)
    preview = preview_pin(action, to)
    _renew(preview, action)
    name = named(by, action)
    _apply(preview, days, by, name)
    action.refresh_from_db()
    record("action.pinned", by=by, about=action, scope=action.scope, changes={"due": (old, to)} | name)
    return preview


@transaction.atomic
def unpin(*, by: Person, action: Action, version: int | None = None) -> Preview:
    """Let the action move with its anchor again; it and its followers go to the template's dates."""
    must_be_at_work(action)
    old = action.due
    preview = preview_unpin(action)
    change(Action.objects.unfinished(), action, version=version, pinned=False)
    _renew(preview, action)
    name = named(by, action)
    _apply(preview, OfficeDays.of(action.scope), by, name)
    action.refresh_from_db()
    record(
        "action.unpinned",
        by=by,
        about=action,
        scope=action.scope,
        changes={"due": (old, action.due)} | name,
    )
    return preview


def _renew(preview: Preview, action: Action) -> None:
    """The action was loaded twice: the copy in the preview takes over the newer version."""
    for move in preview.moves:
        if move.action.pk == action.pk:
            move.action.version = action.version
