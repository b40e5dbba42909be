"""What the views of measures and actions share: fetching a row, and refusals in words."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking.actions.changed import ChangedMeanwhile
from measures.tracking.actions.measures import OpenActionsLeft
from measures.tracking.history import last_change
from measures.tracking.models import Action, Measure
from measures.tracking.workflow import IllegalMove
from portal.access.rows import visible_or_404
from portal.people.models import Person
from portal.ui.press import Refused, Stale

Result = TypeVar("Result")


def the_action(person: Any, pk: Any) -> Action:
    """The action, if this person may see it; 404 otherwise."""
    rows = Action.objects.visible_to(person).select_related(
        "measure__lead",
        "measure__municipality",
        "measure__driehoek",
        "step",
        "holder_person",
        "municipality",
        "driehoek",
        "ended_by",
    )
    found: Action = visible_or_404(rows, pk=pk)
    return found


def the_measure(person: Any, pk: Any) -> Measure:
    """The measure, if this person may see it; 404 otherwise."""
    rows = Measure.objects.visible_to(person).select_related(
        "template_version__template", "lead", "municipality", "driehoek", "started_by"
    )
    found: Measure = visible_or_404(rows, pk=pk)
    return found


def page_of(action: Action) -> str:
    """The address of the action's page."""
    return reverse("tracking:action", args=[action.pk])


def do(act: Callable[[], Result], row: Action | Measure, *, shown: Any = None) -> Result:
    """Run an action function and put its refusals in words; `shown` is the row whose version counts."""
    try:
        return act()
    except ChangedMeanwhile as error:
        about = shown or row
        about.refresh_from_db()
        row.refresh_from_db()
        raise Stale(about.version, last_change(row)) from error
    except OpenActionsLeft as error:
        raise Refused(
            _("Er staan nog acties open. Rond ze af of laat ze vervallen; daarna kan de maatregel klaar.")
        ) from error
    except IllegalMove as error:
        row.refresh_from_db()
        raise Refused(already(row)) from error


def already(row: Action | Measure) -> str:
    """Why the press came too late, as a sentence."""
    if isinstance(row, Measure):
        return _("Deze maatregel is intussen van stand veranderd. Bekijk eerst hoe het nu staat.")
    if not row.measure.is_running:
        return _("Deze maatregel loopt niet meer; heropen haar eerst.")
    if row.state == "done":
        return _("Deze actie is al klaar.")
    if row.state == "dropped":
        return _("Deze actie is al vervallen.")
    return _("Deze actie staat weer open.")


def me(request: Any) -> Person:
    """The signed-in person of this request."""
    person: Person = request.user
    return person
