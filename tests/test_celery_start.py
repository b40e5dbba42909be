"""Beat and worker as real processes: the first tick comes at once, and a frozen broker only delays it."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Broker, beat, environment, manage, scratch, until, valkey, worker

pytestmark = pytest.mark.faults

# So long that only a first tick can be seen in a test.
NEVER_AGAIN = "600"


@pytest.fixture
def broker() -> Iterator[Broker]:
    with valkey() as running:
        yield running


@pytest.fixture
def env(broker: Broker) -> Iterator[dict[str, str]]:
    with scratch() as folder:
        made = environment(folder, REDIS_URL=broker.url, TICK_SECONDS=NEVER_AGAIN)
        manage(made, "migrate", "--verbosity=0")
        manage(made, "createcachetable")
        yield made


def heartbeats(env: dict[str, str]) -> set[str]:
    database = sqlite3.connect(Path(env["VAR_DIR"]) / "portaal.sqlite3", timeout=20)
    try:
        return {part for (part,) in database.execute("SELECT part FROM deadlines_heartbeat")}
    finally:
        database.close()


def test_the_first_tick_comes_at_once(env: dict[str, str]) -> None:
    with worker(env), beat(env):
        until(lambda: heartbeats(env) == {"worker", "beat", "sweep"}, 15, "first tick")


def test_a_frozen_broker_delays_the_first_tick_and_ends_nothing(env: dict[str, str], broker: Broker) -> None:
    os.kill(broker.process.pid, signal.SIGSTOP)
    with worker(env) as works, beat(env) as ticks:
        time.sleep(8)  # longer than one attempt to connect and to be answered
        assert (works.poll(), ticks.poll()) == (None, None)
        assert heartbeats(env) == set()
        os.kill(broker.process.pid, signal.SIGCONT)
        until(lambda: heartbeats(env) == {"worker", "beat", "sweep"}, 60, "first tick after the thaw")
