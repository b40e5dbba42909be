"""What the pages about leave show: colleagues to choose from, own leaves, and leaves that help nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal import clock
from portal.people import kept, permissions
from portal.people.deputies import absence, may_stand_in, mayor_of, stand_ins
from portal.people.enums import Role
from portal.people.leave_rules import Plan, held_during, share
from portal.people.models import Leave, Membership, Person, grant_of
from portal.ui.formatting import dag

EARLIER = 10


@dataclass(frozen=True)
class Colleague:
    """Somebody who may be chosen as a deputy, with the roles that tell who it is."""

    person: Person
    label: str


def is_mayor(person: Person) -> bool:
    """Whether the person is burgemeester of a municipality now."""
    return bool(mayor_of(person.grants))


def colleagues(person: Person) -> list[Colleague]:
    """Everybody with a role, now or coming, in a place where this person has one; for a mayor the locos."""
    scopes = [grant.scope for grant in person.grants if grant.scope is not None]
    condition = Q(pk__in=[])
    for scope in scopes:
        condition |= Q(**scope.as_fields())
    rows = (
        Membership.objects.filter(condition, kept.not_over(clock.today()), person__is_active=True)
        .exclude(person=person)
        .select_related("person")
        .order_by("person__name", "person_id", "role")
    )
    if is_mayor(person):
        rows = rows.filter(role=Role.LOCO, municipality_id__in=mayor_of(person.grants))
    found: dict[Person, list[str]] = {}
    for row in rows:
        labels = found.setdefault(row.person, [])
        if (label := str(Role(row.role).label)) not in labels:
            labels.append(label)
    return [Colleague(one, f"{one.name} ({', '.join(labels)})") for one, labels in found.items()]


def shown_to(person: Person) -> "QuerySet[Leave]":
    """The leaves that this person may open: the own ones, and those in which the person stands in."""
    chained = [leave.pk for leave in absence(person).stands_in]
    rows = Leave.objects.filter(Q(person=person) | Q(deputy=person) | Q(pk__in=chained))
    return rows.select_related("person", "deputy", "announced_by")


def changeable_by(person: Person) -> "QuerySet[Leave]":
    """The leaves that this person may change: the own ones, and of the people whose beheerder it is."""
    today = clock.today()
    managed = kept.managed(person, Membership.objects.filter(kept.not_over(today)))
    mine = Q(person=person)
    if permissions.may_manage_people(person):
        mine |= Q(person__in=managed.values("person"))
    return Leave.objects.filter(mine).select_related("person", "deputy")


def not_over(rows: "QuerySet[Leave]") -> "QuerySet[Leave]":
    """Leaves that hold now or will."""
    return rows.filter(ended_at__isnull=True, ends_on__gte=clock.today())


@dataclass(frozen=True)
class Listed:
    """A leave in a list: its state in words, and why nothing goes along, if so."""

    leave: Leave
    state: str
    tone: str
    period: str
    trouble: str


def period(leave: Leave) -> str:
    """The days of a leave as people say them."""
    if leave.starts_on == leave.ends_on:
        return dag(leave.starts_on)
    return _("van %(start)s tot en met %(end)s") % {"start": dag(leave.starts_on), "end": dag(leave.ends_on)}


def _state(leave: Leave) -> tuple[str, str]:
    if leave.ended_at is not None and not leave.began:
        return _("ingetrokken"), "calm"
    if leave.is_over:
        return _("voorbij"), "calm"
    return (_("nu"), "info") if leave.began else (_("komt nog"), "calm")


def listed(leaves: Iterable[Leave]) -> list[Listed]:
    """These leaves for a list; at most four queries however many, and one for each further deputy."""
    rows = list(leaves)
    troubles = trouble([row for row in rows if not row.is_over])
    return [Listed(row, *_state(row), period(row), troubles.get(row.pk, "")) for row in rows]


def trouble(leaves: Sequence[Leave]) -> dict[Any, str]:
    """Why nothing goes along now, or on the first day, in these leaves that are not over; by leave id."""
    if not leaves:
        return {}
    today = clock.today()
    persons = {one for leave in leaves for one in (leave.person_id, leave.deputy_id)}
    last = max(leave.ends_on for leave in leaves)
    held = held_during(persons, today, last)
    running = [leave for leave in leaves if leave.began]
    chains = stand_ins([leave.person_id for leave in running], today) if running else {}
    found = {}
    for leave in leaves:
        day = max(leave.starts_on, today)
        absent, deputy = (_on(held[one], day) for one in (leave.person_id, leave.deputy_id))
        if leave.began and not chains.get(leave.person_id):
            found[leave.pk] = _("Er is nu niemand die vervangt. Kies een andere vervanger.")
        elif leave.began and chains[leave.person_id][0].pk != leave.deputy_id:
            continue
        elif not share(absent, deputy):
            found[leave.pk] = _(
                "De vervanger werkt hier niet meer; er gaat niets mee. Kies een andere vervanger."
            )
        elif not may_stand_in(map(grant_of, absent), map(grant_of, deputy)):
            found[leave.pk] = _("De vervanger is geen loco-burgemeester; er gaat niets mee. Kies een andere.")
    return found


def _on(rows: Iterable[Membership], day: date) -> list[Membership]:
    return [row for row in rows if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)]


def of_people(persons: Iterable[Any]) -> dict[Any, Listed]:
    """The present or next leave of each of these people, by person id."""
    rows = not_over(Leave.objects.filter(person__in=list(persons))).select_related("person", "deputy")
    first: dict[Any, Leave] = {}
    for row in rows.order_by("starts_on", "id"):
        first.setdefault(row.person_id, row)
    return {row.leave.person_id: row for row in listed(first.values())}


def on_first_day(plan: Plan) -> tuple[Person, Person]:
    """Person and deputy with the grants they have on the first day of a plan."""
    held = Membership.objects.granted([plan.person.pk, plan.deputy.pk], plan.first)
    found = Person.objects.in_bulk([plan.person.pk, plan.deputy.pk])
    for one in found.values():
        one.grants = held.get(one.pk, ())
    return found[plan.person.pk], found[plan.deputy.pk]


def away_too(plan: Plan) -> list[Listed]:
    """When the deputy is away as well during a plan, and who stands in then."""
    rows = Leave.objects.overlapping(plan.first, plan.ends_on).filter(person=plan.deputy)
    return [Listed(row, "", "", period(row), "") for row in rows.select_related("person", "deputy")]


def stops_on(plan: Plan) -> date | None:
    """The last day on which the deputy works together with the person, when that is before the end."""
    held = held_during([plan.person.pk, plan.deputy.pk], plan.first, plan.ends_on)
    scopes = {row.scope for row in held[plan.person.pk]}
    ends = [row.ends_on or plan.ends_on for row in held[plan.deputy.pk] if row.scope in scopes]
    last = max(ends, default=plan.ends_on)
    return last if last < plan.ends_on else None
