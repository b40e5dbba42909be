"""Beat is killed, two beats run by mistake, the broker stops or freezes: all is heard, and nothing twice."""

import os
import signal
import time

import pytest

from tests.faults.chaos import HOUR, chaos
from tests.servers import beat, kept, smtp_sink, until, valkey, worker

pytestmark = pytest.mark.faults

ENGINES = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
# The client gives up on a broker after five seconds, so this is longer than it notices.
FROZEN_SECONDS = 7
# Where no claim is left behind, no lease needs to run out, however slow this machine is today.
PATIENT = {"LEASE_SECONDS": "60"}


@ENGINES
def test_beat_killed_halfway_and_started_again(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        chaos(engine, broker=broker.url, sink=sink) as it,
        worker(it.env),
    ):
        with beat(it.env) as ticks:
            it.begun()
            os.killpg(ticks.pid, signal.SIGKILL)
        # A tick that was sent before the end may still sweep, and would sweep the hour after as well.
        until(broker.is_idle, 30, f"the last tick is worked off, seed {it.seed}")
        it.an_hour_later()
        time.sleep(3)
        assert not it.second & set(it.heard()), "nobody ticks, and still the sweep ran"
        with beat(it.env):
            it.settled(capsys, seconds=30)


@ENGINES
def test_two_beats_by_mistake(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        chaos(engine, broker=broker.url, sink=sink, TICK_SECONDS="0.3", **PATIENT) as it,
        worker(it.env),
        worker(it.env),
        beat(it.env),
        beat(it.env),
    ):
        it.begun()
        it.an_hour_later()
        # No fault is noted here: not one double has an excuse.
        it.settled(capsys)


@ENGINES
def test_a_broker_that_stops_or_is_killed_and_comes_back(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        chaos(engine, broker=broker.url, sink=sink, **PATIENT) as it,
        kept(lambda: worker(it.env)),
        kept(lambda: beat(it.env)),
    ):
        it.begun()
        broker.stop(signal.SIGTERM)
        time.sleep(2)
        broker.start()
        it.an_hour_later()
        time.sleep(2 * it.dice.random())  # the worker may be back, at work, or still away
        broker.stop(signal.SIGKILL)
        time.sleep(1)
        broker.start()
        it.settled(capsys)


@ENGINES
def test_a_frozen_broker_that_thaws(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        chaos(engine, broker=broker.url, sink=sink, **PATIENT) as it,
        kept(lambda: worker(it.env)),
        kept(lambda: beat(it.env)),
    ):
        it.begun()
        os.kill(broker.process.pid, signal.SIGSTOP)
        time.sleep(2)  # what was in hand is sent
        it.wall.move(HOUR)
        time.sleep(FROZEN_SECONDS)
        os.kill(broker.process.pid, signal.SIGCONT)
        it.settled(capsys)
