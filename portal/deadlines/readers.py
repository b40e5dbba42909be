"""Who hears a reminder: the ladder from holder to lead to role to beheerder, as it stands at this moment."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from django.db.models import Q

from portal import clock
from portal.briefings import readers
from portal.deadlines.models import Choices, Reminder, Silence
from portal.deadlines.plan import SECOND_PERSON
from portal.deadlines.sources import Source, Subject
from portal.deadlines.speaking import Habits, Weight
from portal.municipalities.models import Scope
from portal.people.deputies import reaches, stand_ins
from portal.people.enums import Role
from portal.people.models import Membership, Person
from portal.planning.days import OfficeDays
from portal.planning.models import ClosedDay

log = structlog.get_logger("portal.deadlines")


@dataclass(frozen=True)
class Hearer:
    """Who hears for somebody on a rung of the ladder: that person, or the deputy."""

    person: Person
    for_id: Any

    @property
    def stands_in(self) -> bool:
        return bool(self.person.pk != self.for_id)


@dataclass(frozen=True)
class Said:
    """What one person must hear about one reminder, by mail or only in the portal."""

    reminder: Reminder
    subject: Subject
    person: Person
    name: str
    by_mail: bool = True
    stands_in: bool = False

    @property
    def weight(self) -> Weight:
        if self.reminder.urgent:
            return Weight.URGENT
        return Weight.ORDINARY if self.name == "reminder" else Weight.ESCALATION


class People:
    """Who is who at this moment for one batch: members, leads, holders, deputies, and what each may see.

    Reads a fixed number of queries; only a source without `sight` costs one more for each person and scope.
    """

    def __init__(self, now: datetime, source: Source, subjects: Sequence[Subject]) -> None:
        self._source = source
        self._today = now.astimezone(clock.AMSTERDAM).date()
        self._objects: dict[Scope, list[Any]] = defaultdict(list)
        for subject in subjects:
            self._objects[subject.scope].append(subject.object_id)
        self._seen: dict[tuple[Any, Scope], set[Any]] = {}
        self._sights: dict[Any, Callable[[Subject], bool]] = {}
        self._habits: dict[Any, Habits] = {}
        self._members: dict[tuple[Scope | None, str], list[Person]] = defaultdict(list)
        self._load_members(subjects)
        self._load_silences(subjects)
        self._closed = self._load_closed_days()
        self._dagbrief = readers.of(self._persons.values()) if _climbs_to_mayor(subjects) else readers.NOBODY

    def _load_members(self, subjects: Sequence[Subject]) -> None:
        scopes = {subject.scope for subject in subjects}
        everybody: dict[Any, Person] = {}
        for membership in (
            Membership.objects.current(self._today)
            .filter(
                Q(municipality_id__in=[s.municipality_id for s in scopes if s.municipality_id])
                | Q(driehoek_id__in=[s.driehoek_id for s in scopes if s.driehoek_id])
                | Q(role=Role.BEHEERDER_LANDELIJK)
            )
            .select_related("person")
            .order_by("person_id")
        ):
            person = everybody.setdefault(membership.person_id, membership.person)
            group = self._members[membership.scope, membership.role]
            if person not in group:
                group.append(person)
        wanted = {one.lead_id for one in subjects} | {one.holder_person_id for one in subjects}
        self._persons = everybody | Person.objects.filter(is_active=True).in_bulk(
            [pk for pk in wanted if pk and pk not in everybody]
        )
        self._away = stand_ins(list(self._persons), self._today)
        deputies = {one.pk: one for chain in self._away.values() for one in chain}
        self._persons = deputies | self._persons
        self._away = {pk: [self._persons[one.pk] for one in chain] for pk, chain in self._away.items()}
        held = Membership.objects.granted(list(self._persons), self._today)
        for pk, person in self._persons.items():
            person.grants = held.get(pk, ())
        self._choices = Choices.objects.in_bulk(list(self._persons))

    def _load_closed_days(self) -> dict[Any, dict[date, str]]:
        """The closed days of everybody's one own municipality; recess is no closed day."""
        own = {pk for person in self._persons.values() if (pk := _own_municipality(person))}
        found: dict[Any, dict[date, str]] = defaultdict(dict)
        for pk, day, name in ClosedDay.objects.filter(
            municipality_id__in=own, day__gte=self._today
        ).values_list("municipality_id", "day", "name"):
            found[pk][day] = name
        return found

    def _load_silences(self, subjects: Sequence[Subject]) -> None:
        self._silences = set(
            Silence.objects.filter(
                source=self._source.key,
                object_id__in=[one.object_id for one in subjects],
                until__gt=self._today,
            ).values_list("object_id", "person_id")
        )

    def _may_see(self, person: Person, subject: Subject) -> bool:
        if self._source.sight is not None:
            if person.pk not in self._sights:
                self._sights[person.pk] = self._source.sight(person)
            return self._sights[person.pk](subject)
        key = (person.pk, subject.scope)
        if key not in self._seen:
            self._seen[key] = self._source.visible(person, self._objects[subject.scope])
        return subject.object_id in self._seen[key]

    def _reached(self, person: Person, subject: Subject, *, by_mail: bool) -> bool:
        return (person.mail_refused_at is None or not by_mail) and self._may_see(person, subject)

    def _reachable(
        self, persons: Iterable[Person], subject: Subject, *, by_mail: bool = True
    ) -> list[Hearer]:
        """Those of them who may see it now and, for a mail, whose address still takes mail.

        Somebody on leave is heard for by the first deputy who may see it; what no deputy may see
        stays with the person.
        """
        found: dict[Any, Hearer] = {}
        for one in persons:
            deputy = next(
                (
                    d
                    for d in self._away.get(one.pk, [])
                    if reaches(one, d, subject.scope.municipality_id)
                    and self._reached(d, subject, by_mail=by_mail)
                ),
                None,
            )
            if deputy is not None:
                found.setdefault(deputy.pk, Hearer(deputy, one.pk))
            elif self._reached(one, subject, by_mail=by_mail):
                found[one.pk] = Hearer(one, one.pk)
        return list(found.values())

    def holders(self, subject: Subject) -> list[Hearer]:
        if subject.holder_person_id:
            one = self._persons.get(subject.holder_person_id)
            return self._reachable([one] if one else [], subject)
        return self._reachable(self._role(subject.scope, subject.holder_role), subject)

    def is_holder(self, person_id: Any, subject: Subject) -> bool:
        """Whether this person holds it now, personally or by a role."""
        if subject.holder_person_id:
            return bool(subject.holder_person_id == person_id)
        return any(one.pk == person_id for one in self._role(subject.scope, subject.holder_role))

    def lead(self, subject: Subject) -> list[Hearer]:
        """The lead, as long as the lead may still see it."""
        one = self._persons.get(subject.lead_id)
        return self._reachable([one] if one else [], subject)

    def second(self, subject: Subject, *, urgent: bool) -> list[tuple[Hearer, bool]]:
        """The members of the role that hears when holder and lead did not act, and whether by mail.

        A mayor who gets a dagbrief reads it there and in the portal, not in yet another mail; urgent is
        urgent. Where no dagbrief comes, the mail does.
        """
        role = self._role(subject.scope, subject.escalates_to)
        if subject.escalates_to != Role.BURGEMEESTER or urgent:
            return [(one, True) for one in self._reachable(role, subject)]
        found = self._reachable(role, subject, by_mail=False)
        return [(one, not self._dagbrief.holds(one.person, subject.scope)) for one in found]

    def _role(self, scope: Scope, role: str) -> list[Person]:
        found = list(self._members.get((scope, role), []))
        if role == Role.BURGEMEESTER:
            # The loco acts for the mayor during the period of the membership.
            found += [one for one in self._members.get((scope, Role.LOCO), []) if one not in found]
        return found

    def admins(self, subject: Subject) -> list[Person]:
        """The last rung: the municipality's beheerder, else the national one; who takes mail goes first."""
        for group in (
            self._members.get((subject.scope, Role.BEHEERDER), []),
            self._members.get((None, Role.BEHEERDER_LANDELIJK), []),
        ):
            if reachable := [one for one in group if one.mail_refused_at is None]:
                return reachable
        return []

    def is_silent(self, person: Person, subject: Subject) -> bool:
        """Whether this person asked to hear about it later."""
        return (subject.object_id, person.pk) in self._silences

    def habits(self, person: Person) -> Habits:
        """When this person hears what is not urgent; office days are those of the one own municipality."""
        if person.pk not in self._habits:
            days = OfficeDays(closed=self._closed.get(_own_municipality(person), {}))
            self._habits[person.pk] = Habits.of(self._choices.get(person.pk), days)
        return self._habits[person.pk]


