"""What somebody finds, and rows to be found."""

from datetime import date
from typing import Any

from measures.tracking import actions as act
from measures.tracking.models import Action, Measure
from portal.people.models import Person
from portal.search import queries


def titles(person: Person, text: str) -> list[str]:
    """What this person finds, as somebody who just came in."""
    return [one.hit.title for one in queries.search(Person.objects.get(pk=person.pk), text).found]


def own_action(by: Person, measure: Measure, title: str, description: str = "", **more: Any) -> Action:
    more.setdefault("holder_role", "kabinet")
    action: Action = act.add_action(
        by=by,
        measure=measure,
        title=title,
        description=description,
        due_on=date(2026, 10, 9),
        key=title,
        **more,
    )
    return action
