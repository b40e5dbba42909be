"""What the feed says, in hours and words, as two real readers of calendars understand it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.feeds import ical
from portal.feeds.enums import Alarm, Level
from portal.feeds.registry import Item
from tests.feeds.readers import Entry, by_icalendar, by_icaljs

ALL = [str(one) for one in Alarm]


def item(**changed: Any) -> Item:
    day = changed.pop("day", date(2026, 10, 14))
    facts: dict[str, Any] = {
        "uid": "0b6f",
        "sequence": 2,
        "kind": "Driehoek",
        "title": "Voorbereiding",
        "starts": clock.at(day, time(10)),
        "ends": clock.at(day, time(11)),
        "updated_at": datetime(2026, 10, 1, 8, tzinfo=UTC),
        "place": "Stadhuis",
        "path": "/afspraken/1/",
    }
    return Item(**facts | changed)


def feed(items: Sequence[Item], level: str = Level.TITLES, alarms: Sequence[str] = ()) -> bytes:
    return ical.feed(items, level=level, alarms=alarms)


# (day, what UTC says at ten in Amsterdam)
TEN = [
    (date(2026, 7, 1), "2026-07-01T08:00:00Z"),
    (date(2027, 1, 12), "2027-01-12T09:00:00Z"),
    # The nights in which the clock goes back and forward, and the days beside them.
    (date(2026, 10, 24), "2026-10-24T08:00:00Z"),
    (date(2026, 10, 25), "2026-10-25T09:00:00Z"),
    (date(2027, 3, 27), "2027-03-27T09:00:00Z"),
    (date(2027, 3, 28), "2027-03-28T08:00:00Z"),
    (date(2031, 8, 5), "2031-08-05T08:00:00Z"),
]
NIGHTS = [
    (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), "2026-10-24T23:30:00Z"),
    (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "2026-10-25T02:00:00Z"),
    (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "2027-03-28T00:30:00Z"),
    (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "2027-03-28T01:00:00Z"),
]


def hours() -> tuple[bytes, list[str]]:
    """A feed of all these hours, and what a reader must make of them."""
    items = [item(day=day, uid=str(day)) for day, _utc in TEN]
    items += [
        item(starts=at, ends=at + timedelta(minutes=15), uid=str(nr)) for nr, (at, _utc) in enumerate(NIGHTS)
    ]
    return feed(items), [utc for _when, utc in [*TEN, *NIGHTS]]


def days() -> bytes:
    return feed(
        [item(starts=day, ends=None, uid=str(day)) for day, _utc in TEN],
        alarms=ALL,
    )


def check_days(read: list[Entry]) -> None:
    for one, (day, _utc) in zip(read, TEN, strict=True):
        assert one.starts == day.isoformat()
        assert one.ends == (day + timedelta(days=1)).isoformat()
        # At nine on the wall clock, also in the two nights.
        assert one.alarms == tuple(
            clock.at(when, time(9)).strftime("%Y-%m-%dT%H:%M:%SZ") for when in (day, day - timedelta(days=1))
        )


def test_hours_and_days_are_right_in_icalendar() -> None:
    text, expected = hours()
    assert [one.starts for one in by_icalendar(text)] == expected
    check_days(by_icalendar(days()))


@pytest.mark.browser
def test_hours_and_days_are_right_in_ical_js() -> None:
    text, expected = hours()
    nasty = feed([item(title=NASTY, place=NASTY)])
    read, whole_days, odd = by_icaljs(text, days(), nasty)
    assert [one.starts for one in read] == expected
    check_days(whole_days)
    assert odd == by_icalendar(nasty)
    assert odd[0].summary == NASTY


NASTY = 'Overleg; met, komma\'s\\ en "aanhalingstekens"\nop twee regels: 👨‍👩‍👧 ' + "lang ëën woord " * 12


@given(
    title=st.text(
        st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n,;:\\"^é👩‍👧'), min_size=1
    ).map(lambda text: text + " 👨‍👩‍👧‍👦 verantwoordelijkheidsverdeling")
)
def test_any_title_comes_out_as_it_went_in_and_no_line_is_too_long(title: str) -> None:
    text = feed([item(title=title)])
    assert by_icalendar(text)[0].summary == title
    assert text.endswith(b"END:VCALENDAR\r\n")
    for line in text.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode()  # no letter is cut in two


def test_a_level_tells_no_more_than_it_says() -> None:
    shown = item(title="Zeer geheim overleg", place="Adres bij gastheer", path="/afspraken/7c/", uid="abc")
    texts = {level: feed([shown], level, ALL).decode() for level in Level}
    read = {level: by_icalendar(text)[0] for level, text in texts.items()}
    assert read[Level.BUSY].summary == "Bezet"
    assert read[Level.KIND].summary == "Driehoek"
    assert read[Level.TITLES].summary == "Zeer geheim overleg"
    assert read[Level.TITLES].place == "Adres bij gastheer"
    assert "/afspraken/7c/" in texts[Level.TITLES].replace("\r\n ", "")
    for level in (Level.BUSY, Level.KIND):
        for word in ("geheim", "gastheer", "afspraken", "URL", "LOCATION", "http"):
            assert word not in texts[level], (level, word)
    for word in ("Driehoek", "Kinder", "kind"):
        assert word not in texts[Level.BUSY]


def test_what_takes_no_time_is_not_called_busy() -> None:
    day = item(title="Uiterlijk: brief", starts=date(2026, 10, 14), ends=None, is_busy=False)
    text = feed([day], Level.BUSY, ALL).decode()
    assert by_icalendar(text)[0].summary == "Herinnering"
    assert "TRANSP:TRANSPARENT" in text
    for word in ("Bezet", "brief", "Driehoek"):
        assert word not in text
    assert by_icalendar(feed([day], Level.KIND))[0].summary == "Driehoek"


def test_what_a_calendar_program_asks_for_is_in_it() -> None:
    text = feed([item(), item(uid="x", is_cancelled=True), item(uid="y", is_busy=False)]).decode()
    for line in (
        "VERSION:2.0",
        "PRODID:-//Portaal//Agenda//NL",
        "X-WR-CALNAME:Werkagenda",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "TZID:Europe/Amsterdam",
        "DTSTART;TZID=Europe/Amsterdam:20261014T100000",
        "DTSTAMP:20261001T080000Z",
        "LAST-MODIFIED:20261001T080000Z",
        "SEQUENCE:2",
        "CLASS:PRIVATE",
    ):
        assert f"\r\n{line}\r\n" in text, line
    assert "METHOD" not in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    lines = text.split("\r\n")
    assert [one for one in lines if one.startswith("STATUS")] == [
        "STATUS:CONFIRMED",
        "STATUS:CANCELLED",
        "STATUS:CONFIRMED",
    ]
    assert [one for one in lines if one.startswith("X-MICROSOFT")] == [
        f"X-MICROSOFT-CDO-BUSYSTATUS:{word}" for word in ("BUSY", "FREE", "FREE")
    ]


def test_alarms_are_those_that_were_chosen() -> None:
    moment = item()
    assert by_icalendar(feed([moment]))[0].alarms == ()
    assert by_icalendar(feed([moment], alarms=ALL))[0].alarms == (
        "2026-10-14T07:45:00Z",
        "2026-10-14T07:00:00Z",
        "2026-10-13T08:00:00Z",
    )
    text = feed([item(starts=date(2026, 10, 14), ends=None)], alarms=["morning"]).decode()
    assert "TRIGGER;VALUE=DATE-TIME:20261014T070000Z" in text
    cancelled = feed([item(is_cancelled=True)], alarms=ALL)
    assert by_icalendar(cancelled)[0].alarms == ()


def test_a_last_moment_has_no_length() -> None:
    at = clock.at(date(2026, 10, 14), time(17))
    read = by_icalendar(feed([item(starts=at, ends=None, is_busy=False)]))[0]
    assert read.starts == read.ends == "2026-10-14T15:00:00Z"
