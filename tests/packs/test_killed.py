"""The process that binds is killed halfway: the pack is made after all, or it is said that it failed."""

import contextlib
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from measures.tracking.models import Measure
from portal.briefings.pdfua import problems
from portal.papers.looking import Started
from portal.papers.packs import actions, claims, warm
from portal.papers.packs.enums import Problem
from portal.papers.packs.models import Pack
from tests.cast import World
from tests.packs.conftest import data, hang, settle
from tests.papers import files
from tests.processes import until

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc to look into a process")


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Kill the binding process as often as is said, each time once it holds a piece open; who was killed."""

    def times(most: int) -> list[int]:
        killed: list[int] = []

        class Struck(Started):
            def answer(self, seconds: float, last: bytes = b"") -> tuple[int, bytes]:
                if len(killed) < most:
                    held = Path(f"/proc/{self._process.pid}/fd")
                    folder = str(settings.WORK_DIR)

                    def is_halfway() -> bool:
                        open_now = []
                        for one in held.iterdir():
                            # It opens and closes files meanwhile.
                            with contextlib.suppress(FileNotFoundError):
                                open_now.append(str(one.readlink()))
                        # What it answers has no name.
                        return any(
                            one.startswith(folder) and not one.endswith(" (deleted)") for one in open_now
                        )

                    until(is_halfway, 20, "a piece is open")
                    os.kill(self._process.pid, signal.SIGKILL)
                    killed.append(self._process.pid)
                status, said = super().answer(seconds, last)
                assert (status == -signal.SIGKILL) == (self._process.pid in killed)
                return status, said

        monkeypatch.setattr(warm, "Started", Struck)
        return killed

    return times


def asked(world: World, measure: Measure) -> Pack:
    hang(measure, world.kabinet_a, files.pdf(2), "Voorstel van het college")
    return actions.ask(by=world.kabinet_a, binder="measure", subject=measure)


def stored() -> set[str]:
    try:
        return {f"bundels/{name}" for name in default_storage.listdir("bundels")[1]}
    except FileNotFoundError:
        return set()


def test_a_binding_that_is_killed_is_done_again(
    world: World, measure: Measure, kill: Any, frozen_clock: Any, work_dir: Path
) -> None:
    killed, before = kill(1), stored()
    row = asked(world, measure)
    settle()
    row.refresh_from_db()
    assert (row.state, row.file, len(killed)) == ("asked", "", 1)
    assert stored() - before == {one.file for one in row.pieces.all()}
    frozen_clock.shift(timedelta(minutes=5))
    settle()
    row.refresh_from_db()
    assert (row.state, row.problem) == ("ready", "")
    assert problems(data(row)) == []
    assert stored() - before == {row.file, *(one.file for one in row.pieces.all())}
    assert list(work_dir.iterdir()) == []


def test_a_binding_that_is_killed_each_time_is_said_to_have_failed(
    world: World, measure: Measure, kill: Any, frozen_clock: Any, work_dir: Path
) -> None:
    killed, before = kill(99), stored()
    row = asked(world, measure)
    for _turn in range(6):
        settle()
        frozen_clock.shift(timedelta(minutes=5))
    row.refresh_from_db()
    assert (row.state, row.problem, len(killed)) == ("failed", "render", claims.ATTEMPTS)
    assert Problem(row.problem).label
    assert (row.file, row.pages) == ("", 0)
    assert stored() - before == {one.file for one in row.pieces.all()}
    assert list(work_dir.iterdir()) == []
