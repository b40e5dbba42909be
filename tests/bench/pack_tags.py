"""Counts what became of the tags of pieces in a pack, piece by piece and role by role."""

from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pikepdf

from portal.papers.packs import tags


def kept(pack: bytes, pieces: Iterable[tuple[str, bytes]]) -> tuple[int, int]:
    """How many elements of the pieces are in the pack, and how many they have; `pieces` are sorts and files.

    Neither the cover nor what binding adds can stand in for what was lost: an item is sought in its part,
    a paper in its article behind the heading that was stamped.
    """
    found = had = 0
    with pikepdf.open(BytesIO(pack)) as pdf:
        for holders, (sort, data) in _pairs(pdf, list(pieces)):
            with pikepdf.open(BytesIO(data)) as piece:
                before = _roles(tags.elements(piece.Root.StructTreeRoot))
            now = _roles(one for holder in holders for one in [holder, *tags.elements(holder)])
            if sort == "paper":
                now["/H3"] -= 1
            found += (now & before).total()
            had += before.total()
    return found, had


def _pairs(
    pdf: pikepdf.Pdf, pieces: list[tuple[str, bytes]]
) -> Iterable[tuple[list[Any], tuple[str, bytes]]]:
    """Each piece with what stands in its holder; the papers of an item are the last in its part."""
    items = [place for place, (sort, _data) in enumerate(pieces) if sort == "item"]
    parts = tags.kids_of(tags.kids_of(pdf.Root.StructTreeRoot)[0])[-len(items) :]
    for part, first, after in zip(parts, items, [*items[1:], len(pieces)], strict=True):
        inside, papers = tags.kids_of(part), after - first - 1
        own, hung = (inside[:-papers], inside[-papers:]) if papers else (inside, [])
        yield own, pieces[first]
        for article, piece in zip(hung, pieces[first + 1 : after], strict=True):
            yield tags.kids_of(article), piece


def _roles(found: Iterable[Any]) -> Counter[str]:
    # A document within a document is called a section.
    return Counter(str(one.S).replace("/Document", "/Sect") for one in found)
