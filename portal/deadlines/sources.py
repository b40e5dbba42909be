"""The registry through which the engine asks whether a deadline still holds and who may see it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from portal import clock
from portal.municipalities.models import Scope
from portal.people.models import Person


@dataclass(frozen=True)
class Subject:
    """What a deadline is about, as it is now; only words that may stand in a mail.

    The paths lead to pages where somebody signed in can act; an empty one is not offered.
    """

    object_id: Any
    scope: Scope
    # As people read it, and its key.
    kind: str
    title: str
    path: str
    due_on: date | None
    due_at: datetime | None
    holder_role: str
    holder_person_id: Any
    lead_id: Any
    escalates_to: str
    finish_path: str = ""
    hand_over_path: str = ""
    later_path: str = ""
    kind_key: str = ""
    # What happens if nobody acts, as published; empty for what somebody made by hand.
    otherwise: str = ""

    @property
    def late_from(self) -> datetime | None:
        """The moment from which it is late; None while no date is known."""
        return clock.end_of(self.due_on) if self.due_on else self.due_at


@dataclass(frozen=True)
class Source:
    """`subjects` gives only the objects whose deadline still holds; `visible` those a person may see.

    `sight` says the same of subjects that are at hand, without asking the database: a sweep of
    thousands has no query to spare for each person. It must agree with `visible`, always.
    """

    key: str
    subjects: Callable[[Collection[Any]], Mapping[Any, Subject]]
    visible: Callable[[Person, Collection[Any]], set[Any]]
    sight: Callable[[Person], Callable[[Subject], bool]] | None = None
    # Whether what was told of it has a card of its own on the start page.
    has_card: bool = False


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; the same key twice is a start error."""
    if source.key in _sources:
        raise ImproperlyConfigured(f"source of deadlines {source.key} is registered twice")
    _sources[source.key] = source


def unregister(key: str) -> None:
    """Take a source out again; tests with a toy source clean up with it."""
    _sources.pop(key, None)


def with_card() -> list[str]:
    """The keys of the sources with a card of their own on the start page."""
    return [one.key for one in _sources.values() if one.has_card]


# What else may stand on a card of the start page: by key, the rows that stand there for a person now.
on_cards: dict[str, Callable[[Person], "QuerySet[Any]"]] = {}


def source(key: str) -> Source:
    return _sources[key]
