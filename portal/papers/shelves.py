"""What papers may hang on: each app registers its own subjects; no address takes one from the client."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.ui.registry import Registry

if TYPE_CHECKING:
    from portal.people.models import Person


class Subject(Protocol):
    """What the kernel needs to know of whatever a paper hangs on."""

    pk: Any

    @property
    def title(self) -> str: ...

    @property
    def scope(self) -> Scope: ...


def _nobody(_subject: Any) -> Collection[Role]:
    return ()


@dataclass(frozen=True)
class About:
    """What search says of a subject: its title, and its kind when it has one."""

    title: str
    kind: str = ""


@dataclass(frozen=True)
class PressFacts:
    """What is usual for texts for the press about a subject; each can be chosen otherwise.

    `organisation` must approve them, `embargo_until` is when they may stand somewhere at the earliest.
    """

    organisation: str = ""
    embargo_until: datetime | None = None


def _nothing_usual(_subject: Any) -> PressFacts:
    return PressFacts()


@dataclass(frozen=True)
class Shelf:
    """A sort of subject that papers hang on.

    `load` gives the subject or None when it is gone; `visible_to` the subjects whose papers this
    person sees now; `touched_by` those of which a person sees only the papers of his or her own
    hand; `may_add` the policy for adding, renewing and taking away; `url` the subject's page;
    `about` names many subjects at once, for search;
    `may_write_press` the policy for texts for the press, where the subject has any, `press_facts` what
    is usual for them, and `roles_see` the roles that see such a subject in its scope.
    """

    key: str
    load: Callable[[Any], Subject | None]
    visible_to: Callable[[Person], QuerySet[Any]]
    touched_by: Callable[[Person], QuerySet[Any]]
    may_add: Callable[[Person, Any], bool]
    url: Callable[[UUID], str]
    about: Callable[[Collection[UUID]], dict[UUID, About]]
    order: int = 100
    may_write_press: Callable[[Person, Any], bool] | None = None
    roles_see: Callable[[Any], Collection[Role]] = _nobody
    press_facts: Callable[[Any], PressFacts] = _nothing_usual


shelves: Registry[Shelf] = Registry("Shelf")


def shelf(key: str) -> Shelf:
    """The shelf with this key; KeyError when no app registered it."""
    for one in shelves:
        if one.key == key:
            return one
    raise KeyError(key)
