"""The invented people of the demo and the tests: two municipalities and one driehoek."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from portal import clock
from portal.municipalities.models import Driehoek, Municipality, Scope, VeiligThuis
from portal.people.enums import Role
from portal.people.models import Membership, Person

PASSWORD = "voorbeeld-wachtwoord-2026"  # noqa: S105 - of invented people


@dataclass(frozen=True)
class Part:
    """One person of the cast with the memberships: (role, where, function)."""

    key: str
    name: str
    mailbox: str
    memberships: tuple[tuple[Role, str, str], ...]

    @property
    def email(self) -> str:
        return f"{self.mailbox}.example"


A, B, D = "voorbeeldstad", "voorbeelddorp", "driehoek"

CAST = (
    Part(
        "burgemeester_a",
        "M. van Dijk",
        "burgemeester@voorbeeldstad",
        ((Role.BURGEMEESTER, A, ""), (Role.BURGEMEESTER, D, "burgemeester")),
    ),
    Part("loco_a", "J. Peters", "loco@voorbeeldstad", ((Role.LOCO, A, "wethouder zorg"),)),
    Part("kabinet_a", "N. Vos", "kabinet@voorbeeldstad", ((Role.KABINET, A, ""),)),
    Part("oov_a", "S. de Wit", "oov@voorbeeldstad", ((Role.ADVISEUR_OOV, A, ""),)),
    Part("communicatie_a", "L. Bakker", "communicatie@voorbeeldstad", ((Role.COMMUNICATIE, A, ""),)),
    Part("beleid_a", "F. Aydin", "zorgenveiligheid@voorbeeldstad", ((Role.BELEID_ZV, A, "beleidsadviseur"),)),
    Part("piket_a", "R. Bakker", "piket@voorbeeldstad", ((Role.PIKET, A, ""),)),
    Part("receptie_a", "T. Smit", "receptie@voorbeeldstad", ((Role.RECEPTIE, A, ""),)),
    Part("beheerder_a", "K. Jansen", "beheer@voorbeeldstad", ((Role.BEHEERDER, A, ""),)),
    Part(
        "secretaris",
        "E. de Boer",
        "secretaris@driehoek",
        ((Role.DRIEHOEK_SECRETARIS, D, "driehoekssecretaris"),),
    ),
    Part("ovj", "O. Jacobs", "ovj@om", ((Role.DRIEHOEK_LID, D, "officier van justitie"),)),
    Part("teamchef", "P. Visser", "teamchef@politie", ((Role.DRIEHOEK_LID, D, "teamchef politie"),)),
    Part("burgemeester_b", "A. Mulder", "burgemeester@voorbeelddorp", ((Role.BURGEMEESTER, B, ""),)),
    Part("kabinet_b", "I. Hoekstra", "kabinet@voorbeelddorp", ((Role.KABINET, B, ""),)),
    Part("landelijk", "G. Meijer", "landelijk@portaal", ((Role.BEHEERDER_LANDELIJK, "", ""),)),
)


@transaction.atomic
def lay_scopes() -> dict[str, Scope]:
    """The two invented municipalities and their driehoek; safe to repeat."""
    veilig_thuis, _ = VeiligThuis.objects.get_or_create(
        code="VTXX", defaults={"name": "Veilig Thuis Voorbeeldregio", "region": "Voorbeeldregio"}
    )
    made = {}
    for code, name, inhabitants in (
        ("GM9001", "Voorbeeldstad", 84_000),
        ("GM9002", "Voorbeelddorp", 19_000),
    ):
        row, _ = Municipality.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "province": "Voorbeeldland",
                "safety_region": "Voorbeeldregio",
                "police_unit": "Voorbeeld-Nederland",
                "arrondissement": "Voorbeeldland",
                "veilig_thuis": veilig_thuis,
                "inhabitants": inhabitants,
            },
        )
        made[name.lower()] = row
    driehoek, _ = Driehoek.objects.get_or_create(name="Driehoek Voorbeeldstad", defaults={"kind": "lokaal"})
    driehoek.municipalities.add(made[A], made[B])
    return {A: Scope(made[A].pk), B: Scope(made[B].pk), D: Scope(driehoek_id=driehoek.pk)}


@transaction.atomic
def lay_people(scopes: dict[str, Scope], *, since: date | None = None) -> dict[str, Person]:
    """The cast with their memberships; safe to repeat."""
    since = since or clock.today() - timedelta(days=60)
    people = {}
    for part in CAST:
        person = Person.objects.filter(email=part.email).first() or Person.objects.create_person(
            email=part.email, name=part.name, password=PASSWORD
        )
        people[part.key] = person
        for role, where, function in part.memberships:
            Membership.objects.get_or_create(
                person=person,
                role=str(role),
                **(scopes[where].as_fields() if where else {}),
                defaults={"starts_on": since, "function": function},
            )
    return people


CAST_BY_KEY = {part.key: part for part in CAST}
