"""Who may read how the portal speaks; the docstring is the policy."""

from portal.people.enums import Role
from portal.people.models import Person


def may_read_words(person: Person) -> bool:
    """All mails with invented content: the beheerders, who are asked about them."""
    return person.has_role(Role.BEHEERDER, Role.BEHEERDER_LANDELIJK)
