"""Who may do what with measures and actions; each docstring is the policy."""

from measures.tracking.kinds import Kind, kind
from measures.tracking.models import Action, Measure
from portal.municipalities.models import Scope
from portal.people.enums import Role, acts_as
from portal.people.models import Person

MAYOR = frozenset({Role.BURGEMEESTER, Role.LOCO})


def _roles(person: Person, row: Measure | Action) -> frozenset[Role]:
    """The person's roles in the row's scope that see its kind."""
    return person.roles_in(row.scope) & kind(row.kind).roles_see


def _leads(person: Person, measure: Measure) -> bool:
    return measure.lead_id == person.pk and bool(_roles(person, measure))


def can_see_measure(person: Person, measure: Measure) -> bool:
    """A member of the measure's scope whose role sees its kind."""
    return bool(_roles(person, measure))


def can_start(person: Person, of: Kind, scope: Scope) -> bool:
    """Burgemeester, kabinet; adviseur OOV, secretaris, communicatie and beleid in kinds they see."""
    return bool(person.roles_in(scope) & of.roles_start)


def can_steer(person: Person, measure: Measure) -> bool:
    """Add an action, stop, complete, move an anchor: who may start this kind here, and the lead."""
    return can_start(person, kind(measure.kind), measure.scope) or _leads(person, measure)


def can_reopen_measure(person: Person, measure: Measure) -> bool:
    """Who may stop or complete it may also open it again, with a reason."""
    return can_steer(person, measure)


def can_finish(person: Person, action: Action) -> bool:
    """Finish, hand over, note, tick: the holder, a member of the holding role, the lead, kabinet."""
    if action.holder_person_id == person.pk:
        return True
    roles = _roles(person, action)
    if not roles:
        return False
    return (
        Role.KABINET in roles
        or any(action.holder_role in acts_as(role) for role in roles)
        or action.measure.lead_id == person.pk
    )


can_hand_over = can_finish
can_note = can_finish


def can_drop(person: Person, action: Action) -> bool:
    """Drop, reopen and pin: the lead, kabinet and burgemeester."""
    roles = _roles(person, action)
    return bool(roles & (MAYOR | {Role.KABINET})) or (bool(roles) and action.measure.lead_id == person.pk)


can_reopen = can_drop
can_pin = can_drop


def can_put_off(person: Person, action: Action) -> bool:
    """Hear about it later: who hears its ordinary reminders, the holder or a member of the holding role."""
    if action.holder_person_id:
        return bool(action.holder_person_id == person.pk)
    return any(action.holder_role in acts_as(role) for role in _roles(person, action))
