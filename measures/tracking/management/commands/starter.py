"""`manage.py starter`: the national lists and the national library; repeats without harm."""

from typing import Any

from django.core.management.base import BaseCommand

from measures.tracking import library
from portal.municipalities import starter


class Command(BaseCommand):
    help = "Legt gemeenten, telefoonnummers en de landelijke sjablonen klaar. Herhalen kan altijd."

    def handle(self, *args: Any, **options: Any) -> None:
        starter.lay()
        for path in library.library_files():
            version = library.publish(library.parse(path.read_text(encoding="utf-8")))
            self.stdout.write(f"{path.stem}: versie {version.number}")
