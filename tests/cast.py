"""The same few people everywhere; they are those of the demo."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from measures.tracking import actions
from measures.tracking.models import Action, Measure, TemplateVersion
from portal.municipalities.models import Scope
from portal.people import cast
from portal.people.models import Person


@dataclass
class World:
    """Who is who: `world.kabinet_a`, and the scopes `a`, `b` and `d`."""

    people: dict[str, Person]
    a: Scope
    b: Scope
    d: Scope

    @classmethod
    def load(cls) -> "World":
        scopes = cast.lay_scopes()
        rows = Person.objects.in_bulk([part.email for part in cast.CAST], field_name="email")
        return cls(
            {part.key: rows[part.email] for part in cast.CAST},
            scopes[cast.A],
            scopes[cast.B],
            scopes[cast.D],
        )

    def __getattr__(self, name: str) -> Person:
        try:
            # A fresh object, so that no membership read before is remembered.
            return Person.objects.get(pk=self.people[name].pk)
        except KeyError as error:
            raise AttributeError(name) from error


def build_world() -> None:
    """Lay the cast in the database of the tests."""
    cast.lay_people(cast.lay_scopes())


def newest(kind: str) -> TemplateVersion:
    """The newest national template of a kind."""
    return TemplateVersion.objects.filter(template__kind=kind, template__municipality__isnull=True).order_by(
        "-number"
    )[0]


def start(by: Person, scope: Scope, kind: str = "open_door", **anchors: date | datetime | None) -> Measure:
    """A running measure from the library of this kind."""
    return actions.start_measure(by=by, version=newest(kind), scope=scope, anchors=anchors, key=uuid4().hex)


def step(measure: Measure, key: str) -> Action:
    """The action of a measure that comes from this step."""
    return Action.objects.select_related("measure", "step").get(measure=measure, step__key=key)


def any_action(measure: Measure, **lookup: Any) -> Action:
    """The first action of a measure that fits."""
    return (
        Action.objects.select_related("measure", "step")
        .filter(measure=measure, **lookup)
        .order_by("order")[0]
    )
