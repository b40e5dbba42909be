"""What an app may add to the briefings: a document about its own rows, a section of a document."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from portal.briefings.rhythm import Rhythm
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

    Where it has `readers`, those get the mail `mail` about what was due, each time it says something
    else. One that `says_changes` names on paper what changed since the one before.
    """

    key: str
    title: str | Promise
    subject: Callable[[Any], Subject | None]
    visible_to: Callable[[Person], QuerySet[Any]]
    audiences: Callable[[Any], tuple[Audience, ...]]
    due: Callable[[datetime], Iterable[Due]] | None = None
    order: int = 100
    of_row: Callable[[Any], Subject | None] | None = None
    seen: Callable[[Person], Q] | None = None
    rhythm: Rhythm | None = None
    one_page: bool = False
    paper: str = "briefings/pdf.html"
    # Neutral on purpose: file names travel further than the files.
    file_name: str = "briefing.pdf"
    # A name for each audience, where mixing up two files would do harm.
    file_names: Mapping[str, str] = field(default_factory=dict)
    readers: Callable[[Any], Iterable[Person]] | None = None
    mail: str = "briefing_ready"
    says_changes: bool = False

    def load(self, row: Any) -> Subject | None:
        """What a briefing is about, as it is now."""
        return self.of_row(row) if self.of_row else self.subject(row.subject_id)

    def opens(self, person: Person) -> Q:
        """Which of its briefings the person may open now."""
        if self.seen is not None:
            return self.seen(person)
        return Q(subject_id__in=self.visible_to(person).values("pk"))

    def name_of(self, audience: str) -> str:
        """What the file is called that this audience gets."""
        return self.file_names.get(audience, self.file_name)

    def visible(self, person: Person, pk: Any) -> bool:
        """Whether the person may see the subject now."""
        return self.visible_to(person).filter(pk=pk).exists()

    def audience(self, subject: Subject, key: str) -> Audience | None:
        """The audience with this key, if the document can be made for it."""
        return next((one for one in self.audiences(subject) if one.key == key), None)


@dataclass(frozen=True)
class Line:
    """One thing a section says, by which it is known again later: a key, a title, and named details.

    Details hold what only people change ("uiterlijk": "wo 25 nov 20:00"), nothing that time changes.
    """

    key: str
    title: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A part of one or more documents.

    `build` answers from the subject what this reader must know on this moment: a dataclass for the
    partial that page and PDF share, or None when there is nothing to say. Where the dataclass has a
    `changes_at`, that is the first moment at which time alone makes its words untrue; where it has
    `lines`, those are kept with the briefing, so that its page can say what changed since, and counted in
    the mail where the section `is_counted`; `title` is its heading, a fixed word. `fates` says
    of lines that are gone what became of them ("is gedaan"), as far as the audience may know.
    """

    key: str
    documents: tuple[str, ...]
    order: int
    build: Callable[[Audience, Any, datetime], Any]
    title: str = ""
    is_counted: bool = False
    fates: Callable[[Any, Collection[str]], Mapping[str, str]] | None = None

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
