"""What the views of visits share: fetching a row, refusals in words, one shape for one question."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking.actions.changed import ChangedMeanwhile
from measures.tracking.views.common import me
from measures.tracking.workflow import IllegalMove
from portal.access.rows import allowed_or_403, visible_or_404
from portal.people.models import Person
from portal.ui.press import Refused, Stale, press
from visits import permissions, queries
from visits.actions.changed import Ended
from visits.history import last_change
from visits.models import Visit

__all__ = ["do", "me", "page_of", "question", "the_visit", "to_change"]

Result = TypeVar("Result")


def page_of(visit: Visit, part: str = "") -> str:
    """The address of the page of the visit, at one part of it."""
    return reverse("visits:visit", args=[visit.pk]) + (f"#{part}" if part else "")


def the_visit(person: Person, pk: UUID) -> Visit:
    """The visit, if this person may see it; 404 otherwise."""
    found: Visit = visible_or_404(queries.whole(person), pk=pk)
    return found


def to_change(person: Person, pk: UUID) -> Visit:
    """The visit, to whoever may change it; 404 unseen, 403 seen and no more."""
    visit = the_visit(person, pk)
    allowed_or_403(permissions.can_change(person, visit))
    return visit


def do(act: Callable[[], Result], visit: Visit, *, shown: Any = None) -> Result:
    """Run an action function and put its refusals in words; `shown` is the row whose version counts."""
    try:
        return act()
    except ChangedMeanwhile as error:
        about = shown or visit
        about.refresh_from_db()
        raise Stale(about.version, last_change(visit)) from error
    except Ended as error:
        raise Refused(_("Dit bezoek is afgesloten of afgezegd. Pak het eerst weer op.")) from error
    except IllegalMove as error:
        raise Refused(
            _("Dit bezoek is intussen van stand veranderd. Bekijk eerst hoe het nu staat.")
        ) from error


def question(
    request: HttpRequest,
    visit: Visit,
    form: Any,
    run: Any,
    *,
    back: str = "",
    template: str = "visits/press.html",
    **words: Any,
) -> HttpResponse:
    """One question about a visit: title, text, button, danger; a good answer leads where `run` says."""
    return press(
        request,
        form,
        run,
        template=template,
        back=back or page_of(visit),
        visit=visit,
        **words,
    )
