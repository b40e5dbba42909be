"""The disk of the database is full: pages say so, nothing is half done, and afterwards all is heard once."""

import re
import time
from contextlib import ExitStack
from datetime import timedelta

import pytest

from tests.faults.chaos import HOUR, chaos, moody
from tests.faults.disk import Ballast, runs_elsewhere, small_disk
from tests.faults.lay_chaos import LEFT, address
from tests.postgres import Server, server
from tests.processes import Absent, has_ended, until
from tests.servers import beat, kept, valkey, worker

pytestmark = pytest.mark.faults

# What is laid takes about fifty; the rest is room that a fast machine fills in no time.
MEGABYTES = 96
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_full_disk_under_the_database(
    engine: str, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    try:
        if not runs_elsewhere(request.node.nodeid, MEGABYTES):
            fill_the_disk(engine, capsys)
    except Absent as reason:
        pytest.skip(str(reason))


def fill_the_disk(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(MEGABYTES))
        ballast = Ballast(disk)
        database = stack.enter_context(server(keeps=True, data_in=disk)) if engine == "postgresql" else None
        broker = stack.enter_context(valkey())
        sink = stack.enter_context(moody("slow"))
        stack.enter_context(sink.serving())
        it = stack.enter_context(
            chaos(
                engine,
                broker=broker.url,
                sink=sink,
                database=database.url if database else "",
                var=None if database else disk,
            )
        )
        browser = stack.enter_context(it.site())
        action, _who = min(pair for pair in it.second if pair[1] == address("kabinet", LEFT))
        finish = f"/acties/{action}/klaar/"

        # The pages, while not one block is left.
        ballast.fill()
        it.wall.move(6 * MINUTE)  # long enough for a page to note that the session is still in use
        status, page = browser.get(finish)
        assert status == 200
        version = re.findall(r'name="version" value="(\d+)"', page)[0]
        status, answer = browser.post(finish, page, version=version)
        assert status == 500
        assert "misschien niet opgeslagen" in answer
        assert browser.get(finish)[0] == 200
        # There may have been room for it in a page of the database: then it is done, and wholly so.
        is_done = it.state(action) == "done"
        if is_done:
            it.second = {pair for pair in it.second if pair[0] != action}

        # The sweep, with room for the beginning of what it must write.
        ballast.remove()
        ballast.fill(but=it.dice.randint(4, 40))
        stack.enter_context(kept(lambda: worker(it.env)))
        stack.enter_context(kept(lambda: beat(it.env)))
        time.sleep(5)
        it.fault()
        assert it.waiting()
        ballast.remove()
        up_again(database)
        until(lambda: it.answers() and not it.waiting(), 40, f"the first half, seed {it.seed}")

        # The delivery, in the middle.
        before = len(sink.mails())
        it.wall.move(HOUR)
        until(lambda: len(sink.mails()) > before, 20, "the second half begins")
        it.fault()
        ballast.fill()
        for _ in range(3):
            time.sleep(1)
            it.fault()
        ballast.remove()
        up_again(database)
        until(it.answers, 30, "the database answers")
        it.settled(capsys)
        if not is_done:
            assert browser.post(finish, page, version=version)[0] == 200
        assert it.state(action) == "done"


def up_again(database: Server | None) -> None:
    """A database that gave up for want of room is started again, as its supervisor does."""
    if database is not None and has_ended(database.process):
        database.stop()
        database.start_again()
