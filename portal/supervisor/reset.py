"""Laying the demo anew: what it made goes, and the preparation makes it again."""

import shutil

from django.conf import settings

from portal.supervisor.notes import Notes
from portal.supervisor.serve import Refused, new_watch, prepare
from portal.supervisor.watch import say

# Secrets, logs and collected files stay.
_DATA = (
    *("portaal.sqlite3", "portaal.sqlite3-wal", "portaal.sqlite3-shm"),
    *("papieren", "postvak", "broker", "demo-people.txt", "watchdog.json", "watchdog-contacts.json"),
)


def reset() -> int:
    """Wipe the demo and lay it again; data that no demo made is left alone."""
    if not settings.DEMO:
        raise Refused("dit portaal is geen demo, dus er is niets gewist.")
    notes = Notes(settings.VAR_DIR)
    if (settings.VAR_DIR / "portaal.sqlite3").exists() and not notes.get("demo"):
        raise Refused("hier staan eigen gegevens en geen demo, dus er is niets gewist.")
    # Noted before the first file goes: a reset that is cut short can be done again.
    notes.put("demo", "begun")
    for name in _DATA:
        path = settings.VAR_DIR / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    watch = new_watch({})
    heard = prepare(watch)
    if heard is not None:
        say("Gestopt; de demo is niet af. Voer make demo-reset opnieuw uit.")
        return 1
    say("De demo staat opnieuw klaar. Start met: make run")
    return 0
