"""Who can be reached today and who is away: members and leaves, and what a rota adds once there is one."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal import clock
from portal.briefings.office import DAY, WEEK, Edition
from portal.briefings.registry import Audience, Line, Section, sections
from portal.municipalities.models import Scope
from portal.people.deputies import stand_ins
from portal.people.enums import Role
from portal.people.models import Leave, Membership
from portal.ui.formatting import dag, datum_kort, moment
from portal.ui.registry import Registry

# Whom a mayor asks for first, in this order.
ROLES = (Role.BURGEMEESTER, Role.LOCO, Role.KABINET, Role.PIKET, Role.ADVISEUR_OOV)
# How many names a role has where there is most room; halved with it.
NAMES = 4


@dataclass(frozen=True)
class OnDuty:
    """Somebody who is on duty: for what, until when, and who comes after."""

    what: str
    who: str
    until: datetime | None = None
    after: str = ""


@dataclass(frozen=True)
class Rota:
    """A rota that knows who is on duty in a scope at a moment."""

    key: str
    order: int
    on_duty: Callable[[Scope, datetime], Sequence[OnDuty]]


rotas: Registry[Rota] = Registry("Rota")


@dataclass(frozen=True)
class Person:
    """A role and who fill it today, with who stands in."""

    role: str
    who: str


@dataclass(frozen=True)
class Watch:
    """A line of a rota in words."""

    what: str
    who: str


@dataclass(frozen=True)
class Reachable:
    people: list[Person]
    watches: list[Watch]
    has_rota: bool
    lines: list[Line]
    changes_at: datetime


def reachable(audience: Audience, subject: Edition, as_of: datetime) -> Reachable:
    """Who fill the roles today, with deputies; and who is on duty, if a rota knows it."""
    today = clock.day_of(as_of)
    rows = Membership.objects.current(today).in_scope(subject.scope).filter(role__in=ROLES)
    filled: dict[str, list[Any]] = defaultdict(list)
    for row in rows.select_related("person").order_by("person__name", "id"):
        filled[row.role].append(row.person)
    everybody = {one.pk for persons in filled.values() for one in persons}
    away = {row.person_id: row for row in Leave.objects.on(today).filter(person__in=everybody)}
    deputies = stand_ins(everybody, today) if away else {}

    def named(one: Any) -> str:
        if one.pk not in away:
            return str(one.name)
        who = deputies.get(one.pk) or []
        until = f"{one.name} is weg tot en met {dag(away[one.pk].ends_on)}"
        return f"{until}, {who[0].name} vervangt" if who else f"{until}, niemand vervangt"

    people = []
    for role in ROLES:
        # Who is there stands before who is away.
        names = [named(one) for one in sorted(filled.get(str(role), []), key=lambda one: one.pk in away)]
        if names:
            most = max(1, NAMES * subject.rows // 8)
            more = f" en nog {len(names) - most}" if len(names) > most else ""
            people.append(Person(str(role.label), ", ".join(names[:most]) + more))
    found = [one for rota in rotas for one in rota.on_duty(subject.scope, as_of)]
    watches = [Watch(one.what, _until(one)) for one in found]
    lines = [Line(one.role, one.role, {"wie": one.who}) for one in people]
    lines += [Line(f"rota:{one.what}", one.what, {"wie": one.who}) for one in watches]
    ends = [one.until for one in found if one.until is not None and one.until > as_of]
    return Reachable(people, watches, len(rotas) > 0, lines, min([*ends, clock.end_of(today)]))


def _until(one: OnDuty) -> str:
    words = [one.who]
    if one.until is not None:
        words.append(f"tot {moment(one.until)}")
    if one.after:
        words.append(f"daarna {one.after}")
    return ", ".join(words)


@dataclass(frozen=True)
class Gone:
    """Somebody who is away for a part of the week."""

    who: str
    when: str
    deputy: str


@dataclass(frozen=True)
class Away:
    rows: list[Gone]
    lines: list[Line]


def away(audience: Audience, subject: Edition, as_of: datetime) -> Away:
    """Who of this municipality is away in this week, and who was asked to stand in."""
    first, last = subject.period, subject.ends_on
    members = Membership.objects.current(subject.today).in_scope(subject.scope).values("person")
    leaves = Leave.objects.overlapping(first, last).filter(person__in=members)
    rows = [
        (row, Gone(row.person.name, _days(row.starts_on, row.ends_on), row.deputy.name))
        for row in leaves.select_related("person", "deputy").order_by("starts_on", "person__name", "id")
    ]
    lines = [
        Line(str(leave.pk), one.who, {"dagen": one.when, "vervanger": one.deputy}) for leave, one in rows
    ]
    return Away([one for _leave, one in rows], lines)


def _days(first: date, last: date) -> str:
    return datum_kort(first) if first == last else f"{datum_kort(first)} tot en met {datum_kort(last)}"


def register() -> None:
    """Register the sections; called once when the app is ready."""
    sections.register(Section("reachable", (DAY,), 30, reachable, "Wie is bereikbaar"))
    sections.register(Section("away", (WEEK,), 60, away, "Wie is er niet"))
