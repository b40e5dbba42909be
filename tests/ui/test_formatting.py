"""Dates and lateness in words, at the edges where a clock goes wrong."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from portal import clock
from portal.ui import formatting

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def wall(text: str) -> datetime:
    """A moment on the Amsterdam wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.fixture
def at(frozen_clock: Any) -> Any:
    """Moves the frozen clock to a moment on the Amsterdam wall clock."""

    def move(text: str) -> None:
        frozen_clock.move_to(wall(text).astimezone(UTC))

    return move


def test_a_date_of_this_year_has_no_year(at: Any) -> None:
    at("2026-11-24T09:00")
    assert formatting.datum(date(2026, 11, 27)) == "vrijdag 27 november"
    assert formatting.datum_kort(date(2026, 11, 27)) == "vr 27 nov"
    assert formatting.dag(date(2026, 12, 3)) == "3 december"


def test_a_date_of_another_year_has_its_year(at: Any) -> None:
    at("2026-12-31T23:59")
    assert formatting.datum(date(2027, 1, 1)) == "vrijdag 1 januari 2027"
    assert formatting.datum_kort(date(2025, 12, 31)) == "wo 31 dec 2025"
    assert formatting.dag(date(2027, 3, 1)) == "1 maart 2027"
    at("2027-01-01T00:00")
    assert formatting.datum(date(2027, 1, 1)) == "vrijdag 1 januari"
    assert formatting.datum(date(2026, 12, 31)) == "donderdag 31 december 2026"


def test_a_moment_shows_the_amsterdam_wall_clock(at: Any) -> None:
    at("2026-11-24T09:00")
    assert formatting.moment(datetime(2026, 11, 25, 19, 0, tzinfo=UTC)) == "wo 25 nov 20:00"
    assert formatting.moment(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "wo 1 jul 00:30"
    assert formatting.datum(datetime(2026, 11, 25, 23, 30, tzinfo=UTC)) == "donderdag 26 november"


def test_english_keeps_its_capitals(at: Any) -> None:
    at("2026-11-24T09:00")
    with translation.override("en"):
        assert formatting.datum_kort(date(2026, 11, 27)) == "Fri 27 Nov"
        assert formatting.datum(date(2026, 11, 27)) == "Friday 27 November"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-30, "30 dagen te laat"),
        (-2, "2 dagen te laat"),
        (-1, "1 dag te laat"),
        (0, "vandaag"),
        (1, "morgen"),
        (2, "donderdag"),
        (6, "maandag"),
        (7, "1 december"),
        (38, "1 januari 2027"),
    ],
)
def test_how_far_a_date_is_off(at: Any, days: int, words: str) -> None:
    at("2026-11-24T09:00")
    assert formatting.wanneer(clock.today() + timedelta(days=days)) == words


def test_a_date_lasts_until_midnight_in_amsterdam(at: Any) -> None:
    day = date(2026, 11, 24)
    at("2026-11-24T23:59:59")
    assert formatting.wanneer(day) == "vandaag"
    at("2026-11-25T00:00:00")
    assert formatting.wanneer(day) == "1 dag te laat"
    # In summer the day ends at 22:00 UTC.
    at("2026-07-01T23:59:59")
    assert formatting.wanneer(date(2026, 7, 1)) == "vandaag"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3 * 86400, "3 dagen te laat"),
        (-47 * 3600, "47 uur te laat"),
        (-2 * 3600, "2 uur te laat"),
        (-3600, "1 uur te laat"),
        (-119, "1 minuut te laat"),
        (-120, "2 minuten te laat"),
        (-1, "net te laat"),
        (0, "nu"),
        (59, "nu"),
        (60, "nog 1 minuut"),
        (40 * 60, "nog 40 minuten"),
        (3600, "nog 1 uur"),
        (29 * 3600 + 240, "nog 29 uur"),
        (48 * 3600 - 1, "nog 47 uur"),
        (48 * 3600, "donderdag 09:00"),
        (9 * 86400, "3 december 09:00"),
    ],
)
def test_how_far_a_moment_is_off(at: Any, seconds: int, words: str) -> None:
    at("2026-11-24T09:00")
    assert formatting.wanneer(clock.now() + timedelta(seconds=seconds)) == words


def test_hours_are_real_hours_over_the_night_the_clock_changes(at: Any) -> None:
    # The night of 25 October 2026 has one hour more, that of 28 March 2027 one hour less.
    at("2026-10-24T20:00")
    assert formatting.wanneer(wall("2026-10-25T20:00")) == "nog 25 uur"
    at("2027-03-27T20:00")
    assert formatting.wanneer(wall("2027-03-28T20:00")) == "nog 23 uur"
    at("2027-03-28T20:00")
    assert formatting.wanneer(wall("2027-03-27T20:00")) == "23 uur te laat"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "zojuist"),
        (59, "zojuist"),
        (60, "1 minuut geleden"),
        (120, "2 minuten geleden"),
        (3600, "1 uur geleden"),
        (23 * 3600, "23 uur geleden"),
        (24 * 3600, "1 dag geleden"),
        (6 * 86400, "6 dagen geleden"),
        (7 * 86400, "17 november"),
    ],
)
def test_how_long_ago(at: Any, seconds: int, words: str) -> None:
    at("2026-11-24T09:00")
    assert formatting.geleden(clock.now() - timedelta(seconds=seconds)) == words


def test_a_moment_in_the_future_was_just_now(at: Any) -> None:
    """Two processes differ a little; nobody reads 'over -1 seconden'."""
    at("2026-11-24T09:00")
    assert formatting.geleden(clock.now() + timedelta(seconds=5)) == "zojuist"


def test_a_full_day_ago_on_the_day_of_25_hours_is_one_day(at: Any) -> None:
    at("2026-10-25T23:50")
    assert formatting.geleden(wall("2026-10-25T00:10")) == "1 dag geleden"


@pytest.mark.parametrize(("days", "tone"), [(-1, "late"), (0, "soon"), (2, "soon"), (3, "")])
def test_the_tone_of_a_date(at: Any, days: int, tone: str) -> None:
    at("2026-11-24T23:30")
    assert formatting.urgency(clock.today() + timedelta(days=days), None) == tone


@pytest.mark.parametrize(("hours", "tone"), [(-1, "late"), (0, "soon"), (48, "soon"), (49, "")])
def test_the_tone_of_a_moment(at: Any, hours: int, tone: str) -> None:
    at("2026-11-24T09:00")
    assert formatting.urgency(None, clock.now() + timedelta(hours=hours)) == tone


def test_without_a_date_there_is_no_tone() -> None:
    assert formatting.urgency(None, None) == ""
