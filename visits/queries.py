"""What the pages of visits show."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from measures.tracking import queries as tracking
from measures.tracking.enums import ActionState, Origin
from measures.tracking.kinds import kind
from measures.tracking.models import TemplateVersion
from portal import clock
from portal.feeds import invitations
from portal.feeds.models import Invitation
from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.people.models import Membership, Person
from portal.planning.days import OfficeDays
from visits.calendars import VISITS
from visits.enums import Function
from visits.models import Companion, DateOption, Host, OptionAnswer, Visit
from visits.sight import KIND


def versions(person: Person) -> "QuerySet[TemplateVersion]":
    """The newest templates from which this person may start a visit."""
    return tracking.newest_versions(person).filter(template__kind=KIND).order_by("template__key", "pk")


def scopes_to_start(person: Person, version: TemplateVersion) -> list[tuple[Scope, str]]:
    """The municipalities where this person may start a visit; a visit is of one municipality."""
    return [(one, name) for one, name in tracking.scopes_to_start(person, version) if one.municipality_id]


def may_start(person: Person) -> bool:
    """Whether there is a municipality in which this person may start a visit; asks no query."""
    roles = kind(KIND).roles_start
    return any(one.municipality_id and one.role in roles for one in person.grants)


def hosts(person: Person) -> list[Host]:
    """The organisations that can be chosen."""
    return list(Host.objects.visible_to(person).offered().order_by("name", "id"))


def whole(person: Person) -> "QuerySet[Visit]":
    """The visits a person sees, with all that a page needs of them at hand."""
    return Visit.objects.visible_to(person).select_related(
        "measure__lead",
        "measure__template_version__template",
        "measure__municipality",
        "measure__driehoek",
        "host",
        "municipality",
        "driehoek",
    )


def accompanied(person: Person) -> "Any":
    """The visits on which a person comes along, with what the sheet for companions needs."""
    rows = Visit.objects.accompanied_by(person)
    return rows.select_related("measure__lead", "host", "municipality", "driehoek")


def seen(person: Person) -> "Any":
    """The visits this person sees, to look rows of them up by."""
    return Visit.objects.visible_to(person).order_by().values("pk")


def own_municipalities(person: Person) -> list[tuple[Any, str]]:
    """The municipalities in which this person may keep the register of hosts; asks no query."""
    roles = kind(KIND).roles_start
    found = {
        one.municipality_id: one.municipality_name
        for one in person.grants
        if one.municipality_id and one.role in roles
    }
    return sorted(found.items(), key=lambda one: one[1])


def people_to_bring(visit: Visit) -> list[tuple[Person, str]]:
    """Who may come along with an account: members of its scope, and of the driehoeken of a municipality.

    Each with what he or she is there. Who comes along already is left out.
    """
    if visit.municipality_id:
        of_it = Q(municipality=visit.municipality_id) | Q(driehoek__municipalities=visit.municipality_id)
    else:
        of_it = Q(driehoek=visit.driehoek_id)
    rows = Membership.objects.current(clock.today()).filter(of_it).select_related("person")
    along = set(visit.companions.current().values_list("person_id", flat=True))
    found: dict[Any, tuple[Person, str]] = {}
    for row in rows.order_by("person__name", "person_id", "role", "id"):
        if row.person_id not in along and row.role != Role.BURGEMEESTER:
            found.setdefault(row.person_id, (row.person, row.function or str(Role(row.role).label).lower()))
    return list(found.values())


@dataclass(frozen=True)
class Options:
    """The moments that were put to everybody, and what each says; `who` are (key, name), the host first."""

    options: list[DateOption]
    companions: list[Companion]
    who: list[tuple[str, str]]
    said: dict[tuple[Any, str], str]

    def rows(self) -> list[tuple[DateOption, list[tuple[str, str]], bool]]:
        """Each moment with (name, answer) of everybody, and whether nobody says no and all have answered."""
        found = []
        for option in self.options:
            cells = [(name, self.said.get((option.pk, key), "")) for key, name in self.who]
            suits = bool(cells) and all(answer in ("yes", "maybe") for _name, answer in cells)
            found.append((option, cells, suits))
        return found


HOST = "host"
# How many open actions the page of a visit shows.
SHOWN = 5


def options_of(visit: Visit) -> Options:
    """Two or three queries, however many there are."""
    options = list(visit.options.filter(withdrawn_at__isnull=True))
    companions = list(visit.companions.current().select_related("person"))
    if not options:
        return Options([], companions, [], {})
    who = [(HOST, visit.host.name if visit.host else str(_("Gastorganisatie")))]
    who += [(str(one.pk), one.who) for one in companions]
    rows = OptionAnswer.objects.filter(option__in=options).order_by("written_at", "id")
    said = {(one.option_id, str(one.companion_id or HOST)): one.answer for one in rows}
    return Options(options, companions, who, said)


@dataclass(frozen=True)
class Along:
    """Somebody who comes along or receives, with the invitation when there is one."""

    who: str
    as_what: str
    part: str
    companion: Companion | None
    invitation: Invitation | None


def along(visit: Visit, companions: list[Companion]) -> list[Along]:
    """The companions, and the contact of the host; one query for the invitations."""
    asked = list(invitations.of(VISITS, visit.pk))
    by_person = {one.person_id: one for one in asked if one.person_id}
    by_mail = {one.email: one for one in asked if one.email}
    found = [
        Along(
            one.who,
            str(Function(one.function).label),
            one.part,
            one,
            by_person.get(one.person_id) if one.person_id else by_mail.get(one.email),
        )
        for one in companions
    ]
    host = visit.host
    if host is not None and host.contact_name:
        as_what = ", ".join(part for part in (host.contact_function, host.name) if part)
        found.append(Along(host.contact_name, as_what, "", None, by_mail.get(host.contact_email.lower())))
    return found


@dataclass(frozen=True)
class Work:
    """The actions of a visit as this person sees them: what is open, the promises, how many are done."""

    open: list[tracking.Row]
    pledges: list[tracking.Row]
    done: int
    total: int

    @property
    def first(self) -> list[tracking.Row]:
        """Those that come first; the page of the measure has them all."""
        return self.open[:SHOWN]

    @property
    def rest(self) -> int:
        return max(0, len(self.open) - SHOWN)

    @property
    def open_pledges(self) -> int:
        return sum(row.action.is_unfinished for row in self.pledges)


def named_day(visit: Visit) -> str:
    """Why the office may be shut on the day of a visit to come: a holiday, closed day, weekend or recess."""
    if visit.day is None or not visit.is_ahead:
        return ""
    days = OfficeDays.of(visit.scope)
    return days.why_skipped(visit.day) or days.recess_on(visit.day)


def work_of(visit: Visit, person: Person) -> Work:
    """As the page of the measure reads them."""
    rows = [
        row for row in tracking.actions_of(visit.measure, person) if row.action.state != ActionState.DROPPED
    ]
    pledges = [row for row in rows if row.action.origin == Origin.PLEDGE]
    still = [row for row in rows if row.action.is_unfinished]
    far = clock.at(date(9999, 1, 1), time(0))
    still.sort(key=lambda row: (row.action.late_from or far, row.action.order))
    return Work(
        [row for row in still if row.action.origin != Origin.PLEDGE],
        pledges,
        len(rows) - len(still),
        len(rows),
    )
