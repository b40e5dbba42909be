"""What visits plug in: their kind of measure, their calendar, what can be searched."""

from dataclasses import replace
from typing import Any

from django.urls import reverse

from measures.tracking.kinds import kind_of
from measures.tracking.kinds import register as register_kind
from measures.tracking.models import Measure
from portal.papers.shelves import PressFacts
from portal.people.enums import Role
from visits import calendars, cards, samples, searching
from visits.demo import lay
from visits.models import Visit
from visits.papers import documents
from visits.sight import KIND
from visits.workflow import ANCHOR

# The pages of a visit that take the place of those of its measure.
_INSTEAD = {
    "measure": "visits:visit",
    "complete": "visits:follow_up",
    "stop": "visits:cancel",
    "reopen": "visits:resume",
    ANCHOR: "visits:move",
}


def instead(measure: Measure, page: str) -> str:
    """The page of the visit that owns this measure; "" where tracking's own page stands."""
    name = _INSTEAD.get(page)
    if name is None:
        return ""
    pk: Any = Visit.objects.filter(measure=measure).values_list("pk", flat=True).first()
    return reverse(name, args=[pk]) if pk else ""


def press_facts(measure: Measure) -> PressFacts:
    """The host approves what is written; nothing stands anywhere before the visit is over."""
    visit = Visit.objects.select_related("host").filter(measure=measure).first()
    if visit is None:
        return PressFacts()
    coming = visit.ends_at if visit.is_ahead and not visit.is_over else None
    return PressFacts(visit.host.name if visit.host else "", coming)


def register() -> None:
    """Register everything of visits; called once when the app is ready."""
    of = kind_of(KIND, "Werkbezoek", "Werkbezoek", 10, seen_by={Role.COMMUNICATIE}, anchors=(ANCHOR,))
    register_kind(
        replace(
            of,
            nav_page="visits:list",
            start_page="visits:start",
            instead=instead,
            lay=lay,
            briefings=documents.own_briefings,
            happenings=documents.happenings,
            press_facts=press_facts,
        )
    )
    calendars.register()
    searching.register()
    documents.register()
    cards.register()
    samples.register()
