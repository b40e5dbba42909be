"""What packs can be made of: each app registers its own subjects and says what one reader finds in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from portal.municipalities.models import Scope
from portal.ui.registry import Registry

if TYPE_CHECKING:
    from portal.people.models import Person


class Subject(Protocol):
    """What the kernel needs to know of whatever a pack is about."""

    @property
    def pk(self) -> Any: ...

    @property
    def title(self) -> str: ...

    @property
    def scope(self) -> Scope: ...


@dataclass(frozen=True)
class Words:
    """What an item says, without its heading; `changes_at` is when time alone makes it untrue."""

    body: SafeString
    changes_at: datetime | None = None


@dataclass(frozen=True)
class Item:
    """One item of a pack for one reader.

    `build` renders it, only when it is wanted. `shelves` are the places whose papers follow it: the
    kernel itself asks which of those the reader sees. `url` is its page in the portal.
    """

    key: str
    title: str
    build: Callable[[], Words]
    shelves: tuple[tuple[str, UUID], ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Cover:
    """What the cover says of the subject to one reader; `needs` are the items he must see for that."""

    facts: tuple[tuple[str, str], ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Binder:
    """A sort of subject that packs are made of.

    `load` gives the subject or None when it is gone; `visible_to` the subjects of which this person
    sees anything now; `items` and `cover` what he sees of one, on this moment; `ask_url` the page
    on which a pack is asked for, `url` where one comes from.
    """

    key: str
    title: str | Promise
    load: Callable[[Any], Any]
    visible_to: Callable[[Person], QuerySet[Any]]
    items: Callable[[Any, Person, datetime], list[Item]]
    cover: Callable[[Any, Person], Cover]
    ask_url: Callable[[UUID], str]
    order: int = 100

    def subject_for(self, person: Person, pk: Any) -> Any:
        """The subject, or None when it is gone or this person sees nothing of it now."""
        return self.load(pk) if self.visible_to(person).filter(pk=pk).exists() else None


binders: Registry[Binder] = Registry("Binder")


def binder(key: str) -> Binder:
    """The binder with this key; KeyError when no app registered it."""
    for one in binders:
        if one.key == key:
            return one
    raise KeyError(key)
