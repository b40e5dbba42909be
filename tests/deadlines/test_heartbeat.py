"""Signs of life: the worker shows itself by working, beat only by its own messages."""

from typing import Any

import pytest

from portal import clock
from portal.deadlines import heartbeat, tasks
from portal.deadlines.tasks import sweep
from tests.cast import World


def test_a_nudged_sweep_shows_the_worker_and_not_beat(world: World) -> None:
    sweep.apply()
    assert heartbeat.last("worker") == heartbeat.last("sweep") == clock.now()
    assert heartbeat.last("beat") is None


def test_a_sweep_that_beat_sent_shows_both(world: World) -> None:
    sweep.push_request(celery_beat_task=True)  # what the worker makes of beat's header
    try:
        sweep.run()
    finally:
        sweep.pop_request()
    assert heartbeat.last("worker") == heartbeat.last("beat") == clock.now()


def test_a_sweep_that_fails_is_no_sweep(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> int:
        raise LookupError

    monkeypatch.setattr(tasks, "run_sweep", fails)
    with pytest.raises(LookupError):
        sweep.run()
    assert heartbeat.last("worker") == clock.now()
    assert heartbeat.last("sweep") is None


def test_all_signs_of_life_cost_one_query(world: World, django_assert_num_queries: Any) -> None:
    sweep.apply()
    with django_assert_num_queries(1):
        assert heartbeat.all_last() == {"worker": clock.now(), "sweep": clock.now()}
