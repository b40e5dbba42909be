"""An uploaded image as a page: one figure that carries the name of the paper."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from portal.papers.packs import tags
from portal.papers.packs.geometry import place

# More dots than a printer puts on A4 only make the pack heavy.
MOST_DOTS = 3000
DOTS_PER_INCH = 150


def bind(source: Path, out: Path, title: str) -> dict[str, Any]:
    """One page with the image as large as it sharply can be."""
    from PIL import Image

    with Image.open(source, formats=("JPEG", "PNG")) as found:
        size, data, is_jpeg, is_gray = _pixels(found, source)
    pdf = pikepdf.new()
    drawn = pdf.make_stream(data)
    drawn.Type, drawn.Subtype = Name.XObject, Name.Image
    drawn.Width, drawn.Height, drawn.BitsPerComponent = size[0], size[1], 8
    drawn.ColorSpace = Name.DeviceGray if is_gray else Name.DeviceRGB
    if is_jpeg:
        drawn.Filter = Name.DCTDecode
    wide, high = (side * 72 / DOTS_PER_INCH for side in size)
    placing = place((0, 0, wide, high), 0)
    page = pdf.add_blank_page(page_size=placing.size).obj
    page.Resources = Dictionary(XObject=Dictionary(PkPage=drawn))
    page.Contents = pdf.make_stream(
        b"/Figure <</MCID 0>> BDC\nq %s%.3f 0 0 %.3f 0 0 cm /PkPage Do\nQ EMC\n"
        % (placing.operators(), wide, high)
    )
    page.StructParents = 0
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    top = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    figure = Dictionary(Type=Name.StructElem, S=Name.Figure, P=top, Pg=page, K=0, Alt=String(title))
    box = Array(placing.rectangle((0, 0, wide, high)))
    figure.A = Dictionary(O=Name.Layout, BBox=box, Placement=Name.Block)
    top.K = Array([pdf.make_indirect(figure)])
    root.K = Array([top])
    pdf.Root.StructTreeRoot = root
    tags.write_numbers(pdf, root, [(0, pdf.make_indirect(Array([top.K[0]])))], {})
    pdf.save(out)
    return {"tagged": True, "flaws": 0, "scans": 0, "headings": [], "pages": 1}


def _pixels(found: Any, source: Path) -> tuple[tuple[int, int], bytes, bool, bool]:
    """Size, bytes, whether these are a JPEG and whether they are gray; on white where it was clear."""
    from PIL import Image

    is_gray = found.mode == "L"
    if found.format == "JPEG" and max(found.size) <= MOST_DOTS and found.mode in ("L", "RGB"):
        return found.size, source.read_bytes(), True, is_gray
    plain = found
    if found.mode in ("RGBA", "LA", "PA") or "transparency" in found.info:
        clear = found.convert("RGBA")
        plain = Image.new("RGB", clear.size, (255, 255, 255))
        plain.paste(clear, mask=clear.getchannel("A"))
    if not is_gray:
        plain = plain.convert("RGB")
    if max(plain.size) > MOST_DOTS:
        plain.thumbnail((MOST_DOTS, MOST_DOTS), Image.Resampling.LANCZOS)
    if found.format == "JPEG":
        made = BytesIO()
        plain.save(made, "JPEG", quality=88)
        return plain.size, made.getvalue(), True, is_gray
    return plain.size, plain.tobytes(), False, is_gray
