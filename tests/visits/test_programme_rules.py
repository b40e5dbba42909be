"""The rules of a programme by themselves: times that fit, press where it may be, no secret address."""

from dataclasses import replace
from datetime import time
from uuid import uuid4

import pytest

from tests.visits.make import at
from visits.enums import Meets, StopPress
from visits.places import holds_address, safe_place
from visits.programme_rules import (
    Part,
    by_time,
    chained,
    duration,
    faults,
    hours_of,
    proposal,
    read_time,
    total,
)


def part(title: str, hour: int, minute: int = 0, minutes: int = 30, **facts: object) -> Part:
    return Part(title, time(hour, minute), minutes, **facts)  # type: ignore[arg-type]


def codes(*parts: Part, **facts: object) -> list[tuple[int, str, str]]:
    return [(one.index, one.field, one.code) for one in faults(parts, **facts)]  # type: ignore[arg-type]


def test_stops_that_follow_one_another_are_right() -> None:
    assert codes(part("A", 14), part("B", 14, 30), part("C", 15, 10, travel=10)) == []


def test_a_stop_that_begins_too_early_is_named_with_the_one_before_and_the_first_good_time() -> None:
    found = faults([part("Ontvangst", 14), part("Gesprek", 14, 29)])
    assert [(one.index, one.field) for one in found] == [(1, "starts")]
    assert "‘Ontvangst’ duurt nog tot 14:30. Begin om 14:30 of later" in found[0].text


def test_the_way_there_counts() -> None:
    assert codes(part("A", 14), part("B", 14, 40, travel=10)) == []
    found = faults([part("A", 14), part("B", 14, 39, travel=10)])
    assert "de reis ernaartoe is 10 minuten. Begin om 14:40 of later." in found[0].text


def test_the_way_to_the_first_stop_does_not() -> None:
    assert codes(part("A", 14, travel=60)) == []


@pytest.mark.parametrize(("minutes", "wrong"), [(-5, True), (0, True), (1, False), (480, False), (481, True)])
def test_a_stop_lasts_1_to_480_minutes(minutes: int, wrong: bool) -> None:
    assert codes(part("A", 9, minutes=minutes)) == ([(0, "minutes", "minutes")] if wrong else [])


def test_a_stop_may_end_at_midnight_and_no_later() -> None:
    assert codes(part("A", 23, 30, minutes=30)) == []
    found = faults([part("A", 23, 30, minutes=31)])
    assert found[0].code == "midnight"
    assert "hoogstens 30 minuten" in found[0].text


def test_no_time_is_offered_that_the_day_does_not_have() -> None:
    found = faults([part("Laat", 23, 30), part("B", 23, 45, minutes=5)])
    assert "Maak dat korter" in found[0].text
    assert "24:" not in found[0].text.replace("24:00", "")


@pytest.mark.parametrize("press", [StopPress.WELCOME, StopPress.BY_ARRANGEMENT])
def test_there_is_no_press_where_minors_are(press: StopPress) -> None:
    assert codes(part("A", 14, meets=Meets.MINORS, press=press)) == [(0, "press", "minors")]
    assert codes(part("A", 14, meets=Meets.MINORS)) == []


def test_press_is_welcome_where_victims_are_only_with_the_go_of_the_host() -> None:
    mine, other = uuid4(), uuid4()
    asked = part("A", 14, meets=Meets.VICTIMS, press=StopPress.WELCOME, pk=mine)
    assert codes(asked) == [(0, "press", "go")]
    assert codes(asked, has_go={other}.__contains__) == [(0, "press", "go")]
    assert codes(asked, has_go={mine}.__contains__) == []
    assert codes(asked, has_go=lambda _stop: True) == []
    assert codes(replace(asked, pk=None), has_go={other}.__contains__) == [(0, "press", "go")]
    assert codes(replace(asked, press=StopPress.BY_ARRANGEMENT)) == []
    assert codes(replace(asked, meets=Meets.STAFF)) == []


