"""Who stands in for whom on a day: the one place that follows a deputy who is away to the next deputy."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from portal import clock
from portal.people.enums import Role
from portal.people.models import Grant, Leave, Membership, Person


@dataclass(frozen=True)
class Absence:
    """What leaves mean for one person on one day: the own leave, and those in which the person stands in."""

    own: Leave | None
    stands_in: tuple[Leave, ...] = ()


def mayor_of(grants: Iterable[Grant]) -> frozenset[Any]:
    """The municipalities in which somebody with these grants is burgemeester."""
    return _municipalities(grants, Role.BURGEMEESTER)


def loco_of(grants: Iterable[Grant]) -> frozenset[Any]:
    """The municipalities in which somebody with these grants is loco-burgemeester."""
    return _municipalities(grants, Role.LOCO)


def _municipalities(grants: Iterable[Grant], role: Role) -> frozenset[Any]:
    return frozenset(one.municipality_id for one in grants if one.role == role and one.municipality_id)


def may_stand_in(absent: Iterable[Grant], deputy: Iterable[Grant]) -> bool:
    """A burgemeester is replaced by a loco of a municipality of hers or his only (Gemeentewet 77)."""
    offices = mayor_of(absent)
    return not offices or bool(offices & loco_of(deputy))


def reaches(absent: Person, deputy: Person, municipality_id: Any) -> bool:
    """Whether standing in reaches what is of this municipality: of a burgemeester's, a loco's only.

    Both come with their grants, so this asks the database nothing.
    """
    return municipality_id not in mayor_of(absent.grants) - loco_of(deputy.grants)


def stand_ins(person_ids: Collection[Any], on: date) -> dict[Any, list[Person]]:
    """Who stands in for each of these persons who is on leave on that day (Europe/Amsterdam).

    A deputy who is away that day too is followed to the next deputy; whoever is away or inactive is
    left out, and so is a deputy of a burgemeester who is no loco there: nobody left is an empty list.
    Persons who are not on leave are not in the mapping. One query when nobody is on leave, else two,
    and one more for each deputy who is away too.
    """
    ids = set(person_ids)
    leaves = _leaves_of(ids, on) if ids else {}
    absent = ids & leaves.keys()
    if not absent:
        return {}
    grants = _offices({leave.person_id for leave in leaves.values()}, leaves.values(), on)
    return {
        one: [
            deputy
            for deputy in _chain(one, leaves)
            if may_stand_in(grants.get(one, ()), grants.get(deputy.pk, ()))
        ]
        for one in absent
    }


def _leaves_of(ids: set[Any], on: date) -> dict[Any, Leave]:
    """The leave on that day of each of these persons and of the deputies after them, by who is away."""
    found: dict[Any, Leave] = {}
    known: set[Any] = set()
    unknown = ids
    while unknown:
        # Two links of a chain at once: most deputies are there.
        deputies = Leave.objects.on(on).filter(person__in=unknown).values("deputy")
        rows = Leave.objects.on(on).filter(Q(person__in=unknown) | Q(person__in=deputies))
        found |= {row.person_id: row for row in rows.select_related("deputy").order_by("id")}
        known |= unknown | {found[one].deputy_id for one in unknown if one in found}
        unknown = {row.deputy_id for row in found.values()} - known
    return found


def _chain(person_id: Any, leaves: dict[Any, Leave]) -> list[Person]:
    """The deputy who is there, through those who are away themselves; a circle leads to nobody."""
    seen: set[Any] = set()
    while person_id in leaves and person_id not in seen:
        seen.add(person_id)
        deputy = leaves[person_id].deputy
        if deputy.pk not in leaves:
            return [deputy] if deputy.is_active else []
        person_id = deputy.pk
    return []


def _offices(ids: set[Any], leaves: Iterable[Leave], on: date) -> dict[Any, tuple[Grant, ...]]:
    """Which of these persons and of the deputies in the leaves is burgemeester or loco somewhere."""
    everybody = ids | {leave.deputy_id for leave in leaves}
    return Membership.objects.filter(role__in=[Role.BURGEMEESTER, Role.LOCO]).granted(everybody, on)


def absence(person: Person) -> Absence:
    """The person's own leave and whom the person stands in for now; read once per loaded person."""
    known: Absence | None = person.__dict__.get("_absence")
    if known is None:
        # Reading the grants told already whether any leave concerns the person: nearly always none.
        none = person.grants and person.knows_no_leave
        known = Absence(None) if none else absence_of(person, clock.today())
        person.__dict__["_absence"] = known
    return known


def absence_of(person: Person, on: date) -> Absence:
    """The leave of this person and the leaves in which the person stands in on that day.

    One query for who has nothing to do with leaves; the persons who are away come with their grants.
    """
    rows = _joined(Leave.objects.on(on).filter(Q(person=person) | Q(deputy=person)))
    own = next((row for row in rows if row.person_id == person.pk), None)
    if own is not None or not person.is_active:
        return Absence(own)
    found, new = list(rows), rows
    while new:
        # Whoever relied on somebody who is away now relies on this person.
        known = {row.person_id for row in found}
        new = _joined(
            Leave.objects.on(on)
            .filter(deputy__in=[row.person_id for row in new])
            .exclude(person__in=known | {person.pk})
        )
        found += new
    if not found:
        return Absence(None)
    held = Membership.objects.granted([row.person_id for row in found] + [person.pk], on)
    for row in found:
        row.person.grants = held.get(row.person_id, ())
    mine = held.get(person.pk, ())
    return Absence(None, tuple(row for row in found if may_stand_in(row.person.grants, mine)))


def _joined(rows: Any) -> list[Leave]:
    return list(rows.select_related("person", "deputy").order_by("ends_on", "id"))


def deputises_for(person: Person, on: date) -> list[Leave]:
    """The leaves in which this person stands in on that day, directly or for a deputy who is away too."""
    return list(absence_of(person, on).stands_in)
