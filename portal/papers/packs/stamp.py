"""Head and foot of every page of a pack: what one reads, for whom it is made, and '12 van 84'."""

from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array

from portal.papers.packs.geometry import MM
from portal.papers.packs.letters import BOLD, Letters, fitted, plain, width

_SMALL, _LARGE = 8.0, 13.0
_INSET = 18 * MM
_HEAD, _HEADING, _FOOT = 11 * MM, 18.5 * MM, 10 * MM
_GRAY, _GREEN = b"0.247 0.306 0.294 rg", b"0.043 0.325 0.318 rg"
_ARTIFACT = b"/Artifact <</Type /Pagination /Subtype /%s>> BDC BT %s ET EMC\n"


@dataclass(frozen=True)
class Said:
    """What is said on one page; `heading` only where a paper begins, `number` its marked content."""

    head: str
    foot: str
    place: str
    heading: str = ""
    number: int = 0


class Stamp:
    """Writes heads and feet into the pages of one pack, each as a small stream behind the content."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._letters = Letters(pdf)
        self._save = pdf.make_stream(b"q\n")

    def press(self, page: Any, said: Said) -> None:
        """Stamp one page; its own content is closed off first, so that it moves nothing of ours."""
        wide, high = float(page.MediaBox[2]), float(page.MediaBox[3])
        room = wide - 2 * _INSET
        parts = [b"\nQ\n"]
        if said.head:
            head = fitted(plain(said.head), room, _SMALL)
            parts.append(_ARTIFACT % (b"Header", self._line(_INSET, high - _HEAD, head, _GRAY)))
        if said.heading:
            heading = fitted(plain(said.heading), room, _LARGE, BOLD)
            line = self._line(_INSET, high - _HEADING, heading, _GREEN, _LARGE, BOLD)
            parts.append(b"/H3 <</MCID %d>> BDC BT %s ET EMC\n" % (said.number, line))
        place = wide - _INSET - width(said.place, _SMALL)
        foot = fitted(plain(said.foot), place - _INSET - 5 * MM, _SMALL)
        parts.append(_ARTIFACT % (b"Footer", self._line(_INSET, _FOOT, foot, _GRAY)))
        parts.append(_ARTIFACT % (b"Footer", self._line(place, _FOOT, said.place, _GRAY)))
        contents = page.get("/Contents")
        own = [] if contents is None else list(contents) if isinstance(contents, Array) else [contents]
        page.Contents = Array([self._save, *own, self._pdf.make_stream(b"".join(parts))])
        self._letters.lend(page)

    def _line(
        self, x: float, y: float, text: str, color: bytes, size: float = _SMALL, weight: int = 400
    ) -> bytes:
        shown = self._letters.show(text, size, weight)
        return b"%s 1 0 0 1 %.2f %.2f Tm %s" % (color, x, y, shown)
