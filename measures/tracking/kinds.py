"""The registry of kinds of measure; each kind's app registers one in its AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from portal.municipalities.models import Scope
from portal.papers.shelves import PressFacts
from portal.people.enums import Role
from portal.ui.registry import NavItem, nav

R = Role


@dataclass(frozen=True)
class Happening:
    """Something of a subject that has hours and is no appointment of its own, as briefings tell of it."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    about: str
    place: str = ""
    points: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of measure: what it is called, who sees it, who may start it, and what it adds.

    `anchors` are the named dates a template of this kind may use beside "start"; `terms` resolve a
    named term of law to a due moment.

    `nav_page` is where its entry in the menu leads, when that is not the list of its measures.
    Where a subject owns the measure, `start_page` names the address that starts both from a template
    version, and `instead` gives the page of the subject that takes the place of a page of tracking
    ("complete", "stop", "reopen", or an anchor) or stands beside it ("measure"); "" where there is none.
    `lay` makes a measure with its subject for the demonstration. `briefings` names, of the measures with
    these ids that have one, the document and the subject that take the place of the briefing of the
    measure. `happenings` gives what of it stands between two moments among the appointments of scopes.
    `press_facts` says what is usual for the texts for the press of a measure.
    """

    key: str
    name: str
    nav: str
    roles_see: frozenset[Role]
    roles_start: frozenset[Role]
    order: int = 100
    anchors: tuple[str, ...] = ()
    terms: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    nav_page: str = ""
    start_page: str = ""
    instead: Callable[[Any, str], str] | None = None
    lay: Callable[..., Any] | None = None
    briefings: Callable[[Collection[Any]], Mapping[Any, tuple[str, Any]]] | None = None
    happenings: Callable[[Collection[Scope], datetime, datetime], Sequence[Happening]] | None = None
    press_facts: Callable[[Any], PressFacts] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind and its entry in the menu; the same key twice is a start error."""
    if kind.key in _kinds:
        raise ImproperlyConfigured(f"kind {kind.key} is registered twice")
    _kinds[kind.key] = kind
    nav.register(
        NavItem(
            f"kind_{kind.key}",
            kind.nav,
            kind.nav_page or "tracking:measures",
            kind.order,
            "measures",
            lambda person: any(grant.role in kind.roles_see for grant in person.grants),
            query="" if kind.nav_page else f"soort={kind.key}",
        )
    )


def unregister(key: str) -> None:
    """Take a kind out again; tests with a toy kind clean up with it."""
    if _kinds.pop(key, None):
        nav.unregister(f"kind_{key}")


def kind(key: str) -> Kind:
    """The kind with this key; KeyError when no app registered it."""
    return _kinds[key]


def own_briefings(rows: Iterable[Any]) -> dict[Any, tuple[str, Any]]:
    """By measure: the briefing that takes the place of that of the measure; rows have a kind and its id."""
    by_kind: dict[str, list[Any]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.measure_id)
    found: dict[Any, tuple[str, Any]] = {}
    for key, ids in by_kind.items():
        named = _kinds[key].briefings
        if named is not None:
            found.update(named(ids))
    return found


def kinds() -> tuple[Kind, ...]:
    """All kinds in the order of the menu."""
    return tuple(sorted(_kinds.values(), key=lambda one: (one.order, one.key)))


# Contract: who sees every kind as a member of its scope.
SEES_ALL = frozenset({R.BURGEMEESTER, R.LOCO, R.KABINET})
# Contract: who may start or steer, in the kinds they see.
STEERS = frozenset(
    {R.BURGEMEESTER, R.LOCO, R.KABINET, R.ADVISEUR_OOV, R.DRIEHOEK_SECRETARIS, R.COMMUNICATIE, R.BELEID_ZV}
)


def kind_of(
    key: str, name: str, nav: str, order: int, *, seen_by: set[Role], anchors: tuple[str, ...] = ()
) -> Kind:
    """A kind seen by the mayor's office and `seen_by`, started by those of them who steer."""
    sees = SEES_ALL | seen_by
    return Kind(key, name, nav, frozenset(sees), frozenset(sees & STEERS), order, anchors)
