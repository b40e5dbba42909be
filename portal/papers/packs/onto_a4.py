"""Bringing a page of somebody else onto an A4 of ours, with everything inherited made its own."""

from typing import Any

from pikepdf import Array, Dictionary

from portal.papers.packs.geometry import Placing, place

_KEPT = {"/Type", "/Parent", "/Contents", "/Annots", "/Group", "/StructParents"}
_DEEPEST = 60


def inherited(page: Any, name: str) -> Any:
    """A value of the page or of what stands above it in the tree of pages."""
    for _step in range(_DEEPEST):
        if not isinstance(page, Dictionary):
            return None
        if name in page:
            return page[name]
        page = page.get("/Parent")
    return None


def lay(page: Any) -> Placing:
    """Give the page the size of an A4 and leave on it only what a pack carries; how its content moves."""
    box = _box(page)
    turned = int(inherited(page, "/Rotate") or 0) % 360
    placing = place(box, turned if turned in (0, 90, 180, 270) else 0)
    resources = inherited(page, "/Resources")
    for name in list(page.keys()):
        if name not in _KEPT:
            del page[name]
    page.Resources = resources if isinstance(resources, Dictionary) else Dictionary()
    page.MediaBox = Array([0, 0, *(round(side, 3) for side in placing.size)])
    return placing


def _box(page: Any) -> tuple[float, float, float, float]:
    """What a reader shows of the page: its crop box as far as that lies within the media box."""
    media = _corners(inherited(page, "/MediaBox"))
    crop = _corners(inherited(page, "/CropBox")) or media
    if media is None or crop is None:
        raise ValueError("a page without a size")
    found = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    return found if found[2] - found[0] > 1 and found[3] - found[1] > 1 else media


def _corners(box: Any) -> tuple[float, float, float, float] | None:
    if not isinstance(box, Array) or len(box) != 4:
        return None
    x0, y0, x1, y1 = (float(one) for one in box)
    found = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    return found if found[2] - found[0] > 1 and found[3] - found[1] > 1 else None


def streams(page: Any) -> list[Any]:
    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, Array) else [contents]


def move(note: Any, placing: Placing) -> None:
    """A link moves with what lies under it."""
    note.Rect = Array(placing.rectangle(note.Rect))
    corners = note.get("/QuadPoints")
    if corners is not None:
        numbers = [float(one) for one in corners]
        pairs = [placing.moved(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=False)]
        note.QuadPoints = Array([round(one, 3) for pair in pairs for one in pair])
