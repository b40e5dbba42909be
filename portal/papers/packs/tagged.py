"""A PDF whose tags are kept: its tree made fit for a larger one, its pages moved under the same marks."""

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from portal.briefings.pdfua import HEADINGS, Checked, Element, flaws
from portal.papers.packs import links, marks, onto_a4, tags
from portal.papers.packs.geometry import Placing
from portal.papers.packs.links import OnPage

# The paper itself is a heading of the third level.
FIRST_LEVEL = 4
# What qpdf begins the stream with in which it draws annotations: it closes what it opened before.
_CLOSES = b"Q\n"
NO_WORDS = "Afbeelding; de maker van dit stuk beschreef haar niet."


def keep(pdf: pikepdf.Pdf, prefix: str) -> dict[str, Any] | None:
    """Lay the file out for a pack with its own tags; None where these do not cover what it paints."""
    try:
        root = tags.tree_of(pdf)
        on_pages = links.lift(pdf)
        found = tags.settle(pdf, prefix, {note.objgen for one in on_pages for note in one.links})
        owners = owners_anew(pdf, root, on_pages)
    except tags.Unfit:
        return None
    if not all(marks.is_balanced(page) for page in pdf.pages):
        return None
    doc = Checked(pdf)
    if not _covers(doc):
        return None
    headings = shift(doc, FIRST_LEVEL)
    placings = {
        page.obj.objgen: _move(pdf, page.obj, one) for page, one in zip(pdf.pages, on_pages, strict=True)
    }
    broken = len(flaws(doc))
    for figure in doc.tagged("Figure"):
        _mend(figure.obj, placings)
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for _form in marks.bared(page.obj.Resources, seen):
            pass
    tags.write_numbers(pdf, root, owners, found.named)
    _keep_language(pdf, root)
    return {"tagged": True, "flaws": broken, "scans": 0, "headings": headings}


def shift(doc: Checked, base: int) -> list[tuple[int, str, int]]:
    """Give the headings their level in the pack; each with its words and its page, counted from 0."""
    pages = {page.obj.objgen: place for place, page in enumerate(doc.pdf.pages)}
    found = [one for one in doc.elements if one.tag in HEADINGS]
    for empty in [one for one in found if not one.text.strip()]:
        empty.obj.S = Name.P
        found.remove(empty)
    levels = tags.outline_levels([HEADINGS[one.tag] for one in found], base)
    for one, level in zip(found, levels, strict=True):
        one.obj.S = Name(f"/H{level}")
    return [
        (level, " ".join(one.text.split()), pages.get(_page_of(one), 0))
        for one, level in zip(found, levels, strict=True)
    ]


def _page_of(element: Element) -> tuple[int, int]:
    for one in element.walk():
        for holder in (one.obj, *(kid for kid in tags.kids_of(one.obj) if isinstance(kid, Dictionary))):
            page = holder.get("/Pg")
            if page is not None:
                found: tuple[int, int] = page.objgen
                return found
    return (0, 0)


def _covers(doc: Checked) -> bool:
    """Whether all that the pages paint belongs to the tree or is an artifact."""
    in_tree = {one.obj.objgen for one in doc.elements}
    for page, content in zip(doc.pdf.pages, doc.contents, strict=True):
        if content.untagged or content.mixed:
            return False
        owners = doc.parents.get(int(page.obj.get("/StructParents", -1)))
        for number in content.marked:
            if owners is None or number >= len(owners):
                return False
            if not isinstance(owners[number], Dictionary) or owners[number].objgen not in in_tree:
                return False
    return True


def owners_anew(pdf: pikepdf.Pdf, root: Any, on_pages: list[OnPage]) -> list[tuple[int, Any]]:
    """The parent tree numbered anew: the pages first, then the links."""
    before = tags.numbers(root)
    top = next((one for one in tags.kids_of(root) if tags.is_element(one)), None)
    if top is None:
        raise tags.Unfit
    nums: list[tuple[int, Any]] = []
    for number, (page, one) in enumerate(zip(pdf.pages, on_pages, strict=True)):
        own = before.get(int(page.obj.get("/StructParents", -1)))
        owners = Array(list(own) if isinstance(own, Array) else [])
        if one.drawn:
            _mark_drawn(pdf, page.obj, len(owners))
            owners.append(_add(pdf, top, Dictionary(S=Name.P, Pg=page.obj, K=len(owners))))
        page.obj.StructParents = number
        nums.append((number, pdf.make_indirect(owners)))
    for page, one in zip(pdf.pages, on_pages, strict=True):
        for note in one.links:
            nums.append((len(nums), _owner(pdf, top, page.obj, note, before)))
            note.StructParent = len(nums) - 1
    # As long as it is read again, the tree must say what the pages say.
    root.ParentTree = Dictionary(Nums=Array([part for pair in nums for part in pair]))
    return nums


def _owner(pdf: pikepdf.Pdf, top: Any, page: Any, note: Any, before: dict[int, Any]) -> Any:
    """The element of a link, or a new one at the end where the maker forgot it."""
    own = before.get(int(note.get("/StructParent", -1)))
    if isinstance(own, Dictionary) and str(own.get("/S", "")) == "/Link":
        tied = [kid.get("/Obj") for kid in tags.kids_of(own) if isinstance(kid, Dictionary)]
        if any(isinstance(one, Dictionary) and one.objgen == note.objgen for one in tied):
            return own
    tie = Dictionary(Type=Name.OBJR, Obj=note, Pg=page)
    return _add(pdf, top, Dictionary(S=Name.Link, Pg=page, K=Array([tie])))


def _add(pdf: pikepdf.Pdf, top: Any, element: Any) -> Any:
    element.Type, element.P = Name.StructElem, top
    made = pdf.make_indirect(element)
    top.K = Array([*tags.kids_of(top), made])
    return made


def _mark_drawn(pdf: pikepdf.Pdf, page: Any, number: int) -> None:
    """What was drawn into the page from above it becomes one tagged whole."""
    *before, last = onto_a4.streams(page)
    opened, closes, drawn = last.read_bytes().partition(_CLOSES)
    if opened.strip() or not closes:
        raise tags.Unfit
    data = closes + b"/P <</MCID %d>> BDC\n" % number + drawn + b"\nEMC\n"
    page.Contents = Array([*before, pdf.make_stream(data)])


def _move(pdf: pikepdf.Pdf, page: Any, one: OnPage) -> Placing:
    placing = onto_a4.lay(page)
    own = onto_a4.streams(page)
    page.Contents = Array([pdf.make_stream(b"q " + placing.operators()), *own, pdf.make_stream(b"\nQ\n")])
    for note in one.links:
        onto_a4.move(note, placing)
    return placing


def _mend(figure: Any, placings: dict[tuple[int, int], Placing]) -> None:
    """A figure says at least that nobody described it; its place moves with its page."""
    if not str(figure.get("/Alt", "")).strip():
        figure.Alt = String(str(figure.get("/ActualText", "")).strip() or NO_WORDS)
    page = figure.get("/Pg")
    placing = placings.get(page.objgen) if page is not None else None
    own = figure.get("/A")
    for part in own if isinstance(own, Array) else [own]:
        if placing is not None and isinstance(part, Dictionary) and "/BBox" in part:
            part.BBox = Array(placing.rectangle(part.BBox))


def _keep_language(pdf: pikepdf.Pdf, root: Any) -> None:
    """The language of the file becomes that of its part of the pack."""
    language = str(pdf.Root.get("/Lang", "")).strip()
    for one in tags.kids_of(root):
        if language and tags.is_element(one) and "/Lang" not in one:
            one.Lang = String(language)
