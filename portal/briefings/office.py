"""The briefings of a mayor's office: the dagbrief, the weekly overview and the quarterly letter.

Each is about one municipality in one period. The dagbrief has a copy for each burgemeester and loco, which
may hold rows of the reader's driehoeken, and one for the office, which holds the municipality's rows only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from portal import clock
from portal.briefings.models import Briefing
from portal.briefings.readers import DAGBRIEF, MAYORS
from portal.briefings.registry import Audience, Document, document, documents
from portal.briefings.rhythm import Every, Rhythm
from portal.municipalities.models import Driehoek, Municipality, Scope
from portal.people.enums import Role
from portal.people.models import Grant, Membership, Person
from portal.planning.days import OfficeDays
from portal.ui.formatting import dag, datum

DAY, WEEK, QUARTER = DAGBRIEF, "weekoverzicht", "kwartaalbrief"
OFFICE_ROLES = (*MAYORS, Role.KABINET)
OFFICE = Audience("kabinet", "het kabinet", frozenset({Role.KABINET}))
QUARTERS = ("eerste", "tweede", "derde", "vierde")


@dataclass(frozen=True)
class Edition:
    """One briefing of one municipality in one period, for one reader or for the office."""

    municipality: Municipality
    document: str
    period: date
    today: date
    reader: Person | None = None
    # How much room the lists have: 8 is the most, with 1 each has one row.
    rows: int = 8
    # On the page nothing has to fit on an A4: the lists are whole there.
    on_screen: bool = False
    days: OfficeDays = field(default_factory=lambda: OfficeDays(closed={}))

    @property
    def title(self) -> str:
        if self.document == DAY:
            return "Dagbrief burgemeester"
        if self.document == WEEK:
            return f"Weekoverzicht week {self.period.isocalendar().week}"
        return f"Voortgangsbrief {QUARTERS[(self.reported.month - 1) // 3]} kwartaal {self.reported.year}"

    @property
    def kind(self) -> str:
        """The days it is about."""
        if self.document == DAY:
            return f"{datum(self.period)} {self.period.year}" if self._is_this_year else datum(self.period)
        if self.document == WEEK:
            last = self.period + timedelta(days=6)
            return f"{datum(self.period)} tot en met {datum(last)}"
        return f"over {dag(self.reported)} tot en met {dag(self.period - timedelta(days=1))}"

    @property
    def _is_this_year(self) -> bool:
        return self.period.year == clock.today().year

    @property
    def reported(self) -> date:
        """The first day of the quarter before this one: what a quarterly letter looks back on."""
        return Rhythm(Every.QUARTER).begins(self.period - timedelta(days=1))

    @property
    def ends_on(self) -> date:
        """The last day of the period."""
        if self.document == DAY:
            return self.period
        if self.document == WEEK:
            return self.period + timedelta(days=6)
        return Rhythm(Every.QUARTER).begins(self.period + timedelta(days=100)) - timedelta(days=1)

    @property
    def scope(self) -> Scope:
        return Scope(self.municipality.pk)

    @property
    def scope_name(self) -> str:
        return f"Gemeente {self.municipality.name}"

    @property
    def url(self) -> str:
        return reverse("briefings:now", args=[self.document, self.municipality.pk])

    @cached_property
    def driehoeken(self) -> list[Any]:
        """The driehoeken of this municipality in which the reader is burgemeester or loco now, by key."""
        if self.reader is None:
            return []
        own = driehoeken_of(self.reader.grants)
        return list(
            Driehoek.objects.filter(pk__in=own, municipalities=self.municipality).values_list("pk", flat=True)
        )

    @property
    def scopes(self) -> list[Scope]:
        """Whose rows this copy may hold."""
        return [self.scope, *(Scope(driehoek_id=pk) for pk in self.driehoeken)]

    @cached_property
    def mayors(self) -> list[Person]:
        """The reader; in the copy of the office everybody who is burgemeester or loco here now."""
        if self.reader is not None:
            return [self.reader]
        rows = Membership.objects.current(self.today).in_scope(self.scope).filter(role__in=MAYORS)
        return [row.person for row in rows.select_related("person").order_by("person__name", "id")]

    @property
    def reads_loco(self) -> bool:
        """Whether the work of the role loco is this reader's too."""
        return self.reader is None or Role.LOCO in self.reader.roles_in(self.scope)


