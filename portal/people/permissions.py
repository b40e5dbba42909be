"""Who may keep people, roles and invitations; each docstring is the policy."""

from portal.municipalities.models import Scope
from portal.people.enums import DRIEHOEK_ROLES, MUNICIPALITY_ROLES, Role
from portal.people.models import Person


def may_manage_people(person: Person) -> bool:
    """Open the page Mensen and the first steps: every beheerder, of a municipality or national."""
    return person.has_role(Role.BEHEERDER, Role.BEHEERDER_LANDELIJK)


def is_national(person: Person) -> bool:
    """The national beheerder keeps the people of municipalities, of driehoeken and of the portal itself."""
    return person.has_role(Role.BEHEERDER_LANDELIJK)


def is_beheerder_of(person: Person, scope: Scope | None) -> bool:
    """The beheerder of exactly this municipality."""
    return scope is not None and Role.BEHEERDER in person.roles_in(scope)


def can_manage(person: Person, scope: Scope | None) -> bool:
    """Invite, change and end roles in a scope: its beheerder, and the national beheerder everywhere.

    A beheerder reaches the own municipality only: never another one, a driehoek or a national role.
    """
    return is_national(person) or is_beheerder_of(person, scope)


def roles_in(scope: Scope | None) -> list[Role]:
    """The roles that can be given in a scope, in their order; without a scope the national one."""
    if scope is None:
        return [Role.BEHEERDER_LANDELIJK]
    fitting = MUNICIPALITY_ROLES if scope.municipality_id else DRIEHOEK_ROLES
    return [role for role in Role if role in fitting]


def can_give(person: Person, role: str, scope: Scope | None) -> bool:
    """Give a role: whoever keeps the people of the scope, and only a role that belongs there."""
    return can_manage(person, scope) and role in roles_in(scope)
