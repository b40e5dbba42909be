"""A piece that the portal wrote itself: rendered from HTML, then made fit to stand in a pack."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Name

from portal.briefings import pdf as briefing
from portal.papers.packs import links, tags
from portal.papers.packs.tagged import owners_anew

_BARE = {"/Type", "/S", "/P", "/Pg", "/K"}


def render(html: str, out: Path, base: int, prefix: str) -> dict[str, Any]:
    """The piece in `out`: its headings from level `base` on, its ids with a prefix of their own."""
    made = briefing.render(html)
    with pikepdf.open(BytesIO(made.data)) as pdf:
        marks = _outline(pdf)
        root = tags.tree_of(pdf)
        on_pages = links.lift(pdf)
        found = tags.settle(pdf, prefix, {note.objgen for one in on_pages for note in one.links})
        owners = owners_anew(pdf, root, on_pages)
        _fold(root, dict(owners))
        levels = tags.outline_levels([tags.HEADINGS[str(one.S)] for one in found.headings], base)
        for one, level in zip(found.headings, levels, strict=True):
            one.S = Name(f"/H{level}")
        tags.write_numbers(pdf, root, owners, found.named)
        for name in ("/Outlines", "/Names", "/Metadata", "/Lang", "/ViewerPreferences"):
            if name in pdf.Root:
                del pdf.Root[name]
        for page in pdf.pages:
            for name in ("/BleedBox", "/TrimBox"):
                if name in page.obj:
                    del page.obj[name]
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    headings = [(level, title, page) for level, (title, page) in zip(levels, marks, strict=True)]
    return {"tagged": True, "flaws": 0, "scans": 0, "headings": headings, "pages": made.pages}


def _fold(root: Any, owners: dict[int, Any]) -> None:
    """Let an element own its words itself where all it holds is spans that say nothing more.

    WeasyPrint puts every line of text into a span; without these less than half is copied at each binding.
    """
    for one in list(tags.elements(root)):
        kids, page = tags.kids_of(one), one.get("/Pg")
        if not kids or page is None or not all(_says_nothing(kid, page) for kid in kids):
            continue
        inner = [int(number) for kid in kids for number in tags.kids_of(kid)]
        on_page = owners[int(page.StructParents)]
        for number in inner:
            on_page[number] = one
        one.K = Array(inner)


def _says_nothing(kid: Any, page: Any) -> bool:
    if not tags.is_element(kid) or kid.get("/S") != Name.Span or set(kid.keys()) - _BARE:
        return False
    own = kid.get("/Pg")
    return (own is None or own.objgen == page.objgen) and all(
        isinstance(one, int) for one in tags.kids_of(kid)
    )


def _outline(pdf: pikepdf.Pdf) -> list[tuple[str, int]]:
    """The bookmarks that WeasyPrint made of the headings, flat: their words and their page."""
    pages = {page.obj.objgen: place for place, page in enumerate(pdf.pages)}
    found: list[tuple[str, int]] = []

    def walk(items: Any) -> None:
        for item in items:
            found.append((str(item.title), pages.get(item.destination[0].objgen, 0)))
            walk(item.children)

    with pdf.open_outline() as outline:
        walk(outline.root)
    return found
