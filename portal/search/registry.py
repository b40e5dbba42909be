"""What can be searched: each app registers its own rows; every answer is trimmed by visible_to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from portal.municipalities.models import Scope
from portal.ui.registry import Registry

if TYPE_CHECKING:
    from portal.people.models import Person


@dataclass(frozen=True)
class Words:
    """What is searched of one row, and by which readers' marks it can be found at all."""

    title: str
    text: str
    readers: frozenset[str]


@dataclass(frozen=True)
class Hit:
    """One answer: the title as it is now, whose it is and how it stands, and its page."""

    title: str
    about: str
    url: str


@dataclass(frozen=True)
class Searchable:
    """A sort of row that can be searched.

    `text` gives the words of these rows by id; a row that is left out is not found (any more).
    `visible_to` gives the rows of this sort a person may see now and that stand in lists; `hits`
    makes the answers of rows from it. `readers` are the marks under which the person may find anything: they
    keep the index quick, and never widen what `visible_to` says. `offered` tells without any query
    whether the person has something of this sort to search in.
    """

    key: str
    label: str | Promise
    model: type[Model]
    text: Callable[[Collection[Any]], dict[UUID, Words]]
    visible_to: Callable[[Person], QuerySet[Any]]
    hits: Callable[[Iterable[Any]], dict[UUID, Hit]]
    readers: Callable[[Person], frozenset[str]]
    offered: Callable[[Person], bool]
    order: int = 100


searchables: Registry[Searchable] = Registry("Searchable")


def searchable(key: str) -> Searchable | None:
    """The searchable with this key; None when no app registers it (any more)."""
    return next((one for one in searchables if one.key == key), None)


def in_scope(scope: Scope, kind: str = "") -> str:
    """The mark of readers who see all of a scope, or one kind in it."""
    owner = f"g{scope.municipality_id}" if scope.municipality_id else f"d{scope.driehoek_id}"
    return owner.replace("-", "") + kind.replace("_", "")


def own(person_id: Any) -> str:
    """The mark of what one person finds because it is in his or her own hands."""
    return f"p{person_id}".replace("-", "")


def readers_of(person: Person) -> frozenset[str]:
    """Every mark of this person, of every sort of row."""
    return frozenset().union(*(one.readers(person) for one in searchables))


def may_search(person: Person) -> bool:
    """Whether there is anything for this person to search in; asks no query of its own."""
    return any(one.offered(person) for one in searchables)
