"""Signs of life: the worker shows itself by working, beat only by its own messages."""

from portal import clock
from portal.deadlines import heartbeat
from portal.deadlines.tasks import sweep
from tests.cast import World


def test_a_nudged_sweep_shows_the_worker_and_not_beat(world: World) -> None:
    sweep.apply()
    assert heartbeat.last("worker") == clock.now()
    assert heartbeat.last("beat") is None


def test_a_sweep_that_beat_sent_shows_both(world: World) -> None:
    sweep.push_request(celery_beat_task=True)  # what the worker makes of beat's header
    try:
        sweep.run()
    finally:
        sweep.pop_request()
    assert heartbeat.last("worker") == heartbeat.last("beat") == clock.now()
