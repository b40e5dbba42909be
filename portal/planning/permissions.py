"""Who may keep closed days and recess; the docstring is the policy."""

from portal.people.enums import Role
from portal.people.models import Person


def may_manage_calendar(person: Person) -> bool:
    """Closed days and recess: the beheerder, of the own municipality only."""
    return person.has_role(Role.BEHEERDER)
