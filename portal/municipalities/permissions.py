"""Who may keep the register of telephone numbers; the docstring is the policy."""

from portal.people.enums import Role
from portal.people.models import Person


def may_edit_numbers(person: Person) -> bool:
    """Change a number or note that it was checked: the national beheerder. Everybody may read them."""
    return person.has_role(Role.BEHEERDER_LANDELIJK)
