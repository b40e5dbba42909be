"""In whose name somebody acts, as the audit row says it."""

from typing import Any

from measures.tracking import permissions
from measures.tracking.models import Action, Measure
from portal.people.models import Person


def named(by: Person, row: Action | Measure) -> dict[str, Any]:
    """What to add to an audit row; ask before you change who holds or leads the row."""
    whom = permissions.in_whose_name(by, row)
    return {"for": whom} if whom else {}


def started_for(by: Person, measure: Measure) -> dict[str, Any]:
    """The same for starting a measure, which makes the starter its lead."""
    whom = permissions.by_office(by, measure)
    return {"for": whom} if whom else {}
