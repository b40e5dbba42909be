"""Reads the house font for the process that binds, once in each worker."""

import base64
from functools import lru_cache
from io import BytesIO

from portal.briefings import pdf as briefing
from portal.papers.packs.letters import BOLD, REGULAR, SORTS, Face

_FILES = "fonts/atkinson-next-{sort}-{weight}.woff2"
_LAYOUT = ("GPOS", "GSUB", "GDEF", "STAT", "gasp", "prep")


@lru_cache(maxsize=8)
def read(sort: str, weight: int) -> Face:
    """One file of the font, without the tables that only lay out text."""
    from fontTools.ttLib import TTFont

    with TTFont(briefing.asset(_FILES.format(sort=sort, weight=weight))) as font:
        scale = 1000 / font["head"].unitsPerEm
        glyphs = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
        widths = [round(font["hmtx"][name][0] * scale) for name in font.getGlyphOrder()]
        head, line = font["head"], font["hhea"]
        box = [round(side * scale) for side in (head.xMin, head.yMin, head.xMax, head.yMax)]
        for table in _LAYOUT:
            if table in font:
                del font[table]
        font.flavor = None
        out = BytesIO()
        font.save(out, reorderTables=False)
        name = f"AtkinsonHyperlegibleNext-{sort.title().replace('-', '')}{weight}"
        data = base64.b64encode(out.getvalue()).decode()
        up, down = round(line.ascent * scale), round(line.descent * scale)
        return Face(name, data, glyphs, widths, box, up, down)


def every() -> dict[str, Face]:
    """Each sort and weight that a stamp can need."""
    return {f"{sort}-{weight}": read(sort, weight) for sort in SORTS for weight in (REGULAR, BOLD)}
