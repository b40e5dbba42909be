"""What tracking plugs into the kernel: its source of deadlines, menu entries, cards and duties."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from measures.tracking import briefing, calendars, deputising, leaving, packs, papers, searching
from measures.tracking import cards as start
from measures.tracking.actions.deadlines import SOURCE
from measures.tracking.enums import Origin
from measures.tracking.kinds import kind, kinds
from measures.tracking.models import Action
from measures.tracking.querysets import in_sight
from portal.deadlines import sources
from portal.people.enums import Role
from portal.people.models import Person
from portal.ui.registry import Card, NavItem, cards, nav

# Looking up an address costs; one for each page is enough for a whole sweep.
_NOBODY = UUID(int=0)
_PAGES = ("action", "finish", "hand_over", "later")


def subjects(ids: Collection[Any]) -> Mapping[Any, sources.Subject]:
    """The actions among these that are still to be done in a running measure."""
    rows = Action.objects.running().filter(pk__in=list(ids)).select_related("measure", "step")
    path = {name: reverse(f"tracking:{name}", args=[_NOBODY]) for name in _PAGES}
    found = {}
    for row in rows:
        page = {name: address.replace(str(_NOBODY), str(row.pk)) for name, address in path.items()}
        found[row.pk] = sources.Subject(
            object_id=row.pk,
            scope=row.scope,
            kind=kind(row.kind).nav,
            kind_key=row.kind,
            # What somebody typed by hand never goes into a mail.
            title=row.title if row.origin == Origin.STEP else "",
            path=page["action"],
            due_on=row.due_on,
            due_at=row.due_at,
            holder_role=row.holder_role,
            holder_person_id=row.holder_person_id,
            lead_id=row.measure.lead_id,
            escalates_to=row.escalates_to,
            finish_path=page["finish"],
            hand_over_path=page["hand_over"],
            later_path=page["later"],
            otherwise=row.step.otherwise if row.step else "",
        )
    return found


def sight(person: Person) -> Callable[[sources.Subject], bool]:
    """Whether the person may see an action that is at hand."""
    is_seen = in_sight(person)
    return lambda one: is_seen(one.scope, one.kind_key, one.holder_person_id)


def visible(person: Person, ids: Collection[Any]) -> set[Any]:
    """The actions among these that the person may see now."""
    return set(Action.objects.visible_to(person).filter(pk__in=list(ids)).values_list("pk", flat=True))


def sees_any_kind(person: Person) -> bool:
    """Whether some membership opens some kind, or an action is held personally."""
    return any(grant.role in one.roles_see for grant in person.grants for one in kinds())


def sees_templates(person: Person) -> bool:
    """Whoever works with measures, and the beheerders who keep the templates."""
    return sees_any_kind(person) or person.has_role(Role.BEHEERDER, Role.BEHEERDER_LANDELIJK)


def register() -> None:
    """Register everything of tracking; called once when the app is ready."""
    sources.register(sources.Source(SOURCE, subjects, visible, sight))
    for item in (
        NavItem("today", _("Vandaag"), "today", 10, "work", lambda person: True),
        NavItem("my_actions", _("Mijn acties"), "tracking:mine", 20, "work", lambda person: True),
        NavItem("measures", _("Alle maatregelen"), "tracking:measures", 5, "measures", sees_any_kind),
        NavItem("templates", _("Sjablonen"), "tracking:templates", 50, "overview", sees_templates),
    ):
        nav.register(item)
    for card in (
        Card("escalated", frozenset(), 5, start.escalated),
        Card("my_actions", frozenset(), 10, start.my_actions),
        Card("kinds", frozenset(), 90, start.kinds),
    ):
        cards.register(card)
    briefing.register()
    papers.register()
    packs.register()
    calendars.register()
    searching.register()
    leaving.register()
    deputising.register()