def driehoeken_of(grants: Iterable[Grant]) -> list[Any]:
    """The driehoeken in which somebody with these grants is burgemeester or loco."""
    return [one.driehoek_id for one in grants if one.driehoek_id and one.role in MAYORS]


def own_offices(person: Person, *roles: Role) -> list[Any]:
    """The municipalities in which the person has one of these roles, by key; asks the database nothing."""
    found = {one.municipality_id for one in person.grants if one.municipality_id and one.role in roles}
    return sorted(found, key=str)


def edition(
    key: str, municipality: Municipality, reader: Person | None, period: date | None = None
) -> Edition:
    """The briefing of this period, or of the one that holds today."""
    of, today = document(key), clock.today()
    assert of.rhythm is not None
    days = OfficeDays.of_municipality(municipality.pk)
    return Edition(municipality, key, period or of.rhythm.begins(today), today, reader, days=days)


def of_row(row: Briefing) -> Edition | None:
    """The subject of a briefing as it is now; None when its reader has no such role any more."""
    municipality = Municipality.objects.filter(pk=row.subject_id).first()
    if municipality is None:
        return None
    reader = row.reader
    if reader is not None and (not reader.is_active or municipality.pk not in own_offices(reader, *MAYORS)):
        return None
    return edition(row.document, municipality, reader, row.period)


def audiences(subject: Any) -> tuple[Audience, ...]:
    """The one audience of this copy: its reader, or the office."""
    if subject.reader is None:
        return (OFFICE,)
    role = Role.BURGEMEESTER if Role.BURGEMEESTER in subject.reader.roles_in(subject.scope) else Role.LOCO
    return (Audience("reader", f"{subject.reader.name}, {str(role.label).lower()}", frozenset(MAYORS)),)


def offices(person: Person) -> "QuerySet[Municipality]":
    """The municipalities of whose office the person is."""
    return Municipality.objects.filter(pk__in=own_offices(person, *OFFICE_ROLES))


def seen(person: Person) -> Q:
    """The copies of the office, for whoever is of it now; and the own copies.

    An own copy stays closed to who is no burgemeester or loco there any more, or left one of the
    driehoeken of which it holds rows.
    """
    left = Briefing.driehoeken.through.objects.filter(briefing=OuterRef("pk")).exclude(
        driehoek__in=driehoeken_of(person.grants)
    )
    of_office = Q(subject_id__in=own_offices(person, *OFFICE_ROLES), reader__isnull=True)
    own = Q(subject_id__in=own_offices(person, *MAYORS), reader=person) & Q(~Exists(left))
    return of_office | own


def reader_for(person: Person, key: str, municipality_id: Any, *, of_office: bool = False) -> Person | None:
    """For whom this person reads: in person as burgemeester or loco, otherwise with the office."""
    if key != DAY or of_office or municipality_id not in own_offices(person, *MAYORS):
        return None
    return person


def scheduled() -> list[Document]:
    """The documents that come on a schedule."""
    return [one for one in documents if one.rhythm is not None]


def is_present(row: Briefing) -> bool:
    """Whether a briefing is about the period that holds today."""
    rhythm = document(row.document).rhythm
    return rhythm is not None and row.period == rhythm.begins(clock.today())


def dated(row: Briefing) -> str:
    """'dinsdag 6 oktober', 'week 41', 'derde kwartaal': which one it is, in a list."""
    assert row.period is not None
    if row.document == WEEK:
        return f"week {row.period.isocalendar().week}"
    if row.document == DAY:
        return datum(row.period)
    before = row.period - timedelta(days=1)
    return f"{QUARTERS[(before.month - 1) // 3]} kwartaal {before.year}"


def register() -> None:
    """Register the three documents; called once when the app is ready."""

    def add(key: str, title: str, order: int, rhythm: Rhythm, **more: Any) -> None:
        documents.register(
            Document(
                key,
                title,
                lambda pk: None,
                offices,
                audiences,
                order=order,
                of_row=of_row,
                seen=seen,
                rhythm=rhythm,
                paper="briefings/office_pdf.html",
                file_name=f"{key}.pdf",
                **more,
            )
        )

    add(DAY, "Dagbrief", 20, Rhythm(Every.DAY), one_page=True)
    add(WEEK, "Weekoverzicht", 30, Rhythm(Every.WEEK))
    add(QUARTER, "Kwartaalbrief", 40, Rhythm(Every.QUARTER))
