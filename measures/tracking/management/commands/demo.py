"""`manage.py demo`: lays the demonstration once; never in production."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from measures.tracking import demo
from portal.audit.record import origin


class Command(BaseCommand):
    help = "Legt de demonstratie klaar: twee verzonnen gemeenten met mensen en lopende maatregelen."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("De demonstratie bestaat alleen met DEMO=1 en nooit in productie.")
        origin.set("demo")
        demo.lay()
        (settings.VAR_DIR / "demo-people.txt").write_text(demo.people_text(), encoding="utf-8")
