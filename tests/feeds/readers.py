"""Two readers of calendars that are not ours: the icalendar library, and ical.js in a real Chromium.

As a program (`python -m tests.feeds.readers <browser> <arguments>`) it reads a list of calendars from its input, lets ical.js
parse them, and writes what that found. A process of its own, because a browser and a database cannot
be driven from one thread.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "tests" / "vendor" / "ical.min.js"


@dataclass(frozen=True)
class Entry:
    """One event as a reader understood it: moments in UTC, days as days, both as text."""

    uid: str
    sequence: int
    summary: str
    starts: str
    ends: str
    status: str
    place: str
    alarms: tuple[str, ...]
    method: str
    organizer: str
    attendees: tuple[str, ...]


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else ""


def _alarm(part: Any, starts: Any) -> str:
    when = part["TRIGGER"].dt
    return _text(starts + when if isinstance(when, timedelta) else when)


def by_icalendar(text: str | bytes) -> list[Entry]:
    """What the Python library reads."""
    found = icalendar.Calendar.from_ical(text)
    entries = []
    for part in found.walk("VEVENT"):
        assert not part.errors
        starts = part["DTSTART"].dt
        people = part.get("ATTENDEE", [])
        entries.append(
            Entry(
                str(part["UID"]),
                int(part["SEQUENCE"]),
                str(part["SUMMARY"]),
                _text(starts),
                _text(part["DTEND"].dt) if "DTEND" in part else _text(starts),
                str(part["STATUS"]),
                str(part.get("LOCATION", "")),
                tuple(_alarm(one, starts) for one in part.walk("VALARM")),
                str(found.get("METHOD", "")),
                str(part.get("ORGANIZER", "")),
                tuple(str(one) for one in (people if isinstance(people, list) else [people])),
            )
        )
    return entries


def by_icaljs(*texts: str | bytes) -> list[list[Entry]]:
    """What ical.js reads of each calendar; as Thunderbird and Nextcloud do."""
    from tests.conftest import BROWSERS, QUIET

    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("geen Chromium gevonden")
    plain = [one.decode() if isinstance(one, bytes) else one for one in texts]
    done = subprocess.run(
        [sys.executable, "-m", "tests.feeds.readers", browser, *QUIET],
        input=json.dumps(plain),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [
        [Entry(**one | {name: tuple(one[name]) for name in ("alarms", "attendees")}) for one in entries]
        for entries in json.loads(done.stdout)
    ]


READ = """texts => texts.map(text => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const utc = time => time.isDate ? time.toString() : time.convertToZone(ICAL.Timezone.utcTimezone).toString();
  return calendar.getAllSubcomponents("vevent").map(part => {
    const event = new ICAL.Event(part);
    const alarms = part.getAllSubcomponents("valarm").map(alarm => {
      const when = alarm.getFirstPropertyValue("trigger");
      if (when.icalclass === "icaltime") return utc(when);
      const moment = event.startDate.clone();
      moment.addDuration(when);
      return utc(moment);
    });
    return {
      uid: event.uid,
      sequence: event.sequence,
      summary: event.summary,
      starts: utc(event.startDate),
      ends: utc(event.endDate),
      status: part.getFirstPropertyValue("status"),
      place: event.location || "",
      alarms,
      method: calendar.getFirstPropertyValue("method") || "",
      organizer: event.organizer || "",
      attendees: event.attendees.map(one => one.getFirstValue()),
    };
  });
})"""


def main() -> None:
    """Parse what comes in with ical.js, in Chromium."""
    path, *arguments = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        # Another zone than ours, so that no hour is right by luck.
        page = browser.new_context(timezone_id="America/New_York").new_page()
        page.add_script_tag(path=str(SOURCE))
        sys.stdout.write(json.dumps(page.evaluate(READ, json.load(sys.stdin))))
        browser.close()


if __name__ == "__main__":
    main()
