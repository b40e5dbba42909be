"""What of visits can be searched: what they are about, their host and programme; never who said go."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.tracking.querysets import kinds_by_scope
from measures.tracking.searching import readers
from portal.people.models import Person
from portal.search.registry import Hit, Searchable, Words, in_scope, searchables
from portal.ui.formatting import datum_kort
from visits.enums import VisitState
from visits.models import Stop, Visit
from visits.sight import KIND

VISIT = "visit"


def words(ids: Collection[Any]) -> dict[UUID, Words]:
    """Title, aim, question, the host and the titles of the programme; nothing of what was a mistake."""
    rows = Visit.objects.listed().filter(pk__in=list(ids))
    stops: dict[UUID, list[str]] = {}
    for visit, title in Stop.objects.standing().filter(visit__in=rows).values_list("visit", "title"):
        stops.setdefault(visit, []).append(title)
    return {
        row.pk: Words(
            row.title,
            "\n".join((row.host.name if row.host else "", row.aim, row.question, *stops.get(row.pk, ()))),
            frozenset({in_scope(row.scope), in_scope(row.scope, KIND)}),
        )
        for row in rows
    }


def hits(rows: Any) -> dict[UUID, Hit]:
    """The answers: the day, whose, and how it stands."""
    found = rows.select_related("measure", "municipality", "driehoek").order_by("pk")
    return {
        row.pk: Hit(
            row.title,
            f"{datum_kort(row.day) if row.day else _('datum volgt')} · {row.scope_name}"
            f" · {VisitState(row.state).label}",
            reverse("visits:visit", args=[row.pk]),
        )
        for row in found
    }


def offered(person: Person) -> bool:
    """Whether some membership opens visits."""
    return any(KIND in keys for keys in kinds_by_scope(person).values())


def _seen(person: Person) -> "QuerySet[Visit]":
    return Visit.objects.visible_to(person).filter(measure__is_mistake=False)


def register() -> None:
    """Register it; called once when the app is ready."""
    searchables.register(
        Searchable(VISIT, gettext_lazy("Werkbezoek"), Visit, words, _seen, hits, readers, offered, 15)
    )
