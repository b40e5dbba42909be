"""What stands still, judged from one look."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.watchdog.judge import PARTS, Database, Finding, Seen, judge
from portal.watchdog.words import WORDS

NOW = datetime(2026, 10, 5, 10, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def database(**more: Any) -> Database:
    beats = {"beat": ago(0.2), "worker": ago(0.2), "sweep": ago(0.2)} | more.pop("beats", {})
    return Database({part: at for part, at in beats.items() if at is not None}, **more)


def judged(found: Database | None, waiting: int | None = 0, since: datetime = LONG_AGO) -> dict[str, Any]:
    verdict = judge(Seen(NOW, found, waiting), since)
    assert not verdict.parts & verdict.unknown
    return {finding.part: finding.since for finding in verdict.findings}


SILENT = {"beat": ago(6), "worker": ago(6), "sweep": ago(6)}


def test_all_is_well() -> None:
    assert judge(Seen(NOW, database(), 0), LONG_AGO).findings == ()
    assert judge(Seen(NOW, database(), 7), LONG_AGO).unknown == frozenset()


def test_ten_ticks_without_a_sign_are_forgiven() -> None:
    assert judged(database(beats=dict.fromkeys(SILENT, ago(5)))) == {}


def test_what_piles_up_in_the_broker_tells_the_worker_from_beat() -> None:
    assert judged(database(beats=SILENT), waiting=3) == {"worker": ago(6)}
    assert judged(database(beats=SILENT), waiting=0) == {"beat": ago(6)}


def test_a_worker_nudged_by_hand_does_not_hide_that_beat_stands_still() -> None:
    assert judged(database(beats={"beat": ago(6)})) == {"beat": ago(6)}


def test_a_sweep_that_never_ends_well_is_found_though_all_processes_live() -> None:
    found = database(beats={"sweep": ago(6)}, reminder_late_since=ago(40), mail_late_since=ago(30))
    assert judged(found) == {"sweep": ago(6), "mail": ago(30)}


def test_what_lies_about_is_found_though_the_engine_runs() -> None:
    assert judged(database(reminder_late_since=ago(16))) == {"reminders": ago(16)}
    assert judged(database(mail_late_since=ago(16))) == {"mail": ago(16)}
    assert judged(database(paper_late_since=ago(16))) == {"papers": ago(16)}


@pytest.mark.parametrize("waiting", [0, 3])
def test_what_follows_from_a_cause_is_not_named_and_not_called_well(waiting: int) -> None:
    found = database(beats=SILENT, reminder_late_since=ago(40), mail_late_since=ago(40))
    verdict = judge(Seen(NOW, found, waiting), LONG_AGO)
    assert len(verdict.findings) == 1
    assert verdict.parts | verdict.unknown == set(PARTS) - {"broker", "database"}


def test_without_database_or_broker_nothing_is_said_of_the_rest() -> None:
    for found, waiting, parts in (
        (None, 0, ["database"]),
        (database(beats=SILENT), None, ["broker"]),
        (None, None, ["database", "broker"]),
    ):
        verdict = judge(Seen(NOW, found, waiting), LONG_AGO)
        assert [finding.part for finding in verdict.findings] == parts
        assert verdict.unknown == set(PARTS) - {"broker", "database"}


def test_a_part_that_never_showed_itself_gets_the_time_of_one_that_fell_silent() -> None:
    never = database(beats=dict.fromkeys(SILENT, None))
    assert judged(never, since=ago(5)) == {}
    assert judged(never, since=ago(6)) == {"beat": None}


def test_a_sign_of_life_from_a_clock_that_was_put_back_counts_as_none() -> None:
    ahead = database(beats=dict.fromkeys(SILENT, NOW + timedelta(hours=1)))
    assert judged(ahead, since=ago(5)) == {}
    assert judged(ahead, since=ago(6), waiting=1) == {"worker": None}
    a_little = database(beats=dict.fromkeys(SILENT, NOW + timedelta(seconds=20)))
    assert judged(a_little) == {}


def test_the_limit_is_a_setting(settings: Any) -> None:
    settings.ENGINE_LATE_SECONDS = 3600
    assert judged(database(beats=SILENT)) == {}


def test_there_are_words_for_every_part() -> None:
    assert set(WORDS) == set(PARTS)
    assert Finding("mail").since is None
