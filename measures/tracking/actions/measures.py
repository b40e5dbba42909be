"""Starting, naming, completing, stopping and reopening a measure; adding an own action."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from measures.tracking.actions import appointments, deadlines
from measures.tracking.actions.changed import ChangedMeanwhile, bound_key, change, moment_or_day, runs
from measures.tracking.actions.names import named, started_for
from measures.tracking.dates import UNKNOWN, AnchorValue, Due, due_dates
from measures.tracking.enums import MeasureState, Origin
from measures.tracking.kinds import kind
from measures.tracking.models import Action, Check, Measure, MeasureAnchor, Step, TemplateVersion
from measures.tracking.workflow import MEASURE_MOVES, check_move
from portal import clock
from portal.audit.record import record, text_change
from portal.deadlines import plan as engine
from portal.municipalities.models import Scope
from portal.papers.models import Paper
from portal.papers.press import actions as press
from portal.people.enums import Role
from portal.people.models import Person
from portal.planning.days import OfficeDays
from portal.search import actions as index

# Why the coming appointments of a completed measure do not go on; it stands with them, in Dutch.
IS_COMPLETED = "De maatregel is afgerond."


class OpenActionsLeft(ValueError):
    """A measure with open actions cannot be completed."""


@transaction.atomic
def start_measure(
    *,
    by: Person,
    version: TemplateVersion,
    scope: Scope,
    anchors: Mapping[str, AnchorValue],
    key: str,
    title: str = "",
    lead: Person | None = None,
) -> Measure:
    """Start a measure from a template version with its actions back-planned from the anchors.

    `key` is the one-time key of the form: the same key leads to the measure it made before, also
    when both posts come at the same moment.
    """
    measure, is_new = Measure.objects.get_or_create(
        start_key=bound_key(key, by, version.pk, scope),
        defaults={
            "kind": version.template.kind,
            "template_version": version,
            "title": title.strip() or version.title,
            "lead": lead or by,
            "started_by": by,
            **scope.as_fields(),
        },
    )
    if not is_new:
        return measure
    MeasureAnchor.objects.bulk_create(
        MeasureAnchor(
            measure=measure,
            order=nr,
            name=one["key"],
            label=one["label"],
            is_moment=one["moment"],
            **moment_or_day(anchors.get(one["key"])),
        )
        for nr, one in enumerate(version.anchors)
    )
    days = OfficeDays.of(scope)
    steps = list(version.steps.order_by("order"))
    due = due_dates(steps, anchors, days)
    actions = [_from_step(measure, step, due[step.key]) for step in steps]
    Action.objects.bulk_create(actions)
    Check.objects.bulk_create(
        Check(action=action, order=nr, text=text)
        for action, step in zip(actions, steps, strict=True)
        for nr, text in enumerate(step.checklist)
    )
    record(
        "measure.started",
        by=by,
        about=measure,
        scope=scope,
        changes={
            "lead": measure.lead_id,
            "anchors": {name: value.isoformat() if value else None for name, value in anchors.items()},
        }
        | started_for(by, measure),
    )
    for action in actions:
        deadlines.push(action, days)
    index.changed("measure", [measure.pk])
    index.changed("action", [action.pk for action in actions])
    return measure


def _from_step(measure: Measure, step: Step, due: Due) -> Action:
    return Action(
        measure=measure,
        kind=measure.kind,
        municipality_id=measure.municipality_id,
        driehoek_id=measure.driehoek_id,
        step=step,
        order=step.order,
        title=step.title,
        holder_role=step.role,
        escalates_to=step.escalates_to,
        due_on=due.on,
        due_at=due.at,
        late_from=due.late_from,
        evidence_kind=step.evidence,
    )


@transaction.atomic
def add_action(
    *,
    by: Person,
    measure: Measure,
    title: str,
    description: str,
    due_on: date | None,
    key: str,
    holder_role: str = "",
    holder_person: Person | None = None,
    origin: str = Origin.BY_HAND,
) -> Action:
    """Add an action that no step describes; the same one-time key leads to the action it made before."""
    # First the row of the measure: a second post at the same moment waits here for the first.
    is_running = runs(measure.pk)
    create_key = bound_key(key, by, measure.pk)
    made: Action | None = Action.objects.filter(create_key=create_key).first()
    if made is not None:
        return made
    if not is_running:
        raise ChangedMeanwhile
    due = Due(on=due_on) if due_on else UNKNOWN
    last = measure.actions.order_by("-order").values_list("order", flat=True).first() or 0
    action: Action = Action.objects.create(
        measure=measure,
        kind=measure.kind,
        municipality_id=measure.municipality_id,
        driehoek_id=measure.driehoek_id,
        origin=origin,
        order=last + 1,
        title=title.strip(),
        description=description.strip(),
        holder_role=holder_role,
        holder_person=holder_person,
        due_on=due.on,
        late_from=due.late_from,
        pinned=due_on is not None,
        create_key=create_key,
    )
    record(
        "action.added",
        by=by,
        about=action,
        scope=measure.scope,
        changes={
            "due": (None, due_on),
            "holder": (None, action.holder_role or action.holder_person_id),
        }
        | text_change("title", title)
        | named(by, measure),
    )
    deadlines.push(action, OfficeDays.of(measure.scope))
    if holder_person is not None and holder_person != by:
        deadlines.tell_new_holder(action)
    index.changed("action", [action.pk])
    return action


@transaction.atomic
def rename(*, by: Person, measure: Measure, title: str, version: int | None = None) -> None:
    """Give a running measure another title; search finds it and its actions under that from now on."""
    change(Measure.objects.running(), measure, version=version, title=title.strip())
    changes = text_change("title", title) | named(by, measure)
    record("measure.renamed", by=by, about=measure, scope=measure.scope, changes=changes)
    _index_all(measure)


@transaction.atomic
def complete(*, by: Person, measure: Measure, result: str, version: int | None = None) -> None:
    """Complete a measure that has no open action left, with one sentence of result.

    Its coming appointments are cancelled, so that nobody comes to what is done.
    """
    check_move(MEASURE_MOVES, measure.state, MeasureState.COMPLETED)
    if not runs(measure.pk):
        raise ChangedMeanwhile
    change(
        Measure.objects.all(),
        measure,
        version=version,
        state=MeasureState.COMPLETED,
        result=result.strip(),
        ended_at=clock.now(),
    )
    if measure.actions.unfinished().exists():
        raise OpenActionsLeft
    appointments.cancel_coming(by=by, measure=measure, reason=IS_COMPLETED)
    record(
        "measure.completed",
        by=by,
        about=measure,
        scope=measure.scope,
        changes={"state": (MeasureState.RUNNING, MeasureState.COMPLETED)}
        | text_change("result", result)
        | named(by, measure),
    )
    index.changed("measure", [measure.pk])


@transaction.atomic
def stop(
    *, by: Person, measure: Measure, reason: str, is_mistake: bool = False, version: int | None = None
) -> None:
    """Stop a measure with a reason; a mistake leaves the lists. Nothing more is said about its actions.

    Its coming appointments are cancelled for the same reason, so that nobody comes for nothing.
    """
    check_move(MEASURE_MOVES, measure.state, MeasureState.STOPPED)
    change(
        Measure.objects.running(),
        measure,
        version=version,
        state=MeasureState.STOPPED,
        stop_reason=reason.strip(),
        is_mistake=is_mistake,
        ended_at=clock.now(),
    )
    engine.cancel_many(deadlines.SOURCE, list(measure.actions.values_list("pk", flat=True)))
    appointments.cancel_coming(by=by, measure=measure, reason=reason)
    record(
        "measure.stopped",
        by=by,
        about=measure,
        scope=measure.scope,
        changes={"state": (MeasureState.RUNNING, MeasureState.STOPPED), "mistake": is_mistake}
        | text_change("reason", reason)
        | named(by, measure),
    )
    press.end(by=by, shelf="measure", subject_id=measure.pk, reason=reason)
    if is_mistake:
        _index_all(measure)


def _index_all(measure: Measure) -> None:
    """What search says of a measure is read anew, with its actions and papers, which leave with a mistake."""
    actions = list(measure.actions.values_list("pk", flat=True))
    index.changed("measure", [measure.pk])
    index.changed("action", actions)
    on = Q(shelf="measure", subject_id=measure.pk) | Q(shelf="action", subject_id__in=actions)
    index.changed("paper", Paper.objects.filter(on).values_list("pk", flat=True))


@transaction.atomic
def reopen_measure(*, by: Person, measure: Measure, reason: str, version: int | None = None) -> None:
    """Let a completed or stopped measure run again, with a reason; its open actions speak again."""
    old = measure.state
    check_move(MEASURE_MOVES, old, MeasureState.RUNNING)
    change(
        Measure.objects.filter(state=old),
        measure,
        version=version,
        state=MeasureState.RUNNING,
        is_mistake=False,
        ended_at=None,
    )
    record(
        "measure.reopened",
        by=by,
        about=measure,
        scope=measure.scope,
        changes={"state": (old, MeasureState.RUNNING)} | text_change("reason", reason) | named(by, measure),
    )
    _index_all(measure)
    days = OfficeDays.of(measure.scope)
    for action in measure.actions.unfinished().select_related("step"):
        deadlines.push(action, days)


@transaction.atomic
def reassign_open(*, by: Person, old: Person, scope: Scope, to: Person | None) -> int:
    """Hand the open actions somebody holds personally in a scope to `to`, or to each measure's lead.

    Used when a membership ends. Whoever may not see a kind gets no action of it: then it goes to
    the lead, and without a lead who is still here to the role that keeps the measures of the scope.
    Returns how many actions of running measures got a new holder.
    """
    from measures.tracking.actions.life import hand_over

    held = Action.objects.unfinished().filter(holder_person=old, **scope.as_fields())
    keepers = Role.KABINET if scope.municipality_id else Role.DRIEHOEK_SECRETARIS
    known: dict[Any, Person] = {}
    count = 0
    rows = held.select_related("measure__lead", "step").select_for_update(of=("self",))
    for action in rows.order_by("id"):
        lead = known.setdefault(action.measure.lead_id, action.measure.lead)
        sees = kind(action.kind).roles_see
        heirs = [one for one in (to, lead) if one and one != old and one.roles_in(scope) & sees]
        if heirs:
            hand_over(by=by, action=action, to_person=heirs[0])
        else:
            hand_over(by=by, action=action, to_role=str(keepers))
        count += action.measure.is_running
    return count
