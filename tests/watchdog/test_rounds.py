"""When the watchdog speaks: at the second look, again while it lasts, and once when it works again."""

import itertools
import json
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.core.management import CommandError, call_command

from portal.watchdog import memory as remembered
from portal.watchdog import rounds
from portal.watchdog.judge import Contact, Database, Seen
from portal.watchdog.management.commands import watchdog as command
from portal.watchdog.rounds import Outcome, Told, Watchdog

START = datetime(2026, 10, 5, 10, tzinfo=UTC)
ADMIN = Contact("admin@voorbeeld.example", "nl", is_national=True)


@dataclass
class Scene:
    """A watchdog, a world to look at, and a clock that the test turns."""

    folder: Path
    now: datetime = START
    monotonic: float = 1000.0
    database_is_up: bool = True
    broker_is_up: bool = True
    mail_late_since: datetime | None = None
    silent: dict[str, datetime] = field(default_factory=dict)
    waiting: int = 0
    hears: bool = True
    said: list[tuple[list[str], list[str]]] = field(default_factory=list)
    to: list[list[Contact]] = field(default_factory=list)
    watchdog: Watchdog | None = None

    def look(self) -> Seen:
        beats = dict.fromkeys(("beat", "worker", "sweep"), self.now) | self.silent
        database = Database(beats, None, self.mail_late_since, (ADMIN,))
        return Seen(
            self.now,
            database if self.database_is_up else None,
            self.waiting if self.broker_is_up else None,
        )

    def tell(self, told: Told, contacts: list[Contact]) -> int:
        if not self.hears:
            return 0
        self.said.append(([part for part, _ in told.standing], [part for part, _ in told.working]))
        self.to.append(contacts)
        return 1

    def after(self, seconds: float = 60, *, asleep: float = 0) -> Outcome:
        """A round, so many seconds after the one before; a sleeping machine does not count along."""
        self.now += timedelta(seconds=seconds + asleep)
        self.monotonic += seconds
        if self.watchdog is None:
            self.watchdog = Watchdog(self.folder, self.look, self.tell)
        return self.watchdog.round()

    def restart(self) -> None:
        self.watchdog = None


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = Scene(tmp_path)
    monkeypatch.setattr(rounds.time, "monotonic", lambda: made.monotonic)
    return made


def test_nothing_is_said_while_all_is_well(scene: Scene) -> None:
    assert [scene.after() for _ in range(3)] == [Outcome.WELL] * 3
    assert scene.said == []


def test_it_speaks_at_the_second_look_and_once(scene: Scene) -> None:
    scene.after()
    scene.broker_is_up = False
    assert scene.after() == Outcome.WELL
    assert scene.said == []
    assert scene.after() == Outcome.TOLD
    assert scene.after() == Outcome.TOLD
    assert scene.said == [(["broker"], [])]


def test_what_is_over_at_the_second_look_is_never_said(scene: Scene) -> None:
    for is_up in (True, False, True, False, True):
        scene.broker_is_up = is_up
        scene.after()
    assert scene.said == []


def test_it_says_so_again_every_four_hours(scene: Scene) -> None:
    scene.broker_is_up = False
    for _ in range(12 * 60 + 1):
        scene.after()
    assert scene.said == [(["broker"], [])] * 3


def test_it_says_once_that_all_works_again(scene: Scene) -> None:
    scene.broker_is_up = False
    scene.after()
    scene.after()
    scene.broker_is_up = True
    assert scene.after() == Outcome.TOLD
    assert scene.after() == Outcome.WELL
    assert scene.after() == Outcome.WELL
    assert scene.said == [(["broker"], []), ([], ["broker"])]
    scene.broker_is_up = False
    scene.after()
    scene.after()
    assert scene.said[2:] == [(["broker"], [])]


def test_one_part_that_works_again_is_said_beside_what_still_stands(scene: Scene) -> None:
    scene.broker_is_up = scene.database_is_up = False
    scene.after()
    scene.after()
    scene.broker_is_up = True
    scene.after()
    scene.after()
    assert scene.said == [(["database", "broker"], []), (["database"], ["broker"])]


def test_what_cannot_be_judged_neither_stands_still_nor_works_again(scene: Scene) -> None:
    scene.mail_late_since = START
    scene.after()
    scene.after()
    scene.database_is_up = False
    scene.mail_late_since = None
    for _ in range(4):
        scene.after()
    assert scene.said == [(["mail"], []), (["database"], [])]
    scene.database_is_up = True
    scene.after()
    scene.after()
    assert scene.said[2:] == [([], ["database", "mail"])]


def test_a_mail_that_did_not_go_is_tried_every_round_until_it_does(scene: Scene) -> None:
    scene.broker_is_up = scene.hears = False
    scene.after()
    assert [scene.after() for _ in range(3)] == [Outcome.NOT_TOLD] * 3
    scene.hears = True
    assert scene.after() == Outcome.TOLD
    assert scene.said == [(["broker"], [])]
    scene.broker_is_up, scene.hears = True, False
    scene.after()
    assert scene.after() == Outcome.NOT_TOLD
    scene.hears = True
    assert scene.after() == Outcome.WELL
    assert scene.said == [(["broker"], []), ([], ["broker"])]


