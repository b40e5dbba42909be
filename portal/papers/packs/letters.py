"""The house font for what is stamped on pages: once in each pack, with the characters of its glyphs."""

import base64
import html
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from portal.briefings.glyphs import drawable

REGULAR, BOLD = 400, 600
# What is bound may be a pack itself, with fonts of such names on its pages.
PREFIX = "PkStamp"
SORTS = ("latin", "latin-ext")


@dataclass(frozen=True)
class Face:
    """One file of the font as a PDF wants it, `data` in base64; `widths` in thousandths of the size."""

    name: str
    data: str
    glyphs: dict[str, int]
    widths: list[int]
    box: list[int]
    ascent: int
    descent: int


# Filled by whoever starts the binding: the process that binds knows nothing of the portal's files.
FACES: dict[str, Face] = {}


def plain(text: str) -> str:
    """The text with what the font lacks written another way, on one line."""
    return " ".join(html.unescape(drawable(html.escape(text, quote=False))).split())


def _runs(text: str, weight: int) -> list[tuple[Face, str]]:
    """The text cut where the file of the font changes."""
    latin, more = FACES[f"latin-{weight}"], FACES[f"latin-ext-{weight}"]
    found: list[tuple[Face, str]] = []
    for one in text:
        use = more if one not in latin.glyphs and one in more.glyphs else latin
        if found and found[-1][0] is use:
            found[-1] = (use, found[-1][1] + one)
        else:
            found.append((use, one))
    return found


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """How wide the text is in points."""
    return (
        sum(use.widths[use.glyphs.get(one, 0)] for use, part in _runs(text, weight) for one in part)
        * size
        / 1000
    )


def fitted(text: str, room: float, size: float, weight: int = REGULAR) -> str:
    """The text, or as much of it as there is room for, with dots."""
    if width(text, size, weight) <= room:
        return text
    while text and width(text.rstrip() + "…", size, weight) > room:
        text = text[:-1]
    return text.rstrip() + "…"


class Letters:
    """The fonts of one pack, each written when it is first needed."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._fonts: dict[str, tuple[str, Any]] = {}

    def show(self, text: str, size: float, weight: int = REGULAR) -> bytes:
        """The operators that show the text from where the line stands."""
        parts = []
        for use, part in _runs(text, weight):
            codes = "".join(f"{use.glyphs.get(one, 0):04x}" for one in part)
            parts.append(f"{self._name(use)} {size} Tf <{codes}> Tj")
        return " ".join(parts).encode()

    def lend(self, page: Any) -> None:
        """Give the page the fonts that were used so far."""
        fonts = page.Resources.get("/Font")
        if not isinstance(fonts, Dictionary):
            fonts = page.Resources.Font = Dictionary()
        for name, font in self._fonts.values():
            fonts[name] = font

    def _name(self, use: Face) -> str:
        if use.name not in self._fonts:
            # The same name only for the very same glyphs.
            name = f"/{PREFIX}{sha256(use.data.encode()).hexdigest()[:12]}"
            self._fonts[use.name] = (name, embedded(self._pdf, use))
        return self._fonts[use.name][0]


def embedded(pdf: pikepdf.Pdf, use: Face) -> Any:
    """A face as a font of this PDF."""
    data = base64.b64decode(use.data)
    file = pdf.make_stream(data)
    file.Length1 = len(data)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{use.name}"),
        Flags=32,
        FontBBox=Array(use.box),
        ItalicAngle=0,
        Ascent=use.ascent,
        Descent=use.descent,
        CapHeight=use.ascent,
        StemV=80,
        FontFile2=file,
    )
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(f"/{use.name}"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=Name.Identity,
        FontDescriptor=pdf.make_indirect(descriptor),
        W=Array([0, Array(use.widths)]),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(f"/{use.name}"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
            ToUnicode=pdf.make_stream(_characters(use)),
        )
    )


def _characters(use: Face) -> bytes:
    """Which character each glyph is, for copying and for screen readers."""
    of_glyph = {glyph: one for one, glyph in sorted(use.glyphs.items(), reverse=True)}
    rows = [f"<{glyph:04x}> <{one.encode('utf-16-be').hex()}>" for glyph, one in sorted(of_glyph.items())]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
