"""The PDF/UA rules that we check ourselves; each rule says in a sentence what breaks it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any

import pikepdf

from portal.briefings.pdftext import Content, content_of

UA_PART = "{http://www.aiim.org/pdfua/ns/id/}part"
HEADINGS = {f"H{level}": level for level in range(1, 7)}


@dataclass
class Element:
    """One element of the structure tree."""

    tag: str
    obj: Any
    kids: list["Element"] = field(default_factory=list)
    own_text: str = ""
    annotations: list[tuple[int, int]] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        yield self
        for kid in self.kids:
            yield from kid.walk()

    @property
    def text(self) -> str:
        """The words in it, without regard for line ends."""
        return "".join(one.own_text for one in self.walk())

    def attribute(self, name: str) -> Any:
        """A value of its attribute dictionaries, or None."""
        found = self.obj.get("/A")
        for one in found if isinstance(found, pikepdf.Array) else [found]:
            if isinstance(one, pikepdf.Dictionary) and name in one:
                return one[name]
        return None


class Checked:
    """A PDF with its structure tree and the content of its pages, read once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root = pdf.Root
        self.contents: list[Content] = [content_of(page) for page in pdf.pages]
        self._page_of = {page.obj.objgen: place for place, page in enumerate(pdf.pages)}

    @cached_property
    def elements(self) -> list[Element]:
        """Every element of the tree, in reading order."""
        tree = self.root.get("/StructTreeRoot")
        if tree is None:
            return []
        self._roles = {str(name): str(role) for name, role in (tree.get("/RoleMap") or {}).items()}
        top = Element("", tree)
        self._grow(top, tree.get("/K"), None)
        return [one for kid in top.kids for one in kid.walk()]

    def _grow(self, parent: Element, kids: Any, page: Any, depth: int = 0) -> None:
        if kids is None or depth > 200:
            return
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                parent.own_text += self._words(page, kid)
            elif kid.get("/Type") == "/MCR":
                parent.own_text += self._words(kid.get("/Pg", page), int(kid["/MCID"]))
            elif kid.get("/Type") == "/OBJR":
                parent.annotations.append(kid["/Obj"].objgen)
            else:
                name = str(kid.get("/S", ""))
                element = Element(self._roles.get(name, name).removeprefix("/"), kid)
                parent.kids.append(element)
                self._grow(element, kid.get("/K"), kid.get("/Pg", page), depth + 1)

    def _words(self, page: Any, number: int) -> str:
        place = self._page_of.get(page.objgen) if page is not None else None
        return "" if place is None else self.contents[place].text.get(number, "")

    @cached_property
    def parents(self) -> dict[int, Any]:
        """The parent tree, flat: what each number of a page or annotation leads to."""
        tree = self.root.get("/StructTreeRoot")
        found: dict[int, Any] = {}
        todo = [tree.get("/ParentTree")] if tree is not None else []
        while todo:
            node = todo.pop()
            if node is None:
                continue
            nums = list(node.get("/Nums", []))
            found.update((int(key), value) for key, value in zip(nums[::2], nums[1::2], strict=False))
            todo += list(node.get("/Kids", []))
        return found

    def tagged(self, tag: str) -> list[Element]:
        return [one for one in self.elements if one.tag == tag]

    def switch(self, group: str, name: str) -> Any:
        """One of the switches that the catalog keeps in a dictionary of its own."""
        found = self.root.get(group)
        return found.get(name) if found is not None else None


def problems(data: bytes) -> list[str]:
    """Every broken rule, a sentence each; empty when the file keeps them all."""
    with pikepdf.open(BytesIO(data)) as pdf:
        checked = Checked(pdf)
        return [sentence for rule in RULES for sentence in rule(checked)]


def _identifier(doc: Checked) -> Iterator[str]:
    with doc.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        if str(meta.get(UA_PART, "")) != "1":
            yield "The metadata does not say that this is PDF/UA-1."
        if not str(meta.get("dc:title", "")).strip():
            yield "The metadata has no title."


def _catalog(doc: Checked) -> Iterator[str]:
    if not str(doc.root.get("/Lang", "")).strip():
        yield "The document names no language."
    if doc.switch("/ViewerPreferences", "/DisplayDocTitle") is not True:
        yield "The window does not show the title."
    if doc.switch("/MarkInfo", "/Marked") is not True:
        yield "The document is not marked as tagged."
    if doc.switch("/MarkInfo", "/Suspects") is True:
        yield "The tags are called suspect."


def _content(doc: Checked) -> Iterator[str]:
    in_tree = {one.obj.objgen for one in doc.elements}
    for place, (page, content) in enumerate(zip(doc.pdf.pages, doc.contents, strict=True), 1):
        if content.untagged:
            yield f"Page {place}: {content.untagged} marks are neither tagged nor artifact."
        if content.mixed:
            yield f"Page {place}: artifacts and tagged content stand in each other."
        if content.missing_glyphs:
            yield f"Page {place}: {content.missing_glyphs} characters have no glyph."
        owners = doc.parents.get(int(page.obj.get("/StructParents", -1)))
        for number in sorted(content.marked):
            owner = owners[number] if owners is not None and number < len(owners) else None
            if owner is None or owner.objgen not in in_tree:
                yield f"Page {place}: marked content {number} belongs to no element of the tree."


