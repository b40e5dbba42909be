"""PostgreSQL is shut down or killed under a sweep and a delivery, and started again on the same data."""

import signal
import time

import pytest

from tests.faults.chaos import HOUR, chaos, moody
from tests.postgres import server
from tests.processes import Absent, until
from tests.servers import beat, valkey, worker

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["fast", "killed"])
def test_postgresql_restarts_under_a_sweep_and_a_delivery(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        with (
            server(keeps=True) as database,
            valkey() as broker,
            moody("slow") as sink,
            sink.serving(),
            chaos("postgresql", broker=broker.url, sink=sink, database=database.url) as it,
            it.site() as browser,
            worker(it.env),
            beat(it.env),
        ):
            it.begun()  # each mail takes a while: the delivery runs
            it.fault()
            database.stop(number)
            status, page = browser.get("/acties/")
            assert status == 500
            assert "ging iets mis" in page
            time.sleep(1)
            database.start_again()
            until(lambda: it.answers() and not it.waiting(), 40, f"the first half, seed {it.seed}")
            it.wall.move(HOUR)
            time.sleep(1.5 * it.dice.random())  # a sweep is about to run, runs or just ran
            it.fault()
            database.stop(number)
            database.start_again()
            until(it.answers, 30, "the database answers")
            assert browser.get("/acties/")[0] == 200
            it.settled(capsys)
    except Absent as reason:
        pytest.skip(str(reason))
