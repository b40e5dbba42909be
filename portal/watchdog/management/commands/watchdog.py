"""`manage.py watchdog`: sees that the engine stands still, and mails it without the engine."""

import sys
from contextlib import suppress
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.watchdog.look import look
from portal.watchdog.rounds import Outcome, Watchdog, now_and_then, once
from portal.watchdog.tell import tell
from portal.watchdog.words import WORDS

log = structlog.get_logger("portal.watchdog")

SENTENCES = {
    Outcome.WELL: "Alles werkt.",
    Outcome.TOLD: "Er staat iets stil en de beheerder weet het: %(parts)s.",
    Outcome.NOT_TOLD: "Er is iets te melden en geen enkele mail ging weg: %(parts)s.",
}


class Command(BaseCommand):
    help = (
        "Kijkt of de klok, de worker, de broker, de database en de mail werken, en mailt de beheerder als er "
        "iets stilstaat. Met --once: 0 = alles werkt, 1 = er staat iets stil en de beheerder weet het, "
        "2 = er is iets te melden en de mail ging niet weg."
    )
    # What must speak when something is broken does not first ask whether everything is right.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Kijk één keer, voor een timer van systemd.")
        parser.add_argument(
            "--every",
            type=float,
            default=settings.WATCHDOG_SECONDS,
            metavar="SECONDEN",
            help="Hoe vaak; standaard WATCHDOG_SECONDS.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["every"] <= 0:
            raise CommandError("Kies met --every een aantal seconden boven nul.")
        watchdog = Watchdog(settings.VAR_DIR, look, tell)
        if not options["once"]:
            with suppress(KeyboardInterrupt):
                now_and_then(watchdog, options["every"])
            return
        try:
            outcome = once(watchdog)
        except Exception:
            # A round that breaks off told nobody; Python's own exit code would say that it did.
            log.error("watchdog_crashed", exc_info=True)
            sys.exit(Outcome.NOT_TOLD)
        self.stdout.write(SENTENCES[outcome] % {"parts": _names(watchdog)})
        sys.exit(outcome)


def _names(watchdog: Watchdog) -> str:
    """The parts that this round was about."""
    if watchdog.decision is None:
        return ""
    parts = [*(finding.part for finding in watchdog.decision.standing), *watchdog.decision.working]
    return ", ".join(str(WORDS[part].name) for part in parts)
