"""A visit with what its papers read, each read once, as one of its readers may know it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse

from portal import clock
from portal.municipalities.models import PhoneNumber, Scope
from portal.papers.press.models import PressText
from portal.people.enums import Role
from portal.people.models import Membership
from portal.ui.formatting import datum, tijd
from visits.enums import Meets, Sheet, StopPress, VisitState
from visits.models import Companion, Consent, Figure, Stop, Visit

SHEET, BRIEFING = "visit_sheet", "visit"
# Who to call, in this order; the numbers themselves stand in the register.
NUMBERS = ("noodnummer", "veilig_thuis")
_READ = ("stops", "companions", "mayors", "consents", "embargo")
AT_THE_HOST = "adres bij host bekend"


@dataclass(frozen=True)
class VisitSubject:
    """One visit, for the document and the reader it is about to be told to."""

    visit: Visit
    document: str
    audience: str = Sheet.MAYOR

    def told_to(self, audience: str) -> VisitSubject:
        """The same for another reader, with the rows that were read already."""
        other = replace(self, audience=audience)
        other.__dict__.update({name: self.__dict__[name] for name in _READ if name in self.__dict__})
        return other

    def at_hand(self) -> VisitSubject:
        """Itself, with everything read that a sheet may need."""
        for name in _READ:
            getattr(self, name)
        return self

    @property
    def is_for_press(self) -> bool:
        return self.audience == Sheet.PRESS

    @property
    def is_for_mayor(self) -> bool:
        return self.audience == Sheet.MAYOR

    @property
    def title(self) -> str:
        """The title that was typed is for whoever sees the measure; others read what it is."""
        if self.is_for_mayor:
            return str(self.visit.title)
        host = self.visit.host
        if self.audience == Sheet.COMPANION and host is not None:
            return f"Werkbezoek aan {host.name}"
        return "Werkbezoek van de burgemeester"

    @property
    def kind(self) -> str:
        """The day, with the hours for whoever knows the whole programme."""
        visit = self.visit
        if visit.state == VisitState.CANCELLED:
            return "gaat niet door"
        if visit.starts_at is None or visit.ends_at is None:
            return "datum volgt"
        if self.is_for_press:
            return datum(visit.starts_at)
        return f"{datum(visit.starts_at)}, {tijd(visit.starts_at)}–{tijd(visit.ends_at)}"

    @property
    def scope(self) -> Scope:
        return self.visit.scope

    @property
    def scope_name(self) -> str:
        name = self.visit.scope_name
        return f"Gemeente {name}" if self.visit.municipality_id else str(name)

    @property
    def url(self) -> str:
        """The page with the same words; that of companions is one that they can open too."""
        if self.document == BRIEFING:
            return reverse("visits:briefing", args=[self.visit.pk])
        if self.audience == Sheet.COMPANION:
            return reverse("visits:sheet", args=[self.visit.pk])
        return reverse("visits:sheet_of", args=[self.visit.pk, self.audience])

    @property
    def is_called_off(self) -> bool:
        return bool(self.visit.state == VisitState.CANCELLED)

    @cached_property
    def stops(self) -> list[Stop]:
        """The present programme, in its order."""
        return list(self.visit.stops.standing().select_related("press_go"))

    @cached_property
    def press_stops(self) -> list[Stop]:
        """Where press may be, by appointment or welcome."""
        return [one for one in self.stops if admits_press(one)]

    @cached_property
    def companions(self) -> list[Companion]:
        rows = self.visit.companions.current().select_related("person")
        return list(rows.order_by("order", "id"))

    @cached_property
    def mayors(self) -> list[str]:
        """Who is burgemeester of the municipality now."""
        rows = Membership.objects.current(clock.today()).in_scope(self.scope).filter(role=Role.BURGEMEESTER)
        return list(rows.order_by("person__name", "id").values_list("person__name", flat=True))

    @cached_property
    def consents(self) -> list[Consent]:
        """Those that stand, and not for a stop that is gone."""
        rows = self.visit.consents.standing().select_related("stop").order_by("given_on", "id")
        return [one for one in rows if one.stop is None or one.stop.removed_at is None]

    @cached_property
    def figures(self) -> list[Figure]:
        return list(self.visit.figures.order_by("order", "id"))

    @cached_property
    def embargo(self) -> datetime | None:
        """The last moment before which nothing about the visit may be published."""
        rows = PressText.objects.about("measure", self.visit.measure_id).exclude(state="withdrawn")
        found = rows.filter(embargo_until__gt=clock.now()).order_by("-embargo_until")
        until: datetime | None = found.values_list("embargo_until", flat=True).first()
        return until

    @cached_property
    def numbers(self) -> list[PhoneNumber]:
        register = PhoneNumber.objects.in_bulk(NUMBERS)
        return [register[key] for key in NUMBERS if key in register]


def admits_press(stop: Stop) -> bool:
    """Never where minors are; where victims are only as long as the go of the host stands."""
    if stop.press == StopPress.NO or stop.meets == Meets.MINORS:
        return False
    if stop.meets == Meets.VICTIMS and stop.press == StopPress.WELCOME:
        return stop.press_go is not None and stop.press_go.is_standing
    return True


def subject_of(pk: Any, document: str, audience: str = Sheet.MAYOR) -> VisitSubject | None:
    """The visit with what every paper names, or None when it is gone."""
    rows = Visit.objects.select_related("measure__lead", "host", "municipality", "driehoek")
    found = rows.filter(pk=pk).first()
    return VisitSubject(found, document, audience) if found else None