def _headings(doc: Checked) -> Iterator[str]:
    levels = [HEADINGS[one.tag] for one in doc.elements if one.tag in HEADINGS]
    if levels.count(1) != 1:
        yield f"There are {levels.count(1)} headings of level 1 instead of one."
    before = 0
    for level in levels:
        if level > before + 1:
            yield f"A heading of level {level} follows one of level {before}."
        before = level


def _tables(doc: Checked) -> Iterator[str]:
    for nr, table in enumerate(doc.tagged("Table"), 1):
        rows = [one for one in table.walk() if one.tag == "TR"]
        if len(widths := set(_widths(rows))) > 1:
            yield f"Table {nr} is not regular: its rows are {sorted(widths)} cells wide."
        heads = [one for one in table.walk() if one.tag == "TH"]
        if not heads:
            yield f"Table {nr} has no header cell."
        if any(str(one.attribute("/Scope")) not in ("/Row", "/Column", "/Both") for one in heads):
            yield f"Table {nr} has a header cell without a scope."


def _widths(rows: list[Element]) -> Iterator[int]:
    """How many columns each row covers, with the cells that reach down from rows above."""
    reaching: list[tuple[int, int]] = []
    for row in rows:
        cells = [one for one in row.kids if one.tag in ("TH", "TD")]
        spans = [(int(one.attribute("/ColSpan") or 1), int(one.attribute("/RowSpan") or 1)) for one in cells]
        yield sum(wide for wide, _high in spans) + sum(wide for wide, _left in reaching)
        reaching = [(wide, left - 1) for wide, left in reaching if left > 1]
        reaching += [(wide, high - 1) for wide, high in spans if high > 1]


def _figures(doc: Checked) -> Iterator[str]:
    for nr, figure in enumerate(doc.tagged("Figure"), 1):
        if not str(figure.obj.get("/Alt", "")).strip():
            yield f"Figure {nr} has no alternative text."


def _lists(doc: Checked) -> Iterator[str]:
    for one in doc.tagged("L"):
        if any(kid.tag not in ("LI", "L", "Caption") for kid in one.kids) or not one.kids:
            yield "A list holds something that is not an item."
    for one in doc.tagged("LI"):
        if any(kid.tag not in ("Lbl", "LBody") for kid in one.kids) or not one.kids:
            yield "An item of a list holds something beside its label and body."
    inside = {id(kid) for one in doc.tagged("L") for kid in one.kids}
    if any(id(one) not in inside for one in doc.tagged("LI")):
        yield "An item stands outside a list."


def _links(doc: Checked) -> Iterator[str]:
    links = {objgen for one in doc.tagged("Link") for objgen in one.annotations}
    in_tree = {one.obj.objgen for one in doc.tagged("Link")}
    for place, page in enumerate(doc.pdf.pages, 1):
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") != "/Link":
                continue
            owner = doc.parents.get(int(annotation.get("/StructParent", -1)))
            if owner is None or owner.objgen not in in_tree or annotation.objgen not in links:
                yield f"Page {place}: a link is not tied to a link element."
            if not str(annotation.get("/Contents", "")).strip():
                yield f"Page {place}: a link does not say where it leads."


def _fonts(doc: Checked) -> Iterator[str]:
    for name, font in _all_fonts(doc.pdf):
        inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
        descriptor = inner.get("/FontDescriptor")
        files = ("/FontFile", "/FontFile2", "/FontFile3")
        if font.get("/Subtype") != "/Type3" and not any(one in (descriptor or {}) for one in files):
            yield f"Font {name} is not embedded."
        if "/ToUnicode" not in font:
            yield f"Font {name} does not say which characters its glyphs are."


def _all_fonts(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    seen = set()
    for page in pdf.pages:
        todo = [page.obj.get("/Resources")]
        while todo:
            resources = todo.pop()
            if resources is None:
                continue
            for name, font in (resources.get("/Font") or {}).items():
                if font.objgen not in seen:
                    seen.add(font.objgen)
                    yield str(font.get("/BaseFont", name)), font
            for form in (resources.get("/XObject") or {}).values():
                if form.objgen not in seen:
                    seen.add(form.objgen)
                    todo.append(form.get("/Resources"))


def _tab_order(doc: Checked) -> Iterator[str]:
    for place, page in enumerate(doc.pdf.pages, 1):
        if page.obj.get("/Tabs") != "/S":
            yield f"Page {place}: the tab key does not follow the structure."


def _bookmarks(doc: Checked) -> Iterator[str]:
    headings = [(HEADINGS[one.tag], _plain(one.text)) for one in doc.elements if one.tag in HEADINGS]
    with doc.pdf.open_outline() as outline:
        marks = list(_flat(outline.root, 1))
    if marks != headings:
        yield "The bookmarks are not the headings."


def _flat(items: Any, level: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield level, _plain(str(item.title))
        yield from _flat(item.children, level + 1)


def _plain(text: str) -> str:
    """Without blanks: a heading that goes over two lines loses one at the end of the first."""
    return "".join(text.split())


RULES = (
    _identifier,
    _catalog,
    _content,
    _headings,
    _tables,
    _figures,
    _lists,
    _links,
    _fonts,
    _tab_order,
    _bookmarks,
)


def flaws(doc: Checked) -> list[str]:
    """What is wrong with the tables, figures and lists alone: a matter of whoever made the file."""
    return [sentence for rule in (_tables, _figures, _lists) for sentence in rule(doc)]
