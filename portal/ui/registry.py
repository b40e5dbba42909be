"""What an app may add to the shell: an entry in the navigation, a card on the start page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.people.models import Person

# The groups of the navigation, in their order; the first stands without a heading.
NAV_GROUPS: dict[str, str | Promise] = {
    "work": "",
    "measures": _("Maatregelen"),
    "overview": _("Overzicht"),
    "manage": _("Beheer"),
}


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; `visible` asks no database query of its own.

    `query` narrows a list that has an entry of its own, as in "soort=visits".
    """

    key: str
    label: str | Promise
    url_name: str
    order: int
    group: str
    visible: Callable[[Person], bool]
    query: str = ""

    def __post_init__(self) -> None:
        if self.group not in NAV_GROUPS:
            raise ImproperlyConfigured(f"Navigation entry {self.key!r}: no group {self.group!r}.")


@dataclass(frozen=True)
class Card:
    """One question answered on the start page.

    `build` returns what `templates/cards/<key>.html` shows as `card`, or None when there is nothing
    to say. An empty `roles` means everybody.
    """

    key: str
    roles: frozenset[str]
    order: int
    build: Callable[[Person], Any]

    @property
    def template(self) -> str:
        return f"cards/{self.key}.html"


class _Entry(Protocol):
    """What a registry needs to know of what it holds."""

    @property
    def key(self) -> str: ...

    @property
    def order(self) -> int: ...


E_ = TypeVar("E_", bound=_Entry)


class Registry(Generic[E_]):
    """Entries by key, read in their order; the same key twice is a mistake at start."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._entries: dict[str, E_] = {}
        self._ordered: tuple[E_, ...] = ()

    def register(self, entry: E_) -> None:
        """Called from `AppConfig.ready`."""
        if entry.key in self._entries:
            raise ImproperlyConfigured(f"{self._name} {entry.key!r} is registered twice.")
        self._entries[entry.key] = entry
        self._order()

    def unregister(self, key: str) -> None:
        """Takes an entry out again; for toy entries in tests."""
        del self._entries[key]
        self._order()

    def _order(self) -> None:
        self._ordered = tuple(sorted(self._entries.values(), key=lambda found: (found.order, found.key)))

    def __iter__(self) -> Iterator[E_]:
        return iter(self._ordered)

    def __len__(self) -> int:
        return len(self._ordered)


nav: Registry[NavItem] = Registry("Navigation entry")
cards: Registry[Card] = Registry("Card")


def cards_for(person: Person) -> list[Card]:
    """The cards that one of the person's present roles may see, in their order."""
    held = {str(grant.role) for grant in person.grants}
    return [card for card in cards if not card.roles or held & {str(role) for role in card.roles}]
