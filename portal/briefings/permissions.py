"""Who reads the briefings of the office and who keeps their timetables; each docstring is the policy."""

from typing import Any

from portal.briefings.office import OFFICE_ROLES, own_offices
from portal.briefings.readers import MAYORS
from portal.people.enums import Role
from portal.people.models import Person


def reads_briefings(person: Person) -> bool:
    """The list and the pages: burgemeester, loco in the period of the membership, and kabinet."""
    return bool(own_offices(person, *OFFICE_ROLES))


def is_mayor_in(person: Person, municipality_id: Any) -> bool:
    """An own copy of the dagbrief: burgemeester and loco of that municipality."""
    return municipality_id in own_offices(person, *MAYORS)


def may_keep_timetables(person: Person) -> bool:
    """When briefings come: the beheerder, of the own municipality only; not what they say."""
    return person.has_role(Role.BEHEERDER)
