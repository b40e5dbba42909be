"""Two people who name each other at once make no circle; two workers at once tell nobody twice."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal import clock
from tests.faults.engines import installation
from tests.faults.leave_at_once import OVER
from tests.processes import ROOT

pytestmark = pytest.mark.faults

MODULE = "tests.faults.leave_at_once"
# Long enough for both processes to stand ready.
READY = 4.0
ROUNDS = 4


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def env(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    with installation(request.param, broker="redis://127.0.0.1:1/0", smtp_port=1) as made:
        run(made, "lay")
        yield made


def start(env: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", MODULE, *words]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def answers(*processes: "subprocess.Popen[str]") -> list[str]:
    found = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return found


def run(env: dict[str, str], *words: str) -> str:
    return answers(start(env, *words))[0]


def test_of_two_who_name_each_other_one_is_refused(env: dict[str, str]) -> None:
    for nr in range(ROUNDS):
        day, at = str(clock.today() + timedelta(days=30 + nr)), str(time.time() + READY)
        found = answers(
            start(env, "circle", "kabinet_a", "oov_a", day, at),
            start(env, "circle", "oov_a", "kabinet_a", day, at),
        )
        assert sorted(found) == ["circle", "made"]


def test_a_circle_of_three_never_closes(env: dict[str, str]) -> None:
    day, at = str(clock.today() + timedelta(days=60)), str(time.time() + READY)
    found = answers(
        start(env, "circle", "kabinet_a", "oov_a", day, at),
        start(env, "circle", "oov_a", "piket_a", day, at),
        start(env, "circle", "piket_a", "kabinet_a", day, at),
    )
    assert sorted(found) == ["circle", "made", "made"]


def test_two_workers_at_once_tell_everybody_once(env: dict[str, str]) -> None:
    at = str(time.time() + READY)
    found = answers(start(env, "tick", at), start(env, "tick", at))
    assert sum(map(int, found)) == OVER
    assert run(env, "tick", "0") == "0"
