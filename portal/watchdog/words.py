"""What the watchdog says of each part: what stands still, what happens meanwhile, where to look first."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """The sentences about one part; `name` also stands in the subject."""

    name: str | Promise
    is_so: str | Promise
    meanwhile: str | Promise
    look_at: str | Promise


_NOTHING_GOES = _("Er gaan geen herinneringen, opschalingen en mails uit. Wat klaarstaat gaat alsnog uit.")

WORDS: Mapping[str, Words] = {
    "database": Words(
        _("de database"),
        _("De database antwoordt niet."),
        _("Niemand kan in het portaal werken. Er gaan geen herinneringen, opschalingen en mails uit."),
        _("systemctl status postgresql (bij make run: log/web.log in VAR_DIR)"),
    ),
    "broker": Words(
        _("de broker"),
        _("De broker (Redis of Valkey) antwoordt niet."),
        _NOTHING_GOES,
        _("systemctl status redis (bij make run: log/broker.log in VAR_DIR)"),
    ),
    "beat": Words(
        _("de klok"),
        _("De klok van het portaal (beat) geeft geen teken meer."),
        _NOTHING_GOES,
        _("systemctl status portaal-beat (bij make run: log/beat.log in VAR_DIR)"),
    ),
    "worker": Words(
        _("de worker"),
        _("De worker neemt geen werk meer aan."),
        _NOTHING_GOES,
        _("systemctl status portaal-worker (bij make run: log/worker.log in VAR_DIR)"),
    ),
    "sweep": Words(
        _("de controle op herinneringen"),
        _("De controle op herinneringen begint wel, maar komt niet af."),
        _("Er gaan geen herinneringen en opschalingen uit. Wat klaarstaat gaat alsnog uit."),
        _("journalctl -u portaal-worker (bij make run: log/worker.log in VAR_DIR)"),
    ),
    "reminders": Words(
        _("een herinnering"),
        _("Minstens één herinnering had al uit moeten zijn en blijft liggen."),
        _("Wie erover moet horen, hoort het nog niet. Andere herinneringen gaan wel uit."),
        _("journalctl -u portaal-worker, zoek op reminder_failed (bij make run: log/worker.log in VAR_DIR)"),
    ),
    "mail": Words(
        _("de mail"),
        _("Minstens één mail had al weg moeten zijn en blijft liggen."),
        _("Herinneringen en uitnodigingen komen misschien niet aan."),
        _("journalctl -u portaal-worker, zoek op mail_ (bij make run: log/worker.log in VAR_DIR)"),
    ),
}
