"""The mail server refuses or hangs and comes to its senses: all is heard, by who may still hear it."""

import time
from datetime import timedelta

import pytest

from tests.faults.chaos import HOUR, chaos, moody
from tests.processes import until
from tests.servers import beat, valkey, worker

pytestmark = pytest.mark.faults

ENGINES = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
# The next try comes after half a minute, then a minute, and so on; nobody waits for that here.
NEXT_TRY = timedelta(minutes=10)


@ENGINES
def test_a_mail_server_that_refuses_and_then_accepts(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        valkey() as broker,
        moody() as sink,
        chaos(engine, broker=broker.url, sink=sink) as it,
        worker(it.env),
        beat(it.env),
    ):
        it.tried(1)  # nobody listens on its port
        sink.mood("421")
        with sink.serving():
            for times, mood in enumerate(("421", "451", "greylist"), start=2):
                sink.mood(mood)
                it.wall.move(NEXT_TRY)
                it.tried(times)
            assert not it.heard()
            it.change()
            sink.mood("well")
            it.wall.move(HOUR)
            it.settled(capsys)
            refused = "SELECT COUNT(*) FROM mail_message WHERE state = 'refused'"
            assert it.ask(refused)[0][0] >= 1


@ENGINES
def test_a_mail_server_that_hangs_and_then_answers(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    quick = {"EMAIL_TIMEOUT": "1", "LEASE_SECONDS": "6"}
    with (
        valkey() as broker,
        moody("silent") as sink,
        sink.serving(),
        chaos(engine, broker=broker.url, sink=sink, **quick) as it,
        worker(it.env),
        beat(it.env),
    ):
        # A worker that has just begun has a first round of everything to do.
        until(it.sweeps, what="the first sweep")
        for times, mood in enumerate(("silent", "lost", "kept"), start=1):
            if mood == "kept":
                it.change()
            sink.mood(mood)
            it.wall.move(NEXT_TRY)
            seen = set()
            end = time.monotonic() + 3
            while time.monotonic() < end:
                seen.add(it.sweeps())
                time.sleep(0.1)
            assert len(seen) >= 3, "the sweep stood still while the mail server hung"
            it.tried(times)
        kept = sink.kept_silently()
        assert kept
        sink.mood("well")
        it.wall.move(HOUR)
        doubles = it.settled(capsys, explained=kept)
        assert doubles == kept
