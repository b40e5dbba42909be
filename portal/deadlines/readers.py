"""Who hears a reminder: the ladder from holder to lead to role to beheerder, as it stands at this moment."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db.models import Q

from portal import clock
from portal.deadlines.models import Reminder
from portal.deadlines.sources import Source, Subject
from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.people.models import Membership, Person

log = structlog.get_logger("portal.deadlines")


@dataclass(frozen=True)
class Said:
    """What one person must hear about one reminder, by mail or only in the portal."""

    reminder: Reminder
    subject: Subject
    person: Person
    name: str
    by_mail: bool = True


class People:
    """Who is who at this moment for one batch: members of roles, leads, holders, and what each may see."""

    def __init__(self, now: datetime, source: Source, subjects: Sequence[Subject]) -> None:
        self._source = source
        self._objects = [subject.object_id for subject in subjects]
        self._seen: dict[Any, set[Any]] = {}
        self._members: dict[tuple[Scope | None, str], list[Person]] = defaultdict(list)
        scopes = {subject.scope for subject in subjects}
        for membership in (
            Membership.objects.current(now.astimezone(clock.AMSTERDAM).date())
            .filter(
                Q(municipality_id__in=[s.municipality_id for s in scopes if s.municipality_id])
                | Q(driehoek_id__in=[s.driehoek_id for s in scopes if s.driehoek_id])
                | Q(role=Role.BEHEERDER_LANDELIJK)
            )
            .select_related("person")
            .order_by("person_id")
        ):
            group = self._members[membership.scope, membership.role]
            if membership.person not in group:
                group.append(membership.person)
        wanted = {one.lead_id for one in subjects} | {one.holder_person_id for one in subjects}
        self._persons = Person.objects.filter(is_active=True).in_bulk([pk for pk in wanted if pk])

    def _may_see(self, person: Person, subject: Subject) -> bool:
        if person.pk not in self._seen:
            self._seen[person.pk] = self._source.visible(person, self._objects)
        return subject.object_id in self._seen[person.pk]

    def _reachable(
        self, persons: Sequence[Person], subject: Subject, *, by_mail: bool = True
    ) -> list[Person]:
        """Those of them who may see it now and, for a mail, whose address still takes mail."""
        return [
            one
            for one in persons
            if (one.mail_refused_at is None or not by_mail) and self._may_see(one, subject)
        ]

    def holders(self, subject: Subject) -> list[Person]:
        if subject.holder_person_id:
            one = self._persons.get(subject.holder_person_id)
            return self._reachable([one] if one else [], subject)
        return self._reachable(self._role(subject.scope, subject.holder_role), subject)

    def lead(self, subject: Subject) -> list[Person]:
        """The lead, as long as the lead may still see it."""
        one = self._persons.get(subject.lead_id)
        return self._reachable([one] if one else [], subject)

    def second(self, subject: Subject, *, by_mail: bool) -> list[Person]:
        """The members of the role that hears when holder and lead did not act."""
        return self._reachable(self._role(subject.scope, subject.escalates_to), subject, by_mail=by_mail)

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


def who_hears(people: People, row: Reminder, subject: Subject) -> list[Said]:
    """The ladder; a rung with nobody on it escalates at once, and the last one is never silent."""
    if row.rule not in ("lead", "role"):
        if holders := people.holders(subject):
            return [Said(row, subject, one, "reminder") for one in holders]
        if lead := people.lead(subject):
            return [Said(row, subject, one, "no_holder") for one in lead]
    if row.rule == "lead":
        lead = people.lead(subject)
        holders = people.holders(subject)
        if others := [one for one in lead if one not in holders]:
            return [Said(row, subject, one, "escalated") for one in others]
        if lead:
            return []  # the lead holds it and heard as the holder; the role hears next
    # The mayor reads it in the portal and the dagbrief, not in yet another mail.
    by_mail = subject.escalates_to != Role.BURGEMEESTER
    if second := people.second(subject, by_mail=by_mail):
        return [Said(row, subject, one, "escalated", by_mail) for one in second]
    admins = people.admins(subject)
    if not admins:
        log.error("nobody_left_to_tell", reminder=str(row.pk))
    return [Said(row, subject, one, "role_empty") for one in admins]
