"""A PDF without usable tags: each page becomes one tagged whole, in the order in which it is painted."""

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from portal.papers.packs import links, marks, onto_a4, reading, tags

_CONTENT = b"/%s <</MCID 0>> BDC\nq %s/PkPage Do\nQ EMC\n"


def wrap(pdf: pikepdf.Pdf, title: str) -> dict[str, Any]:
    """Lay the file out for a pack; a page without a word becomes a figure that says so."""
    if "/StructTreeRoot" in pdf.Root:
        del pdf.Root.StructTreeRoot
    on_pages = links.lift(pdf)
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    top = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    nums: list[tuple[int, Any]] = []
    scans = 0
    for number, page in enumerate(pdf.pages):
        words = _wrap(pdf, page)
        element = pdf.make_indirect(_element(page.obj, top, words, title, number + 1))
        scans += not words
        page.obj.StructParents = number
        nums.append((number, pdf.make_indirect(Array([element]))))
        _add(top, element)
        for note in on_pages[number].links:
            _add(top, _tie(pdf, top, page.obj, note))
    for one in on_pages:
        for note in one.links:
            nums.append((len(nums), note.PkOwner))
            note.StructParent = len(nums) - 1
            del note["/PkOwner"]
    root.K = Array([top])
    pdf.Root.StructTreeRoot = root
    tags.write_numbers(pdf, root, nums, {})
    return {"tagged": False, "flaws": 0, "scans": scans, "headings": []}


def _add(top: Any, element: Any) -> None:
    if "/K" not in top:
        top.K = Array()
    top.K.append(element)


def _wrap(pdf: pikepdf.Pdf, page: pikepdf.Page) -> bool:
    """Draw the page as one form within one mark; whether there are words on it."""
    marks.strip(pdf, page)
    placing = onto_a4.lay(page.obj)
    form = pdf.make_stream(b"\n".join(one.read_bytes() for one in onto_a4.streams(page.obj)))
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([round(one, 3) for one in placing.box])
    form.Resources = page.obj.Resources
    if "/Group" in page.obj:
        form.Group = page.obj.Group
        del page.obj["/Group"]
    page.obj.Resources = Dictionary(XObject=Dictionary(PkPage=form))
    page.obj.Contents = pdf.make_stream(_CONTENT % (b"P", placing.operators()))
    words = reading.has_words(page)
    if not words:
        page.obj.Contents = pdf.make_stream(_CONTENT % (b"Figure", placing.operators()))
    for note in page.obj.get("/Annots", []):
        onto_a4.move(note, placing)
    return words


def _element(page: Any, top: Any, words: bool, title: str, number: int) -> Any:
    made = Dictionary(Type=Name.StructElem, S=Name.P, P=top, Pg=page, K=0)
    if not words:
        made.S = Name.Figure
        made.Alt = String(f"Pagina {number} van ‘{title}’: een beeld zonder tekst.")
        made.A = Dictionary(O=Name.Layout, BBox=page.MediaBox, Placement=Name.Block)
    return made


def _tie(pdf: pikepdf.Pdf, top: Any, page: Any, note: Any) -> Any:
    tie = Dictionary(Type=Name.OBJR, Obj=note, Pg=page)
    made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Link, P=top, Pg=page, K=Array([tie])))
    note.PkOwner = made
    return made
