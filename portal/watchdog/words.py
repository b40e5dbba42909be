"""What the watchdog says of each part: what stands still, what happens meanwhile, where to look first."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """The sentences about one part; `name` also stands in the subject.

    `command` is for an installation under systemd as in the handbook, `log` for one under `make run`.
    """

    name: str | Promise
    is_so: str | Promise
    meanwhile: str | Promise
    command: str
    log: str


_NOTHING_GOES = _("Er gaan geen herinneringen, opschalingen en mails uit. Wat klaarstaat gaat alsnog uit.")

WORDS: Mapping[str, Words] = {
    "database": Words(
        _("de database"),
        _("De database antwoordt niet."),
        _("Niemand kan in het portaal werken. Er gaan geen herinneringen, opschalingen en mails uit."),
        "systemctl status postgresql",
        "web.log",
    ),
    "broker": Words(
        _("de broker"),
        _("De broker (Redis of Valkey) antwoordt niet."),
        _NOTHING_GOES,
        "systemctl status redis",
        "broker.log",
    ),
    "beat": Words(
        _("de klok"),
        _("De klok van het portaal (beat) geeft geen teken meer."),
        _NOTHING_GOES,
        "systemctl status portaal-beat",
        "beat.log",
    ),
    "worker": Words(
        _("de worker"),
        _("De worker neemt geen werk meer aan."),
        _NOTHING_GOES,
        "systemctl status portaal-worker",
        "worker.log",
    ),
    "sweep": Words(
        _("de controle op herinneringen"),
        _("De controle op herinneringen begint wel, maar komt niet af."),
        _("Er gaan geen herinneringen en opschalingen uit. Wat klaarstaat gaat alsnog uit."),
        "journalctl -u portaal-worker",
        "worker.log",
    ),
    "reminders": Words(
        _("een herinnering"),
        _("Minstens één herinnering had al uit moeten zijn en blijft liggen."),
        _("Wie erover moet horen, hoort het nog niet. Andere herinneringen gaan wel uit."),
        "journalctl -u portaal-worker --grep reminder_failed",
        "worker.log",
    ),
    "mail": Words(
        _("de mail"),
        _("Minstens één mail had al weg moeten zijn en blijft liggen."),
        _("Herinneringen en uitnodigingen komen misschien niet aan."),
        "journalctl -u portaal-worker --grep mail_",
        "worker.log",
    ),
    "papers": Words(
        _("het nakijken van stukken"),
        _("Minstens één stuk wacht al te lang om nagekeken te worden."),
        _("Niemand kan het stuk openen. Misschien antwoordt de virusscanner niet."),
        "journalctl -u portaal-worker --grep paper_",
        "worker.log",
    ),
}
