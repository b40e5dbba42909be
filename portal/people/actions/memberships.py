"""Changing and ending a role, and handing on what its person still held."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q

from portal import clock
from portal.audit.record import record, text_change
from portal.people import leaving
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.enums import Role
from portal.people.models import Membership, Person
from portal.people.places import fields_of

_KEEPERS = frozenset({Role.BEHEERDER, Role.BEHEERDER_LANDELIJK})


class LastBeheerder(Exception):
    """The only beheerder would leave the place without one."""


def _is_last(membership: Membership, until: date) -> bool:
    """Whether after the day `until` nobody else would keep the people of this place.

    All keepers of the place are locked first: two who leave at the same moment go one by one.
    """
    if membership.role not in _KEEPERS:
        return False
    keepers = Membership.objects.filter(role=membership.role, **fields_of(membership))
    list(keepers.select_for_update().order_by("pk").values_list("pk", flat=True))
    others = keepers.current(clock.today()).exclude(person_id=membership.person_id)
    return not others.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=until)).exists()


def _set(membership: Membership, version: int | None, **fields: object) -> None:
    """Compare-and-set on a membership that was not ended; counts the version up."""
    seen = membership.version if version is None else version
    rows = Membership.objects.filter(pk=membership.pk, version=seen, ended_at__isnull=True)
    if rows.update(version=F("version") + 1, **fields) != 1:
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(membership, name, value)
    membership.version = seen + 1


@transaction.atomic
def change_membership(
    *,
    by: Person,
    membership: Membership,
    function: str,
    starts_on: date,
    ends_on: date | None,
    version: int | None = None,
) -> None:
    """Change the function or the period. Nobody plans the own end as the last beheerder of a place."""
    if ends_on is not None and membership.person_id == by.pk and _is_last(membership, ends_on):
        raise LastBeheerder
    old = (membership.starts_on, membership.ends_on)
    _set(membership, version, function=function.strip(), starts_on=starts_on, ends_on=ends_on)
    record(
        "membership.changed",
        by=by,
        about=membership,
        scope=membership.scope,
        changes={"starts_on": (old[0], starts_on), "ends_on": (old[1], ends_on)}
        | text_change("function", function.strip()),
    )


@transaction.atomic
def end_membership(
    *,
    by: Person,
    membership: Membership,
    hand_over: bool,
    to: Person | None = None,
    version: int | None = None,
) -> int:
    """End a role at once, and hand on what its person holds here; returns how much found a new holder.

    `to` None is whoever leads each; `hand_over` False leaves it with somebody who stays. The last
    beheerder of a place cannot end the own role.
    """
    if membership.person_id == by.pk and _is_last(membership, clock.today()):
        raise LastBeheerder
    now = clock.now()
    _set(membership, version, ended_at=now)
    count = _hand_on(by, membership, to) if hand_over else 0
    record(
        "membership.ended",
        by=by,
        about=membership,
        scope=membership.scope,
        changes={"ended_at": (None, now), "person": membership.person_id, "handed_on": count},
    )
    return count


@transaction.atomic
def hand_on(*, by: Person, membership: Membership, to: Person | None) -> int:
    """Hand on what somebody without a role here still holds; returns how much found a new holder."""
    count = _hand_on(by, membership, to)
    record(
        "membership.handed_on",
        by=by,
        about=membership,
        scope=membership.scope,
        changes={"person": membership.person_id, "handed_on": count},
    )
    return count


def _hand_on(by: Person, membership: Membership, to: Person | None) -> int:
    return leaving.hand_on(by=by, person=membership.person, scope=membership.scope, to=to)
