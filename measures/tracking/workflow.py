"""The moves that the life of a measure and of an action allow."""

from collections.abc import Mapping
from typing import Any

from measures.tracking.enums import ActionState, MeasureState

MEASURE_MOVES: dict[MeasureState, dict[MeasureState, str]] = {
    MeasureState.RUNNING: {
        MeasureState.COMPLETED: "no open action left, with one sentence of result",
        MeasureState.STOPPED: "with a reason; a mistake is stopped too",
    },
    MeasureState.COMPLETED: {MeasureState.RUNNING: "reopened with a reason"},
    MeasureState.STOPPED: {MeasureState.RUNNING: "reopened with a reason"},
}

ACTION_MOVES: dict[ActionState, dict[ActionState, str]] = {
    ActionState.OPEN: {
        ActionState.IN_PROGRESS: "somebody has begun",
        ActionState.DONE: "finished with the evidence the step asks for",
        ActionState.DROPPED: "not needed any more, with a reason",
    },
    ActionState.IN_PROGRESS: {
        ActionState.OPEN: "put back",
        ActionState.DONE: "finished with the evidence the step asks for",
        ActionState.DROPPED: "not needed any more, with a reason",
    },
    ActionState.DONE: {ActionState.OPEN: "reopened with a reason, or undone at once"},
    ActionState.DROPPED: {ActionState.OPEN: "reopened with a reason"},
}

UNFINISHED = (ActionState.OPEN, ActionState.IN_PROGRESS)


class IllegalMove(ValueError):
    """A move the life does not allow."""


def check_move(moves: Mapping[Any, Mapping[Any, str]], old: str, new: str) -> None:
    """Raise IllegalMove unless `new` may follow `old`."""
    if new not in moves.get(old, {}):
        raise IllegalMove(f"{old} cannot become {new}")
