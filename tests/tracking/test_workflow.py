"""The life of a measure and of an action: every pair of states, tried."""

import itertools

import pytest

from measures.tracking.enums import ActionState, MeasureState
from measures.tracking.workflow import ACTION_MOVES, MEASURE_MOVES, IllegalMove, check_move

A, M = ActionState, MeasureState
ALLOWED_ACTIONS = {
    (A.OPEN, A.IN_PROGRESS),
    (A.OPEN, A.DONE),
    (A.OPEN, A.DROPPED),
    (A.IN_PROGRESS, A.OPEN),
    (A.IN_PROGRESS, A.DONE),
    (A.IN_PROGRESS, A.DROPPED),
    (A.DONE, A.OPEN),
    (A.DROPPED, A.OPEN),
}
ALLOWED_MEASURES = {
    (M.RUNNING, M.COMPLETED),
    (M.RUNNING, M.STOPPED),
    (M.COMPLETED, M.RUNNING),
    (M.STOPPED, M.RUNNING),
}


@pytest.mark.parametrize(("old", "new"), list(itertools.product(A, A)))
def test_moves_of_an_action(old: ActionState, new: ActionState) -> None:
    if (old, new) in ALLOWED_ACTIONS:
        check_move(ACTION_MOVES, old, new)
        assert ACTION_MOVES[old][new]
    else:
        with pytest.raises(IllegalMove):
            check_move(ACTION_MOVES, old, new)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(M, M)))
def test_moves_of_a_measure(old: MeasureState, new: MeasureState) -> None:
    if (old, new) in ALLOWED_MEASURES:
        check_move(MEASURE_MOVES, old, new)
        assert MEASURE_MOVES[old][new]
    else:
        with pytest.raises(IllegalMove):
            check_move(MEASURE_MOVES, old, new)
