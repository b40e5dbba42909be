"""Who may do what with visits; each docstring is the policy."""

from measures.tracking import permissions as tracking
from measures.tracking.kinds import kind
from portal.municipalities.models import Scope
from portal.people.models import Person
from visits.models import Host, Visit
from visits.sight import KIND


def can_change(person: Person, visit: Visit) -> bool:
    """Programme, companions, day, briefing, consents, life: whoever steers the measure of the visit."""
    return tracking.can_steer(person, visit.measure)


def can_resume(person: Person, visit: Visit) -> bool:
    """Take up again: who may reopen the measure."""
    return tracking.can_reopen_measure(person, visit.measure)


def can_start(person: Person, scope: Scope) -> bool:
    """Who may start this kind there; the registers of hosts are kept by the same."""
    return tracking.can_start(person, kind(KIND), scope)


def can_keep_host(person: Person, host: Host) -> bool:
    """Who may start a visit in the scope of the host."""
    return can_start(person, host.scope)
