"""`manage.py begin`: the one-time link for the first beheerder of a municipality."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from portal import clock
from portal.audit.record import origin
from portal.municipalities.models import Municipality
from portal.people import actions as act
from portal.people.enums import Role
from portal.people.models import Membership


class Command(BaseCommand):
    help = "Maakt de eenmalige link waarmee de eerste beheerder van een gemeente binnenkomt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--municipality", required=True, metavar="GM0344", help="De CBS-code.")
        parser.add_argument("--email", required=True, help="Het werkadres van de eerste beheerder.")
        parser.add_argument("--name", default="", help="De naam; de beheerder kan die zelf verbeteren.")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError("Dit is geen e-mailadres. Schrijf het als naam@gemeente.nl.") from error
        municipality = self._municipality(options["municipality"].strip().upper())
        self._refuse_second(municipality)
        origin.set("command")
        link = act.invite_first(municipality=municipality, email=email, name=options["name"])
        self.stdout.write(f"Link voor de eerste beheerder van {municipality.name}, zeven dagen geldig:")
        self.stdout.write(link)

    def _municipality(self, code: str) -> Municipality:
        row = Municipality.objects.filter(code=code).select_related("successor").first()
        if row is None:
            raise CommandError(
                f"Gemeente {code} staat niet in de lijst. Gebruik de CBS-code, zoals GM0344, en voer "
                "eerst `manage.py starter` uit."
            )
        if row.valid_until is not None and row.valid_until < clock.today():
            now = f"; gebruik {row.successor.code} ({row.successor.name})" if row.successor else ""
            raise CommandError(f"Gemeente {row.name} bestaat niet meer sinds {row.valid_until}{now}.")
        return row

    def _refuse_second(self, municipality: Municipality) -> None:
        here = Membership.objects.current(clock.today()).filter(
            municipality=municipality, role=Role.BEHEERDER
        )
        if here.exists():
            raise CommandError(
                f"{municipality.name} heeft al een beheerder. Die nodigt anderen uit op de pagina Mensen."
            )
