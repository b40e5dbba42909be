"""The briefing of a measure as a document: who may read it, for whom it is made, when one is due."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from measures.tracking import briefing_sections as say
from measures.tracking.briefing_contacts import contacts
from measures.tracking.briefing_sections import MeasureSubject
from measures.tracking.enums import EvidenceKind
from measures.tracking.kinds import kind, own_briefings
from measures.tracking.models import Action, Measure
from measures.tracking.office import day, quarter, week
from portal import clock
from portal.briefings.registry import Audience, Document, Due, Section, documents, sections
from portal.people.enums import DRIEHOEK_ROLES, MUNICIPALITY_ROLES, Role
from portal.people.models import Person
from portal.ui.formatting import day_of

DOCUMENT = "measure"
# How long after its day a briefing is made that was not made on it.
AFTERWARDS = timedelta(days=14)

# The loco acts for the mayor and reads the mayor's copy.
MAYOR = Audience("burgemeester", Role.BURGEMEESTER.label, frozenset({Role.BURGEMEESTER, Role.LOCO}))
IN_DRIEHOEK = Audience(
    "driehoek",
    gettext_lazy("Driehoek (vertrouwelijk)"),
    frozenset({Role.DRIEHOEK_SECRETARIS, Role.DRIEHOEK_LID}),
)
_SHARED = {role: one for one in (MAYOR, IN_DRIEHOEK) for role in one.roles}


def subject_of(pk: Any) -> MeasureSubject | None:
    """The measure with what the first page names, or None when it is gone."""
    rows = Measure.objects.select_related("template_version", "lead", "municipality", "driehoek")
    found = rows.filter(pk=pk).first()
    return MeasureSubject(found) if found else None


def visible_to(person: Person) -> "QuerySet[Measure]":
    return Measure.objects.visible_to(person)


def audiences(subject: MeasureSubject) -> tuple[Audience, ...]:
    """The roles that see this kind and exist in this sort of scope, in the order of the roles."""
    fits = MUNICIPALITY_ROLES if subject.measure.municipality_id else DRIEHOEK_ROLES
    roles = [role for role in Role if role in fits & kind(subject.measure.kind).roles_see]
    found = [_SHARED.get(role) or Audience(str(role), role.label, frozenset({role})) for role in roles]
    return tuple(dict.fromkeys(found))


def audience_for(person: Person, subject: MeasureSubject, wanted: str = "") -> Audience:
    """The audience that was asked for, otherwise that of the person's own role."""
    offered = audiences(subject)
    own = person.roles_in(subject.scope)
    chosen = [one for one in offered if one.key == wanted] or [one for one in offered if one.roles & own]
    return (chosen or list(offered))[0]


def due(now: datetime) -> Iterable[Due]:
    """The briefings that unfinished steps of running measures leave on this day, or left on one before it.

    A day on which the engine stood still is made up as long as the action is open, for two weeks; the key
    names the day it was due, so that what was made is not made again. What owns a measure may have a
    briefing of its own in its place.
    """
    today = now.astimezone(clock.AMSTERDAM).date()
    first = today - AFTERWARDS
    rows = (
        Action.objects.running()
        .filter(
            Q(due_on__gte=first, due_on__lte=today)
            | Q(due_at__gte=clock.at(first, time(0)), due_at__lt=clock.end_of(today)),
            evidence_kind=EvidenceKind.BRIEFING,
        )
        .order_by("id")
    )
    found = list(rows)
    own = own_briefings(found)
    for row in found:
        if row.measure_id in own:
            continue
        made_for = MAYOR if row.municipality_id else IN_DRIEHOEK
        yield Due(f"{row.pk}:{day_of(row.due):%Y%m%d}", row.measure_id, row.scope, made_for.key)


def register() -> None:
    """Register the document and its sections; called once when the app is ready."""
    documents.register(
        Document(DOCUMENT, gettext_lazy("Briefing"), subject_of, visible_to, audiences, due, order=10)
    )
    for section in (
        Section("purpose", (DOCUMENT,), 10, say.purpose, "Doel"),
        Section("state", (DOCUMENT,), 20, say.state, "Stand"),
        Section("decided", (DOCUMENT,), 30, say.decided, "Besloten"),
        Section("open", (DOCUMENT,), 40, say.still_open, "Open", fates=say.fates),
        Section("dates", (DOCUMENT,), 50, say.dates, "Datums"),
        Section("contacts", (DOCUMENT,), 60, contacts, "Contacten"),
    ):
        sections.register(section)
    day.register()
    week.register()
    quarter.register()
