"""Writing iCalendar (RFC 5545): what a phone or a mail program reads.

Hours stand on the Amsterdam wall clock with a time zone of two fixed rules. The one that the library
derives by itself makes ical.js, and with it Thunderbird and Nextcloud, read the summer an hour wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm as VAlarm
from icalendar import Calendar, Component, Event, vCalAddress

from portal import clock
from portal.feeds.enums import AT_NINE, BEFORE, Level
from portal.feeds.registry import Item

PRODUCT = "-//Portaal//Agenda//NL"
# How often a calendar is asked to look again; most decide for themselves.
LOOK_AGAIN = timedelta(hours=1)

_AMSTERDAM = b"""BEGIN:VTIMEZONE\r
TZID:Europe/Amsterdam\r
BEGIN:DAYLIGHT\r
TZNAME:CEST\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
DTSTART:19810329T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
TZNAME:CET\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
DTSTART:19961027T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
"""


def new_calendar(method: str = "") -> Calendar:
    """An empty calendar with the time zone of Amsterdam."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    if method:
        made.add("method", method)
    made.add_component(Component.from_ical(_AMSTERDAM))
    return made


def bare_event(item: Item, *, sequence: int, stamp: datetime, summary: str) -> Event:
    """An event with its hours and its state, and nothing that tells what it is about but `summary`."""
    made = Event()
    made.add("uid", item.uid)
    made.add("sequence", sequence)
    made.add("dtstamp", stamp)
    made.add("last-modified", item.updated_at)
    _put_hours(made, item)
    made.add("summary", summary)
    made.add("class", "PRIVATE")
    is_busy = item.is_busy and not item.is_cancelled
    made.add("status", "CANCELLED" if item.is_cancelled else "CONFIRMED")
    made.add("transp", "OPAQUE" if is_busy else "TRANSPARENT")
    made.add("x-microsoft-cdo-busystatus", "BUSY" if is_busy else "FREE")
    return made


def _put_hours(event: Event, item: Item) -> None:
    if isinstance(item.starts, datetime):
        event.add("dtstart", item.starts.astimezone(clock.AMSTERDAM))
        if item.ends is not None:
            event.add("dtend", item.ends.astimezone(clock.AMSTERDAM))
        return
    event.add("dtstart", item.starts)
    event.add("dtend", item.starts + timedelta(days=1))


def feed(items: Sequence[Item], *, level: str, alarms: Sequence[str]) -> bytes:
    """A whole feed. The same items give the same bytes, so that a calendar can ask whether it changed."""
    made = new_calendar()
    name = _("Werkagenda")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Europe/Amsterdam")
    made.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for item in items:
        made.add_component(_event(item, level, alarms))
    return bytes(made.to_ical())


def invitation(item: Item, *, method: str, sequence: int, organizer: str, attendee: str) -> str:
    """A REQUEST or a CANCEL for one attendee: the kind, the hours, and how one answers; nothing else.

    Neither the title nor the place goes along, no other attendee, and not the link to answer: a calendar
    is shown to others, and whoever has the link may answer.
    """
    if method == "CANCEL":
        item = replace(item, is_cancelled=True)
    event = bare_event(item, sequence=sequence, stamp=clock.now(), summary=item.kind)
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    guest = vCalAddress(f"mailto:{attendee}")
    guest.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"})
    guest.params["PARTSTAT"] = "NEEDS-ACTION"
    event.add("attendee", guest)
    if method == "REQUEST":
        event.add(
            "description",
            _("Antwoord via de link in de mail; een antwoord vanuit uw agenda wordt niet gelezen."),
        )
    made = new_calendar(method)
    made.add_component(event)
    return bytes(made.to_ical()).decode()


def _event(item: Item, level: str, alarms: Sequence[str]) -> Event:
    """One item at a level; what the level does not tell does not stand in it."""
    bare = _("Bezet") if item.is_busy else _("Herinnering")
    summary = {Level.TITLES: item.title, Level.KIND: item.kind}.get(Level(level), bare)
    made = bare_event(item, sequence=item.sequence, stamp=item.updated_at, summary=summary)
    if level == Level.TITLES:
        if item.place:
            made.add("location", item.place)
        if item.path:
            made.add("url", settings.PORTAL_URL + item.path)
    if not item.is_cancelled:
        for alarm in _alarms(item, alarms):
            alarm.add("action", "DISPLAY")
            alarm.add("description", summary)
            made.add_component(alarm)
    return made


def _alarms(item: Item, chosen: Sequence[str]) -> Iterable[VAlarm]:
    for key in chosen:
        made = VAlarm()
        if isinstance(item.starts, datetime):
            if key in BEFORE:
                made.add("trigger", -BEFORE[key])
                yield made
        elif key in AT_NINE:
            made.add("trigger", _nine(item.starts, AT_NINE[key]), parameters={"VALUE": "DATE-TIME"})
            yield made


def _nine(day: date, days: int) -> datetime:
    """Nine o'clock so many days from a day, in UTC as RFC 5545 wants a fixed alarm."""
    return clock.at(day + timedelta(days=days), time(9))
