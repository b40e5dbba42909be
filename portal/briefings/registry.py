"""What an app may add to the briefings: a document about its own rows, a section of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise

from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.ui.registry import Registry

if TYPE_CHECKING:
    from portal.people.models import Person


@dataclass(frozen=True)
class Audience:
    """For whom a briefing is made; `roles` are those who read it as their own."""

    key: str
    label: str | Promise
    roles: frozenset[Role]


class Subject(Protocol):
    """What the kernel needs to know of whatever a document is about."""

    @property
    def title(self) -> str: ...

    @property
    def kind(self) -> str:
        """What sort of thing it is, in a word or two."""
        ...

    @property
    def scope(self) -> Scope: ...

    @property
    def scope_name(self) -> str:
        """Whose it is, as it stands on the first page."""
        ...

    @property
    def url(self) -> str:
        """The address of the briefing as a web page."""
        ...


@dataclass(frozen=True)
class Due:
    """A briefing that must be there today; the key says for what, so that it is made once."""

    key: str
    subject_id: Any
    scope: Scope
    audience: str


@dataclass(frozen=True)
class Document:
    """A document the portal can make.

    `subject` loads what it is about, or None when it is gone; `visible_to` gives the rows of its
    subjects that a person may see; `audiences` are those it can be made for, each of which may see
    the subject; `due` lists what steps leave on the day of a moment.
    """

    key: str
    title: str | Promise
    subject: Callable[[Any], Subject | None]
    visible_to: Callable[[Person], QuerySet[Any]]
    audiences: Callable[[Any], tuple[Audience, ...]]
    due: Callable[[datetime], Iterable[Due]] | None = None
    order: int = 100

    def visible(self, person: Person, pk: Any) -> bool:
        """Whether the person may see the subject now."""
        return self.visible_to(person).filter(pk=pk).exists()

    def audience(self, subject: Subject, key: str) -> Audience | None:
        """The audience with this key, if the document can be made for it."""
        return next((one for one in self.audiences(subject) if one.key == key), None)


@dataclass(frozen=True)
class Section:
    """A part of one or more documents.

    `build` answers from the subject what this reader must know on this moment: a dataclass for the
    partial that page and PDF share, or None when there is nothing to say. Where the dataclass has a
    `changes_at`, that is the first moment at which time alone makes its words untrue.
    """

    key: str
    documents: tuple[str, ...]
    order: int
    build: Callable[[Audience, Any, datetime], Any]

    @property
    def template(self) -> str:
        return f"briefings/sections/{self.key}.html"


documents: Registry[Document] = Registry("Document")
sections: Registry[Section] = Registry("Section")


def document(key: str) -> Document:
    """The document with this key; KeyError when no app registered it."""
    for one in documents:
        if one.key == key:
            return one
    raise KeyError(key)


def sections_of(key: str) -> list[Section]:
    """The sections of a document in their order."""
    return [one for one in sections if key in one.documents]
