"""Who comes along: bringing somebody, inviting, taking somebody off; and the contact of the host."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from measures.tracking.actions.changed import bound_key
from portal import clock
from portal.feeds import invitations
from portal.feeds.models import Invitation
from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.people.models import Membership, Person
from visits.actions.changed import change_row, held, note
from visits.calendars import VISITS
from visits.enums import Function
from visits.models import Companion, Host, Visit

# What a function in a driehoek is called, by which the portal knows who usually comes along.
_KNOWN = ((Function.OVJ, "officier"), (Function.TEAMCHEF, "teamchef"))


def companions_of_driehoek(scope: Scope) -> list[tuple[str, Person]]:
    """The officieren van justitie and teamchefs of the driehoeken of a municipality, now."""
    rows = Membership.objects.current(clock.today()).filter(
        role=Role.DRIEHOEK_LID, driehoek__municipalities=scope.municipality_id
    )
    found: dict[Any, tuple[str, Person]] = {}
    for row in rows.select_related("person").order_by("person__name", "id"):
        for function, word in _KNOWN:
            if word in row.function.lower():
                found.setdefault(row.person_id, (function, row.person))
    return list(found.values())


def bring(
    *,
    by: Person,
    visit: Visit,
    function: str,
    person: Person | None = None,
    name: str = "",
    email: str = "",
    part: str = "",
    key: str = "",
) -> Companion:
    """Write a companion down; who comes along already stays as he or she is.

    Somebody without an account is known by name and address. The same one-time key leads to whom it
    brought before, also after he or she was taken off.
    """
    create_key = bound_key(key, by, visit.pk) if key else None
    made: Companion | None = visit.companions.filter(create_key=create_key).first() if key else None
    if made is not None:
        return made
    mine = {"person": person, "name": "", "email": ""}
    if person is None:
        mine |= {"name": name.strip(), "email": email.strip().lower()}
    already: Companion | None = visit.companions.current().filter(**mine).first()
    if already is not None:
        return already
    last = visit.companions.aggregate(last=Max("order"))["last"]
    companion: Companion = Companion.objects.create(
        visit=visit,
        order=0 if last is None else last + 1,
        function=function,
        part=part.strip(),
        create_key=create_key,
        **mine,
    )
    note(
        "companion.added",
        by=by,
        visit=visit,
        person=(None, companion.person_id),
        function=(None, function),
    )
    return companion


@transaction.atomic
def add_companion(*, by: Person, visit: Visit, invites: bool = False, **facts: Any) -> Companion:
    """Bring somebody along, and invite at once when that is wanted and the visit has a day to come."""
    held(visit)
    companion = bring(by=by, visit=visit, **facts)
    if invites and not companion.ended_at and visit.is_ahead and visit.is_dated and not visit.has_begun:
        _invite(by, visit, [companion])
    return companion


@transaction.atomic
def change_companion(
    *, by: Person, companion: Companion, function: str, part: str, version: int | None = None
) -> None:
    """Change in what function somebody comes along, or what he or she does that day."""
    held(companion.visit)
    old = companion.function
    rows = Companion.objects.filter(ended_at__isnull=True)
    change_row(rows, companion, version=version, function=function, part=part.strip())
    note("companion.changed", by=by, visit=companion.visit, function=(old, function))


@transaction.atomic
def end_companion(*, by: Person, companion: Companion, version: int | None = None) -> None:
    """Take somebody off the visit: the sheet closes at once, and an invitation is withdrawn."""
    held(companion.visit)
    now = clock.now()
    change_row(Companion.objects.filter(ended_at__isnull=True), companion, version=version, ended_at=now)
    note("companion.ended", by=by, visit=companion.visit, person=(companion.person_id, None))
    if companion.person_id is not None:
        for row in invitations.of(VISITS, companion.visit_id).filter(person=companion.person_id):
            invitations.withdraw(by=by, invitation=row)
    let_go(by=by, visit=companion.visit)


def _host(visit: Visit) -> Host | None:
    """The host as it is now: who shows the visit may have read it before it became another."""
    return Host.objects.filter(visits=visit.pk).first()


def let_go(*, by: Person, visit: Visit) -> None:
    """Withdraw the invitations to addresses of nobody who comes along or receives any more."""
    host = _host(visit)
    kept = {host.contact_email.lower()} if host else set()
    kept |= set(visit.companions.current().values_list("email", flat=True))
    for row in invitations.of(VISITS, visit.pk).filter(person=None):
        if row.email not in kept:
            invitations.withdraw(by=by, invitation=row)


@transaction.atomic
def invite_everybody(*, by: Person, visit: Visit) -> list[Invitation]:
    """Invite who comes along and the contact of the host, as far as they were not asked already."""
    held(visit)
    host = _host(visit)
    guests = []
    if host is not None and host.contact_email:
        guests = [invitations.Guest(host.contact_name or host.name, host.contact_email)]
    return _invite(by, visit, list(visit.companions.current().select_related("person")), guests)


def _invite(
    by: Person, visit: Visit, companions: list[Companion], guests: list[invitations.Guest] | None = None
) -> list[Invitation]:
    outside = [invitations.Guest(one.name, one.email) for one in companions if one.email]
    return invitations.invite(
        by=by,
        key=VISITS,
        object_id=visit.pk,
        scope=visit.scope,
        persons=[one.person for one in companions if one.person is not None],
        guests=[*outside, *(guests or [])],
    )
