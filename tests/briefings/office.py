"""The briefings of an office in tests: ticks at a moment, and what they made."""

from datetime import date, datetime
from typing import Any

from measures.tracking import actions
from measures.tracking.models import Action, Measure
from portal.briefings import making, office, reading
from portal.briefings.models import Briefing, Timetable
from portal.briefings.registry import document
from portal.municipalities.models import Municipality, Scope
from portal.people.models import Person

# The clock of the tests stands on Monday 5 October 2026, noon; the first tick lays the timetables then.
TUESDAY = "2026-10-06T05:15:00+00:00"
BEFORE = "2026-10-06T05:14:59+00:00"
MONDAY = "2026-10-12T05:15:00+00:00"


def tick(frozen_clock: Any, moment: str) -> list[Briefing]:
    """Beat ticks at this moment; gives what was asked for by it, in the order of documents."""
    known = set(Briefing.objects.values_list("pk", flat=True))
    frozen_clock.move_to(moment)
    making.make_waiting()
    return list(
        Briefing.objects.scheduled().exclude(pk__in=known).order_by("document", "due_key", "asked_at")
    )


def kinds(rows: list[Briefing]) -> list[tuple[str, str]]:
    """Which documents, and whose copies: the name of the reader, or kabinet."""
    return [(row.document, row.reader.name if row.reader else row.audience) for row in rows]


def of_a(rows: list[Briefing], scope: Scope) -> list[Briefing]:
    return [row for row in rows if row.scope == scope]


def timetable(scope: Scope, key: str = office.DAY, **fields: Any) -> Timetable:
    """The timetable of a municipality, with these settings."""
    row, _ = Timetable.objects.get_or_create(municipality_id=scope.municipality_id, document=key)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def now(scope: Scope, reader: Person | None = None, key: str = office.DAY) -> reading.Now:
    """The present edition of a municipality."""
    place = Municipality.objects.get(pk=scope.municipality_id)
    return reading.now(document(key), place, reader)


def mayors_action(by: Person, measure: Measure, title: str, due_on: date | None, **more: Any) -> Action:
    """An action that lies with the role burgemeester."""
    holder = more or {"holder_role": "burgemeester"}
    return actions.add_action(
        by=by, measure=measure, title=title, description="Omdat het moet.", due_on=due_on, key=title, **holder
    )


def at_hour(action: Action, moment: datetime) -> Action:
    """The same action with an hour."""
    Action.objects.filter(pk=action.pk).update(due_on=None, due_at=moment, late_from=moment)
    action.refresh_from_db()
    return action