def test_a_laptop_that_slept_raises_no_alarm(scene: Scene) -> None:
    scene.after()
    stale = scene.now
    scene.silent = dict.fromkeys(("beat", "worker", "sweep"), stale)
    scene.after(asleep=8 * 3600)
    scene.silent = {}
    scene.after()
    assert scene.said == []
    # Also when it wakes for a moment, is seen once, and sleeps on.
    scene.silent = dict.fromkeys(("beat", "worker", "sweep"), stale)
    scene.after(asleep=3600)
    scene.after(asleep=3600)
    assert scene.said == []


def test_a_sleep_makes_nothing_forgotten_that_was_told(scene: Scene) -> None:
    scene.broker_is_up = False
    scene.after()
    scene.after()
    scene.after(asleep=3600)
    scene.broker_is_up = True
    scene.after()
    scene.after()
    assert scene.said == [(["broker"], []), ([], ["broker"])]


def test_a_clock_that_was_put_back_makes_it_speak_again(scene: Scene) -> None:
    scene.broker_is_up = False
    scene.after()
    scene.after()
    scene.after(asleep=-24 * 3600)
    assert scene.said == [(["broker"], [])] * 2


def test_a_watchdog_that_was_started_again_goes_on_where_it_was(scene: Scene) -> None:
    scene.broker_is_up = False
    scene.after()
    scene.restart()
    scene.after()
    scene.restart()
    scene.after()
    assert scene.said == [(["broker"], [])]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "null", '{"told": 3}', '{"watching_since": "2026-10-05T10:00:00"}']
)
def test_a_memory_that_cannot_be_read_was_never_told(scene: Scene, text: str) -> None:
    scene.broker_is_up = False
    scene.after()
    scene.after()
    (scene.folder / remembered.STATE).write_text(text)
    scene.restart()
    scene.after()
    scene.after()
    assert scene.said == [(["broker"], [])] * 2


def test_memory_and_addresses_are_for_this_account_alone_and_nothing_else_is_left(scene: Scene) -> None:
    scene.broker_is_up = False
    scene.after()
    scene.after()
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in scene.folder.iterdir()}
    assert files == {remembered.STATE: 0o600, remembered.CONTACTS: 0o600}
    assert "voorbeeld.example" not in (scene.folder / remembered.STATE).read_text()
    assert set(json.loads((scene.folder / remembered.STATE).read_text())["told"]) == {"broker"}


def test_whom_to_tell_is_known_when_the_database_is_gone(scene: Scene) -> None:
    scene.after()
    scene.restart()
    scene.database_is_up = False
    scene.after()
    scene.after()
    assert scene.to == [[ADMIN]]
    (scene.folder / remembered.CONTACTS).write_text("[{}]")
    assert remembered.load_contacts(scene.folder) == []


def test_a_disk_that_is_full_keeps_no_mail_back(scene: Scene) -> None:
    scene.folder = scene.folder / "weg"
    scene.broker_is_up = False
    scene.after()
    assert scene.after() == Outcome.TOLD
    assert scene.said == [(["broker"], [])]


def test_once_looks_a_second_time_before_it_answers(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        scene.now += timedelta(seconds=seconds)
        scene.monotonic += seconds

    monkeypatch.setattr(rounds.time, "sleep", sleep)
    watchdog = Watchdog(scene.folder, scene.look, scene.tell)
    assert rounds.once(watchdog) == 0
    assert scene.now == START
    scene.broker_is_up = False
    assert rounds.once(watchdog) == 1
    assert scene.said == [(["broker"], [])]
    scene.broker_is_up, scene.hears = True, False
    assert rounds.once(watchdog) == 2
    scene.hears = True
    assert rounds.once(watchdog) == 0
    assert scene.said == [(["broker"], []), ([], ["broker"])]


def test_a_round_that_breaks_off_told_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_watchdog: Watchdog) -> Outcome:
        raise LookupError("met een geheim erin")

    monkeypatch.setattr(command, "once", breaks)
    with structlog.testing.capture_logs() as logs, pytest.raises(SystemExit) as ended:
        call_command("watchdog", "--once")
    assert ended.value.code == Outcome.NOT_TOLD
    assert [line["event"] for line in logs] == ["watchdog_crashed"]


def test_a_pause_of_nothing_is_refused() -> None:
    with pytest.raises(CommandError, match="boven nul"):
        call_command("watchdog", "--every", "0")


def test_every_part_can_be_told_and_recovered_in_any_order(scene: Scene) -> None:
    for database, broker in itertools.product((True, False), repeat=2):
        scene.database_is_up, scene.broker_is_up = database, broker
        for _ in range(3):
            scene.after()
    scene.database_is_up = scene.broker_is_up = True
    for _ in range(3):
        scene.after()
    assert scene.watchdog is not None
    assert scene.watchdog.memory is not None
    assert scene.watchdog.memory.told == {}
    assert scene.said[-1] == ([], ["database", "broker"])


def test_thresholds_are_settings(scene: Scene, settings: Any) -> None:
    settings.WATCHDOG_REPEAT_SECONDS = 120
    settings.WATCHDOG_SECONDS = 10
    scene.broker_is_up = False
    for _ in range(6):
        scene.after(10)
    assert len(scene.said) == 1
    for _ in range(12):
        scene.after(10)
    assert len(scene.said) == 2