def _climbs_to_mayor(subjects: Iterable[Subject]) -> bool:
    return any(one.escalates_to == Role.BURGEMEESTER for one in subjects)


def _own_municipality(person: Person) -> Any:
    """The municipality of somebody who has exactly one, else None."""
    own = {grant.municipality_id for grant in person.grants if grant.municipality_id}
    return own.pop() if len(own) == 1 else None


def still_due(row: Reminder, subject: Subject) -> bool:
    """Whether the reminder speaks of the due that the object has now."""
    if row.rule.startswith(("to:", "later:")) or (row.rule.startswith("re:") and not row.due_key):
        return True
    return (row.due_on, row.due_at) == (subject.due_on, subject.due_at)


def who_hears(people: People, row: Reminder, subject: Subject) -> list[Said] | None:
    """The ladder; a rung with nobody on it escalates at once. None when there is nobody left at all."""
    if row.rule not in SECOND_PERSON:
        found = _holders_hear(people, row, subject)
        if found is not None:
            return found
        if lead := people.lead(subject):
            return [_said(row, subject, one, "no_holder") for one in lead]
    elif row.rule == "lead":
        found = _lead_hears(people, row, subject)
        if found is not None:
            return found
    second = people.second(subject, urgent=row.urgent)
    said = [
        _said(row, subject, one, "escalated", by_mail=by_mail and one.person.mail_refused_at is None)
        for one, by_mail in second
    ]
    reads = row.rule == "role" and any(one.person.mail_refused_at is None for one in said)
    if reads or any(one.by_mail for one in said):
        return said
    # Nobody gets a mail: holder and lead cannot be reached, and the second reads it in the portal only.
    said += [Said(row, subject, one, "role_empty") for one in people.admins(subject)]
    if not said:
        log.error("nobody_left_to_tell", reminder=str(row.pk))
        return None
    return said


def _holders_hear(people: People, row: Reminder, subject: Subject) -> list[Said] | None:
    """What the holder hears, or the deputy; None when the holder cannot be reached."""
    holders = people.holders(subject)
    if row.rule.startswith("later:"):
        if not people.is_holder(row.holder_person_id, subject):
            return []  # it was handed over since
        holders = [one for one in holders if one.for_id == row.holder_person_id]
    if not holders:
        return None
    is_due_anyway = row.urgent or row.rule.startswith(("to:", "later:"))
    return [
        _said(row, subject, one, "reminder")
        for one in holders
        if is_due_anyway or not people.is_silent(one.person, subject)
    ]


def _lead_hears(people: People, row: Reminder, subject: Subject) -> list[Said] | None:
    """What the lead hears; nothing when the lead heard as the holder; None when there is no lead to reach."""
    lead = people.lead(subject)
    heard = {one.person.pk for one in people.holders(subject) if not people.is_silent(one.person, subject)}
    if not lead:
        return None
    return [_said(row, subject, one, "escalated") for one in lead if one.person.pk not in heard]


def _said(row: Reminder, subject: Subject, one: Hearer, name: str, *, by_mail: bool = True) -> Said:
    return Said(row, subject, one.person, name, by_mail, one.stands_in)