@pytest.mark.parametrize(
    "place",
    [
        "Dorpsstraat",
        "Lindelaan",
        "aan de Hoofdweg",
        "Kerkplein",
        "Oude gracht",
        "Zeedijk",
        "zaal 12",
        "3511 AB",
        "Molenstr.",
        "SINGEL",
    ],
)
def test_the_place_of_a_secret_host_cannot_hold_an_address(place: str) -> None:
    assert not safe_place(place)
    assert codes(part("A", 14, place=place), is_secret=True) == [(0, "place", "secret")]
    assert codes(part("A", 14, place=place)) == []


@pytest.mark.parametrize("place", ["", "Kantine", "grote zaal boven", "Tuin", "spreekkamer van de directeur"])
def test_a_room_is_a_place(place: str) -> None:
    assert codes(part("A", 14, place=place), is_secret=True) == []


@pytest.mark.parametrize("name", ["title", "leads", "speaks", "aim"])
def test_nor_do_its_other_texts(name: str) -> None:
    assert codes(replace(part("A", 14), **{name: "Dorpsstraat 12"}), is_secret=True) == [(0, name, "secret")]
    assert codes(replace(part("A", 14), **{name: "De weg naar hulp in 2026"}), is_secret=True) == []
    assert holds_address("Wij zitten op 3511 ab")


def test_the_total_says_how_far_it_sticks_out_and_what_is_free() -> None:
    parts = [part("A", 13, 50), part("B", 14, 45, travel=10), part("C", 15, 15, minutes=60)]
    found = total(parts, (14 * 60, 16 * 60))
    assert found is not None
    assert (found.starts_clock, found.ends_clock, found.minutes) == ("13:50", "16:15", 145)
    assert (found.early, found.over, found.gaps, found.free) == (10, 15, [0, 15, 0], 15)
    without = total(parts, None)
    assert without is not None
    assert (without.early, without.over) == (0, 0)
    assert total([], None) is None


def test_a_new_order_chains_the_starts_from_the_first() -> None:
    parts = [part("B", 15, minutes=20, travel=5), part("A", 14, minutes=30), part("C", 16, travel=10)]
    found = chained(parts)
    assert [(one.title, f"{one.starts:%H:%M}") for one in found] == [
        ("B", "14:00"),
        ("A", "14:20"),
        ("C", "15:00"),
    ]
    assert faults(found) == []
    assert by_time(parts)[0].title == "A"


def test_a_chain_that_runs_past_midnight_is_refused_and_not_an_error() -> None:
    found = chained([part("A", 20, minutes=240), part("B", 23, minutes=30)])
    assert "overlap" in [one.code for one in faults(found)]


@pytest.mark.parametrize(
    "hours", [None, (840, 960), (540, 720), (600, 610), (1380, 1440), (0, 1440), (1430, 1440)]
)
def test_the_proposal_is_always_a_programme(hours: tuple[int, int] | None) -> None:
    found = proposal(hours)
    assert found
    assert faults(found) == []
    if hours and hours[1] - hours[0] >= 60:
        whole = total(found, hours)
        assert whole is not None
        assert (len(found), whole.early, whole.over, whole.free) == (5, 0, 0, 0)


def test_the_hours_of_a_visit_are_those_of_the_wall_clock() -> None:
    assert hours_of(at(14), at(16, 30)) == (840, 990)
    assert hours_of(at(22), at(26 - 24, day=at(0).date().replace(day=6))) == (1320, 1440)
    assert hours_of(None, None) is None


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (25, "25 min"), (60, "1 uur"), (125, "2 uur 5 min")]
)
def test_a_length_in_words(minutes: int, words: str) -> None:
    assert duration(minutes) == words


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("14:30", 870),
        ("14.30", 870),
        ("1430", 870),
        ("930", 570),
        ("9", 540),
        (" 14:05 ", 845),
        ("14:30:00", 870),
        ("0", 0),
        ("23:59", 1439),
        ("24:00", None),
        ("14:60", None),
        ("twee", None),
        ("", None),
        ("-1", None),
        ("١٤", None),
    ],
)
def test_a_time_may_be_typed_in_a_hurry(typed: str, minute: int | None) -> None:
    assert read_time(typed) == minute
