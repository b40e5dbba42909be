"""Who may keep the services over which urgent messages go; each docstring is the policy."""

from portal.mail.models import Gateway
from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.people.models import Person


def may_manage_channels(person: Person) -> bool:
    """Open the page Kanalen: every beheerder, of a municipality or national."""
    return person.has_role(Role.BEHEERDER, Role.BEHEERDER_LANDELIJK)


def can_manage_channel(person: Person, scope: Scope | None) -> bool:
    """Add, change, test and switch off a service: in a municipality its own beheerder and nobody else;
    of a driehoek and of the whole country the national beheerder."""
    if scope is not None and scope.municipality_id is not None:
        return Role.BEHEERDER in person.roles_in(scope)
    return person.has_role(Role.BEHEERDER_LANDELIJK)


def scope_of(gateway: Gateway) -> Scope | None:
    """Whose the service is; None for the whole country."""
    if gateway.municipality_id is None and gateway.driehoek_id is None:
        return None
    return Scope(gateway.municipality_id, gateway.driehoek_id)
