"""Finding: what stands in a title first, then what stands anywhere, newest first, seen by this person."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from portal.people.models import Person
from portal.search.matching import Match, Term, matching
from portal.search.registry import Hit, readers_of, searchable
from portal.search.words import asked

FIRST_SHOWN = 25
MOST_SHOWN = 100
# Matches are asked in parts, because what may not be seen falls away; after so many nobody reads on.
MOST_PARTS = 20


@dataclass(frozen=True)
class Found:
    """One answer with the name of its sort."""

    label: str
    hit: Hit


@dataclass
class Results:
    """The answers in their order, and whether there are more than are shown."""

    found: list[Found] = field(default_factory=list)
    has_more: bool = False


def search(person: Person, text: str, most: int = FIRST_SHOWN) -> Results:
    """What this person may see now of what holds every word of the text, at most `most`."""
    results = Results()
    terms = asked(text)
    readers = readers_of(person)
    seen: set[int] = set()
    for part in _parts(readers, terms, most + 1):
        fresh = [one for one in part if one.id not in seen]
        seen.update(one.id for one in fresh)
        for one in _seen_by(person, fresh):
            if len(results.found) == most:
                results.has_more = True
                return results
            results.found.append(one)
    return results


def _parts(readers: frozenset[str], terms: list[Term], size: int) -> Iterator[list[Match]]:
    for in_title in (True, False):
        below: int | None = None
        for _ in range(MOST_PARTS):
            part = matching(readers, terms, in_title=in_title, below=below, limit=size)
            yield part
            if len(part) < size:
                break
            below = part[-1].id


def _seen_by(person: Person, matches: list[Match]) -> list[Found]:
    """The answers among these that the person may see, in the same order; one or two queries a sort."""
    by_sort: dict[str, list[UUID]] = defaultdict(list)
    for one in matches:
        by_sort[one.searchable].append(one.object_id)
    hits: dict[tuple[str, Any], Found] = {}
    for key, ids in by_sort.items():
        sort = searchable(key)
        if sort is None:
            continue
        rows = sort.visible_to(person).filter(pk__in=ids)
        for pk, hit in sort.hits(rows).items():
            hits[(key, pk)] = Found(str(sort.label), hit)
    return [
        hits[(one.searchable, one.object_id)] for one in matches if (one.searchable, one.object_id) in hits
    ]
