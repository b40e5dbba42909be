"""The process that waits for a pack to bind: used when it is there, replaced when not, and never left behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from measures.tracking.models import Measure
from portal.papers.looking import Started
from portal.papers.packs import actions, claims, making, merge, warm
from tests.cast import World
from tests.packs.conftest import made, settle
from tests.processes import ROOT, until


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Started]]:
    """Every process that binds, in the order in which they began."""
    found: list[Started] = []

    class Noted(Started):
        def __init__(self, words: list[str], folder: Path) -> None:
            super().__init__(words, folder)
            found.append(self)

    monkeypatch.setattr(warm, "Started", Noted)
    yield found
    for one in found:
        one.end()


def pid(one: Started) -> int:
    return one._process.pid


def is_known(number: int) -> bool:
    """Whether there is such a process, if only as one that ended and was not let go of."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def has_ended(one: Started) -> bool:
    """Looked at from outside, so that nobody lets go of it."""
    return os.waitid(os.P_PID, pid(one), os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def test_what_waits_since_the_first_piece_binds_the_pack(
    world: World, measure: Measure, started: list[Started]
) -> None:
    row = made(world.kabinet_a, measure)
    assert (row.state, len(started)) == ("ready", 1)
    assert not is_known(pid(started[0]))


def test_it_waits_once_the_pack_is_laid_out_and_for_an_unchanged_one_not_at_all(
    world: World, measure: Measure, started: list[Started]
) -> None:
    row = actions.ask(by=world.kabinet_a, binder="measure", subject=measure)
    pack = claims.pack()
    assert pack is not None
    making.lead(pack)
    assert [one.is_running for one in started] == [True]
    settle()
    row.refresh_from_db()
    assert (row.state, len(started)) == ("ready", 1)
    assert made(world.kabinet_a, measure).file == row.file
    assert len(started) == 1


def test_one_at_most_waits_for_a_worker(started: list[Started]) -> None:
    warm.up()
    warm.up()
    assert len(started) == 1


def test_without_one_that_waits_another_begins(
    world: World, measure: Measure, started: list[Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "up", lambda: None)
    assert (made(world.kabinet_a, measure).state, len(started)) == ("ready", 1)


def test_one_that_died_waiting_is_replaced_once(
    world: World, measure: Measure, started: list[Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm.up()
    os.kill(pid(started[0]), signal.SIGKILL)
    until(lambda: has_ended(started[0]), 20, "it is dead")
    monkeypatch.setattr(warm, "up", lambda: None)
    assert (made(world.kabinet_a, measure).state, len(started)) == ("ready", 2)
    assert not any(is_known(pid(one)) for one in started)


def test_one_that_dies_between_the_look_and_the_word_is_replaced_once(
    world: World, measure: Measure, started: list[Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm.up()
    first = started[0]
    os.kill(pid(first), signal.SIGKILL)
    until(lambda: has_ended(first), 20, "it is dead")
    monkeypatch.setattr(warm, "up", lambda: None)
    # What a worker sees that looked just before.
    monkeypatch.setattr(type(first), "is_running", True)
    assert (made(world.kabinet_a, measure).state, len(started)) == ("ready", 2)
    assert not any(is_known(pid(one)) for one in started)


def test_one_that_is_about_to_leave_gets_no_work(
    world: World, measure: Measure, started: list[Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "IDLE_SECONDS", warm._LEAVES_SOON)
    warm.up()
    monkeypatch.setattr(warm, "up", lambda: None)
    assert (made(world.kabinet_a, measure).state, len(started)) == ("ready", 2)
    assert not any(is_known(pid(one)) for one in started)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc to count what is open")
def test_one_that_nobody_uses_ends_and_the_next_round_lets_go_of_it(
    world: World, started: list[Started], monkeypatch: pytest.MonkeyPatch, work_dir: Path
) -> None:
    monkeypatch.setattr(merge, "IDLE_SECONDS", 0)
    making.make_waiting()
    before = descriptors()
    warm.up()
    until(lambda: has_ended(started[0]), 20, "it ended by itself")
    making.make_waiting()
    assert not is_known(pid(started[0]))
    assert descriptors() == before
    assert list(work_dir.iterdir()) == []


WAITS = """
import os, sys
import django
django.setup()
from portal.papers.packs import warm
warm.up()
print(warm._waiting.process._process.pid, flush=True)
"""
KILLED = f"{WAITS}\nimport signal; os.kill(os.getpid(), signal.SIGKILL)"
FORKED = f"""{WAITS}
mine = warm._waiting
child = os.fork()
if child == 0:
    warm.tidy()
    assert warm._waiting is None
    warm.up()
    assert warm._waiting.process._process.pid != mine.process._process.pid
    warm.end()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert mine.process.is_running
assert warm.told(b"{{}}") is mine.process
"""


def run(script: str) -> tuple[int, int]:
    """How a worker ended, and the number of what waited for it."""
    worker: Any = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, timeout=30, check=False
    )
    return worker.returncode, int(worker.stdout)


def test_a_worker_that_stops_waits_for_nothing_and_leaves_nothing() -> None:
    # Its descriptors close with it: what waits is told that nobody comes any more.
    status, number = run(WAITS)
    assert status == 0
    until(lambda: not is_alive(number), 20, "nothing waits")


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="util-linux is not there")
def test_what_waits_dies_with_a_worker_that_was_killed() -> None:
    status, number = run(KILLED)
    assert status == -signal.SIGKILL
    until(lambda: not is_alive(number), 20, "nothing waits")


def test_a_fork_neither_uses_nor_ends_what_waits_for_its_parent() -> None:
    status, number = run(FORKED)
    assert status == 0
    until(lambda: not is_alive(number), 20, "nothing waits")


def is_alive(number: int) -> bool:
    status = Path(f"/proc/{number}/status")
    try:
        return "zombie" not in status.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
