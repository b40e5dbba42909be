"""What planning plugs into the shell: its menu entry and its first step."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.people import first_steps
from portal.people.models import Person
from portal.people.places import Place
from portal.planning import queries
from portal.planning.permissions import may_manage_calendar
from portal.ui.formatting import dag
from portal.ui.registry import NavItem, nav


def looked_at(person: Person, place: Place) -> first_steps.Shown | None:
    """Somebody filled in the closed days, or looked and found the list right."""
    if place.scope is None:
        return None
    title = _("Gesloten dagen en reces nakijken")
    last = queries.last_look(place)
    if last is not None:
        text = _("%(who)s %(what)s, %(day)s.") % {"who": last.who, "what": last.what, "day": dag(last.at)}
        return first_steps.Shown(title, first_steps.DONE, text)
    return first_steps.Shown(
        title,
        first_steps.TODO,
        _("Weekenden en feestdagen kent het portaal al. Vul aan wanneer uw gemeentehuis dicht is."),
        reverse("planning:calendar"),
        _("Kijk de lijst na"),
    )


def register() -> None:
    """Register everything of planning; called once when the app is ready."""
    first_steps.steps.register(first_steps.FirstStep("calendar", 50, looked_at))
    nav.register(
        NavItem(
            "calendar",
            gettext_lazy("Gesloten dagen en reces"),
            "planning:calendar",
            30,
            "manage",
            may_manage_calendar,
        )
    )
