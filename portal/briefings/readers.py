"""Who reads a dagbrief, and of which places it tells: whoever does needs no mail about what stands in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.briefings.models import Timetable
from portal.deadlines.models import Choices
from portal.municipalities.models import Driehoek, Scope
from portal.people.enums import Role
from portal.people.models import Person

DAGBRIEF = "dagbrief"
MAYORS = (Role.BURGEMEESTER, Role.LOCO)


@dataclass(frozen=True)
class Readers:
    """Where the dagbrief is off, which driehoeken belong to which municipality, who wants no mail."""

    off: frozenset[Any]
    driehoeken: frozenset[tuple[Any, Any]]
    silent: frozenset[Any] = frozenset()

    def holds(self, person: Person, scope: Scope) -> bool:
        """Whether a dagbrief of this person tells of this scope; the person comes with the grants.

        Not where no mail says that it is there: who gets none of ordinary things hears an escalation.
        """
        if person.pk in self.silent:
            return False
        own = {one.municipality_id for one in person.grants if one.municipality_id and one.role in MAYORS}
        reads = own - self.off
        if scope.municipality_id is not None:
            return scope.municipality_id in reads
        is_of_it = any(one.driehoek_id == scope.driehoek_id and one.role in MAYORS for one in person.grants)
        return is_of_it and any((scope.driehoek_id, one) in self.driehoeken for one in reads)


NOBODY = Readers(frozenset(), frozenset())


def of(persons: Iterable[Person]) -> Readers:
    """The readers among these persons; three queries, and none when nobody is a burgemeester or loco."""
    mayors = [one for one in persons if any(grant.role in MAYORS for grant in one.grants)]
    if not mayors:
        return NOBODY
    grants = [one for person in mayors for one in person.grants if one.role in MAYORS]
    silent = Choices.objects.filter(person__in=mayors, by_mail=False).values_list("person_id", flat=True)
    off = Timetable.objects.filter(
        document=DAGBRIEF, is_on=False, municipality__in={one.municipality_id for one in grants}
    ).values_list("municipality_id", flat=True)
    links = Driehoek.municipalities.through.objects.filter(
        driehoek__in={one.driehoek_id for one in grants if one.driehoek_id}
    ).values_list("driehoek_id", "municipality_id")
    return Readers(frozenset(off), frozenset(links), frozenset(silent))
