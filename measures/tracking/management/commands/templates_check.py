"""`manage.py templates_check FILE…`: says whether a step file can be published."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures.tracking import library


class Command(BaseCommand):
    help = "Controleert sjabloonbestanden; zonder bestand de hele landelijke bibliotheek."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="*", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        problems = 0
        for path in options["file"] or library.library_files():
            try:
                text = path.read_text(encoding="utf-8")
                found = library.check(library.parse(text))
            except (OSError, UnicodeDecodeError) as error:
                found = [f"Het bestand is niet te lezen: {error}."]
            except library.BadTemplate as error:
                found = error.problems
            for sentence in found:
                self.stdout.write(f"{path}: {sentence}")
            problems += len(found)
        if problems:
            raise CommandError(f"{problems} dingen om te herstellen.")
        self.stdout.write("In orde.")
