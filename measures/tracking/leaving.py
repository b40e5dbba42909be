"""What tracking tells the kernel of somebody who leaves: how many open actions, and handing them on."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _

from measures.tracking.actions.measures import reassign_open
from measures.tracking.kinds import kind
from measures.tracking.models import Action, Measure
from portal.municipalities.models import Scope
from portal.people import first_steps, leaving
from portal.people.models import Person
from portal.people.places import Place
from portal.ui.formatting import day_of


def _held(scope: Scope) -> "QuerySet[Action]":
    """The open actions of a scope that one person holds; for numbers only, so sight plays no part."""
    return Action.objects.running().filter(holder_person__isnull=False, **scope.as_fields())


def count(person: Person, scope: Scope) -> list[leaving.Open]:
    """How many open actions of each kind somebody holds personally, and when the first is due."""
    rows = (
        _held(scope)
        .filter(holder_person=person)
        .values("kind")
        .annotate(number=Count("pk"), on=Min("due_on"), at=Min("due_at"))
        .order_by("kind")
    )
    return [
        leaving.Open(str(kind(row["kind"]).nav), row["number"], _first(row["on"], row["at"])) for row in rows
    ]


def _first(on: Any, at: Any) -> Any:
    """The earlier of a date and a moment; None when neither is known."""
    if on is None or at is None:
        return on or at
    return at if day_of(at) <= on else on


def holders(scope: Scope) -> Mapping[Any, int]:
    """How many open actions everybody holds personally in a scope."""
    rows = _held(scope).values("holder_person").annotate(number=Count("pk")).order_by("holder_person")
    return {row["holder_person"]: row["number"] for row in rows}


def reassign(by: Person, person: Person, scope: Scope, to: Person | None) -> int:
    return reassign_open(by=by, old=person, scope=scope, to=to)


def first_measure(person: Person, place: Place) -> first_steps.Shown | None:
    """A measure was started here; the beheerder sees that it was, not which."""
    if place.scope is None:
        return None
    title = _("De eerste maatregel")
    if Measure.objects.listed().filter(**place.scope.as_fields()).exists():
        return first_steps.Shown(title, first_steps.DONE, _("Er is een maatregel gestart."))
    return first_steps.Shown(
        title, first_steps.BUSY, _("Het kabinet of de adviseur OOV start die zelf, vanaf de startpagina.")
    )


def register() -> None:
    """Register with the kernel; called once when the app is ready."""
    leaving.helds.register(leaving.Held("actions", 10, count, holders, reassign))
    first_steps.steps.register(first_steps.FirstStep("first_measure", 70, first_measure))
