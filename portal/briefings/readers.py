"""Who reads a dagbrief, and of which places it tells: whoever does needs no mail about what stands in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.briefings.models import Timetable
from portal.municipalities.models import Driehoek, Scope
from portal.people.enums import Role
from portal.people.models import Person

DAGBRIEF = "dagbrief"
MAYORS = (Role.BURGEMEESTER, Role.LOCO)


@dataclass(frozen=True)
class Readers:
    """Where the dagbrief was switched off, and which driehoeken belong to which municipality."""

    off: frozenset[Any]
    driehoeken: frozenset[tuple[Any, Any]]

    def holds(self, person: Person, scope: Scope) -> bool:
        """Whether a dagbrief of this person tells of this scope; the person comes with the grants."""
        own = {one.municipality_id for one in person.grants if one.municipality_id and one.role in MAYORS}
        reads = own - self.off
        if scope.municipality_id is not None:
            return scope.municipality_id in reads
        is_of_it = any(one.driehoek_id == scope.driehoek_id and one.role in MAYORS for one in person.grants)
        return is_of_it and any((scope.driehoek_id, one) in self.driehoeken for one in reads)


NOBODY = Readers(frozenset(), frozenset())


def of(persons: Iterable[Person]) -> Readers:
    """The readers among these persons; two queries, and none when none of them is a burgemeester or loco."""
    grants = [one for person in persons for one in person.grants if one.role in MAYORS]
    if not grants:
        return NOBODY
    off = Timetable.objects.filter(
        document=DAGBRIEF, is_on=False, municipality__in={one.municipality_id for one in grants}
    ).values_list("municipality_id", flat=True)
    links = Driehoek.municipalities.through.objects.filter(
        driehoek__in={one.driehoek_id for one in grants if one.driehoek_id}
    ).values_list("driehoek_id", "municipality_id")
    return Readers(frozenset(off), frozenset(links))
