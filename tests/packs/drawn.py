"""Uploads drawn for a test, and what is looked at in what became of them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary

from portal.papers.packs import faces, letters
from tests.papers import files

Edit = Callable[[pikepdf.Pdf], None]
PAGE = """<html lang="en"><head><title>Report</title></head><body><h1>Report</h1><h3>Deep</h3>
<p>Words with a <a href="https://voorbeeld.example/">link</a> and <a href="#end">another</a>.</p>
<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><th scope="row">row</th><td>cell</td></tr></tbody></table>
<p><img alt="late" src="../briefing/late.svg" width="20" height="20"></p><h2 id="end">End</h2></body></html>"""


def drawn(change: Edit | None = None, size: tuple[float, float] = (595, 842), pages: int = 1) -> bytes:
    """A PDF without tags: a red bar at the bottom and a line of text in a font of its own."""

    def add(document: pikepdf.Pdf) -> None:
        font = a_font()
        for page in document.pages:
            page.obj.MediaBox = Array([0, 0, *size])
            page.obj.Resources = Dictionary(Font=Dictionary(F=document.copy_foreign(font)))
            page.obj.Contents = document.make_stream(WORDS)
        if change is not None:
            change(document)

    return files.pdf(pages, add)


def a_font() -> Any:
    """The regular house font as packs embed it."""
    source = pikepdf.new()
    KEPT.append(source)
    return letters.embedded(source, faces.read("latin", letters.REGULAR))


# An object lives as long as its file.
KEPT: list[pikepdf.Pdf] = []
CODES = "".join(f"{faces.read('latin', letters.REGULAR).glyphs[one]:04x}" for one in "Verslag")
WORDS = f"1 0 0 rg 0 0 40 20 re f 0 g BT /F 20 Tf 60 60 Td <{CODES}> Tj ET".encode()


def last(data: bytes) -> Any:
    document = pikepdf.open(BytesIO(data))
    KEPT.append(document)
    return document.pages[-1]


def red(data: bytes, place: int = -1) -> tuple[float, float, float, float]:
    """Where the red bar of a drawn page stands, in points from the lower left."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        page = document[len(document) + place]
        picture = page.render(scale=1).to_pil().convert("RGB")
        page.close()
    found = [
        (x, picture.height - y)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == (255, 0, 0)
    ]
    xs, ys = zip(*found, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
