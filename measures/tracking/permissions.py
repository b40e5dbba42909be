"""Who may do what with measures and actions; each docstring is the policy."""

from collections.abc import Iterator
from typing import Any

from measures.tracking.kinds import Kind, kind
from measures.tracking.models import Action, Measure
from portal.municipalities.models import Scope
from portal.people.deputies import absence, reaches
from portal.people.enums import Role, acts_as
from portal.people.models import Leave, Person

MAYOR = frozenset({Role.BURGEMEESTER, Role.LOCO})


def _roles(person: Person, row: Measure | Action) -> frozenset[Role]:
    """The person's roles in the row's scope that see its kind."""
    return person.roles_in(row.scope) & kind(row.kind).roles_see


def _leads(person: Person, measure: Measure) -> bool:
    return measure.lead_id == person.pk and bool(_roles(person, measure))


def _leaves(person: Person, row: Measure | Action) -> Iterator[Leave]:
    """The leaves in which the person stands in, where the person sees the row by an own membership.

    Leave never widens sight, and what is a burgemeester's goes to a loco of that municipality only.
    """
    if _roles(person, row):
        for leave in absence(person).stands_in:
            if could_stand_in(leave.person, person, row):
                yield leave


def could_stand_in(absent: Person, deputy: Person, row: Measure | Action) -> bool:
    """Whether a deputy of this person may act here: sees the row, and for a burgemeester is loco there."""
    return bool(_roles(deputy, row)) and reaches(absent, deputy, row.municipality_id)


def _holds(person: Person, action: Action) -> bool:
    return action.holder_person_id == person.pk or action.holder_role in _roles(person, action)


def absent_holder(person: Person, action: Action) -> Leave | None:
    """The leave because of which an action of somebody else lies with this person; no query per action.

    Whoever holds it personally or is a member of the holding role is away, and the person is neither.
    """
    if _holds(person, action):
        return None
    return next((leave for leave in _leaves(person, action) if _holds(leave.person, action)), None)


def absent_lead(person: Person, measure: Measure) -> Leave | None:
    """The leave because of which this person has the rights of the lead, who is away."""
    if _leads(person, measure):
        return None
    return next((leave for leave in _leaves(person, measure) if _leads(leave.person, measure)), None)


def _for_mayor(person: Person, row: Measure | Action) -> Any:
    """The mayor for whom a loco acts: the one who is on leave, else the office itself."""
    for leave in _leaves(person, row):
        if Role.BURGEMEESTER in leave.person.roles_in(row.scope):
            return leave.person_id
    return str(Role.BURGEMEESTER)


def in_whose_name(person: Person, row: Measure | Action) -> Any:
    """For whom the person does what the person may do here: a person id, "burgemeester", or None.

    What is the person's own work is done in the own name. What a holder or lead who is away would have
    done is done for that holder or lead, also by who might do it anyway, so that it can be handed back.
    What only the role of loco allows is done for the burgemeester.
    """
    roles = _roles(person, row)
    measure = row.measure if isinstance(row, Action) else row
    if isinstance(row, Action):
        if _holds(person, row):
            return None
        if leave := absent_holder(person, row):
            return leave.person_id
        if Role.LOCO in roles and row.holder_role == Role.BURGEMEESTER:
            return _for_mayor(person, row)
    if _leads(person, measure):
        return None
    if leave := absent_lead(person, measure):
        return leave.person_id
    return by_office(person, row)


def by_office(person: Person, row: Measure | Action) -> Any:
    """ "burgemeester" or the mayor's id when only the role of loco lets the person steer here; else None."""
    roles = _roles(person, row)
    steers = {Role.KABINET, Role.BURGEMEESTER} if isinstance(row, Action) else kind(row.kind).roles_start
    return _for_mayor(person, row) if Role.LOCO in roles and not roles & (steers - {Role.LOCO}) else None


def can_see_measure(person: Person, measure: Measure) -> bool:
    """A member of the measure's scope whose role sees its kind."""
    return bool(_roles(person, measure))


def can_start(person: Person, of: Kind, scope: Scope) -> bool:
    """Burgemeester, kabinet; adviseur OOV, secretaris, communicatie and beleid in kinds they see."""
    return bool(person.roles_in(scope) & of.roles_start)


def can_steer(person: Person, measure: Measure) -> bool:
    """Add an action, stop, complete, move an anchor: who may start this kind here, and the lead.

    While the lead is on leave the deputy too, who sees the measure by an own membership.
    """
    return (
        can_start(person, kind(measure.kind), measure.scope)
        or _leads(person, measure)
        or absent_lead(person, measure) is not None
    )


# Planning, changing and cancelling an appointment is steering the measure.
can_arrange = can_steer


def can_reopen_measure(person: Person, measure: Measure) -> bool:
    """Who may stop or complete it may also open it again, with a reason."""
    return can_steer(person, measure)


def can_finish(person: Person, action: Action) -> bool:
    """Finish, hand over, note, tick: the holder, a member of the holding role, the lead, kabinet.

    While one of the first three is on leave the deputy too, who sees the action by an own membership.
    """
    if action.holder_person_id == person.pk:
        return True
    roles = _roles(person, action)
    if not roles:
        return False
    return (
        Role.KABINET in roles
        or any(action.holder_role in acts_as(role) for role in roles)
        or action.measure.lead_id == person.pk
        or absent_holder(person, action) is not None
        or absent_lead(person, action.measure) is not None
    )


can_hand_over = can_finish
can_note = can_finish


def can_drop(person: Person, action: Action) -> bool:
    """Drop, reopen and pin: the lead, kabinet and burgemeester; while the lead is on leave the deputy too."""
    return (
        bool(_roles(person, action) & (MAYOR | {Role.KABINET}))
        or _leads(person, action.measure)
        or absent_lead(person, action.measure) is not None
    )


can_reopen = can_drop
can_pin = can_drop


def can_put_off(person: Person, action: Action) -> bool:
    """Hear about it later: who hears its ordinary reminders.

    The holder, a member of the holding role, and the deputy of one of these who is on leave.
    """
    return (
        _holds(person, action)
        or any(action.holder_role in acts_as(role) for role in _roles(person, action))
        or absent_holder(person, action) is not None
    )
