"""What the pages of people share: who asks, the form of a plain press, and refusals in words."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.people.actions.changed import ChangedMeanwhile
from portal.people.actions.memberships import LastBeheerder
from portal.people.history import last_change
from portal.people.models import Person
from portal.ui.forms import PortalForm
from portal.ui.press import Refused, Stale

Result = TypeVar("Result")

# The one template of a question with its form.
PRESS = "people/press.html"


class PlainPost(PortalForm):
    """A press on a button: only the version and the one-time key."""


def me(request: HttpRequest) -> Person:
    """The signed-in person of this request."""
    person: Person = request.user  # type: ignore[assignment]
    return person


def do(act: Callable[[], Result], row: Any, version: Callable[[], int]) -> Result:
    """Run an action and put its refusals in words; `version` says how the row stands now."""
    try:
        return act()
    except ChangedMeanwhile as error:
        row.refresh_from_db()
        raise Stale(version(), last_change(row)) from error
    except LastBeheerder as error:
        raise Refused(
            _("U bent hier de enige beheerder. Nodig eerst een andere beheerder uit; daarna kunt u weg.")
        ) from error
