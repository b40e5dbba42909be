"""Head and foot of every page of a pack: what one reads, for whom it is made, and '12 van 84'."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Array

from portal.papers.packs.geometry import MM
from portal.papers.packs.letters import BOLD, Letters, fitted, plain, width

_SMALL, _MIDDLE, _LARGE = 8.0, 10.0, 13.0
_INSET = 18 * MM
_HEAD, _HEADING, _FOOT = 11 * MM, 18.5 * MM, 10 * MM
# A long heading goes over two smaller lines.
_HEADINGS = (16.5 * MM, 21 * MM)
_GRAY, _GREEN = b"0.247 0.306 0.294 rg", b"0.043 0.325 0.318 rg"
_ARTIFACT = b"/Artifact <</Type /Pagination /Subtype /%s>> BDC BT %s ET EMC\n"


@dataclass(frozen=True)
class Said:
    """What is said on one page: the item and the paper, for whom it is, the mark of the pack, the number.

    `heading` only where a paper begins, `number` its marked content.
    """

    head: str
    foot: str
    place: str
    heading: str = ""
    number: int = 0
    paper: str = ""
    mark: str = ""


@lru_cache(maxsize=64)
def _both(text: str, more: str, room: float) -> str:
    """The text and what must stay readable behind it; where room lacks, each gives way from half of it on."""
    text, more = plain(text), plain(more)
    if not more:
        return fitted(text, room, _SMALL)
    joint = " · "
    more = joint + fitted(more, max(room / 2, room - width(text + joint, _SMALL)), _SMALL)
    return fitted(text, room - width(more, _SMALL), _SMALL) + more


def _lines(heading: str, room: float) -> tuple[float, list[str]]:
    """The heading in its size: on one line, or in a smaller size on two."""
    text = plain(heading)
    if width(text, _LARGE, BOLD) <= room:
        return _LARGE, [text]
    first, words = "", text.split(" ")
    while words and width(f"{first} {words[0]}".strip(), _MIDDLE, BOLD) <= room:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return _MIDDLE, [fitted(text, room, _MIDDLE, BOLD)]
    if not words:
        return _MIDDLE, [first]
    return _MIDDLE, [f"{first} ", fitted(" ".join(words), room, _MIDDLE, BOLD)]


class Stamp:
    """Writes heads and feet into the pages of one pack, each as a small stream behind the content."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._letters = Letters(pdf)
        self._save = pdf.make_stream(b"q\n")

    def press(self, page: Any, said: Said) -> str:
        """Stamp one page, its own content closed off first; returns the heading as it stands there."""
        wide, high = float(page.MediaBox[2]), float(page.MediaBox[3])
        room = wide - 2 * _INSET
        parts, heading = [b"\nQ\n"], ""
        if said.head:
            head = _both(said.head, said.paper, room)
            parts.append(_ARTIFACT % (b"Header", self._line(_INSET, high - _HEAD, head, _GRAY)))
        if said.heading:
            size, lines = _lines(said.heading, room)
            heading = "".join(lines)
            downs = _HEADINGS if len(lines) > 1 else (_HEADING,)
            drawn = b" ".join(
                self._line(_INSET, high - down, line, _GREEN, size, BOLD)
                for down, line in zip(downs, lines, strict=True)
            )
            parts.append(b"/H3 <</MCID %d>> BDC BT %s ET EMC\n" % (said.number, drawn))
        place = wide - _INSET - width(said.place, _SMALL)
        foot = _both(said.foot, said.mark, place - _INSET - 5 * MM)
        parts.append(_ARTIFACT % (b"Footer", self._line(_INSET, _FOOT, foot, _GRAY)))
        parts.append(_ARTIFACT % (b"Footer", self._line(place, _FOOT, said.place, _GRAY)))
        contents = page.get("/Contents")
        own = [] if contents is None else list(contents) if isinstance(contents, Array) else [contents]
        page.Contents = Array([self._save, *own, self._pdf.make_stream(b"".join(parts))])
        self._letters.lend(page)
        return heading

    def _line(
        self, x: float, y: float, text: str, color: bytes, size: float = _SMALL, weight: int = 400
    ) -> bytes:
        shown = self._letters.show(text, size, weight)
        return b"%s 1 0 0 1 %.2f %.2f Tm %s" % (color, x, y, shown)
