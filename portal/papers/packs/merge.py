"""Binds pieces into one PDF: their pages, trees, links and headings, with a head and a foot on each page.

Nothing is walked through that was settled in the piece: the trees are copied whole and only the
numbers of pages and links move up. Run as a script, in a process of its own with bounded memory: a
long pack takes memory while it is bound, and the worker keeps none of it.
"""

import json
import resource
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

if __name__ == "__main__":
    # Started without any path: the portal is found by its folder, without what it loads by itself (Celery).
    sys.modules["portal"] = ModuleType("portal")
    sys.modules["portal"].__path__ = [str(Path(__file__).resolve().parents[2])]

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from portal.papers.packs.letters import FACES, Face
from portal.papers.packs.stamp import Said, Stamp

UA_PART = "{http://www.aiim.org/pdfua/ns/id/}part"
MB = 1024 * 1024
MEMORY = 1536 * MB
CPU_SECONDS = 200
LARGEST_OUTPUT = 1024 * MB
_BREAKS = (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError, AttributeError, OSError)
# What the contents page calls a page; never an address of anybody.
GOES_TO = "https://bundel.invalid/"


class Broken(Exception):
    """A piece that cannot be bound; `place` counts from the cover, which is 0."""

    def __init__(self, place: int) -> None:
        super().__init__(f"piece {place}")
        self.place = place


@dataclass(frozen=True)
class Part:
    """One piece as it is bound. `opens` begins an item; a `heading` is stamped where the piece has none.

    `head` names the item on each page, `paper` the paper.
    """

    path: str
    pages: int
    head: str
    opens: bool
    headings: list[tuple[int, str, int]]
    heading: str = ""
    paper: str = ""


@dataclass(frozen=True)
class Bound:
    """What the whole says of itself."""

    title: str
    foot: str
    language: str
    made_at: str
    mark: str = ""


def merge(parts: list[Part], bound: Bound, out: Path) -> int:
    """Write the pack; returns how many pages it has. The first part is the cover with the contents."""
    total = sum(part.pages for part in parts)
    with ExitStack() as stack, pikepdf.new() as pdf:
        whole = _Whole(pdf, bound, total)
        for place, part in enumerate(parts):
            try:
                # Read as it is copied at saving, not held in memory; so it stays open until then.
                source = stack.enter_context(pikepdf.open(part.path, access_mode=pikepdf.AccessMode.stream))
                whole.add(source, part)
            except _BREAKS as error:
                raise Broken(place) from error
        whole.finish()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return total


class _Whole:
    """The PDF that grows."""

    def __init__(self, pdf: pikepdf.Pdf, bound: Bound, total: int) -> None:
        self.pdf, self.bound, self.total = pdf, bound, total
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        top = Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array())
        self.top = pdf.make_indirect(top)
        self.holder = self.top
        self.stamp = Stamp(pdf)
        self.marks: list[tuple[int, str, int]] = []
        self.numbers: list[Any] = []
        self.ids: list[Any] = []
        self.layers: list[Any] = []
        self.next = 0

    def add(self, source: pikepdf.Pdf, part: Part) -> None:
        """Put a piece behind what is there."""
        first = len(self.pdf.pages)
        # Pages first: what the tree says of them then leads to the copies.
        self.pdf.pages.extend(source.pages)
        tree = self.pdf.copy_foreign(source.Root.StructTreeRoot)
        if "/OCProperties" in source.Root:
            self.layers.append(self.pdf.copy_foreign(source.make_indirect(source.Root.OCProperties)))
        holder = self._holder(part)
        owners = self._renumber(tree, first)
        number = 0
        if part.heading:
            page = self.pdf.pages[first].obj
            number = len(owners)
            heading = Dictionary(Type=Name.StructElem, S=Name.H3, P=holder, Pg=page, K=number)
            owners.append(self.pdf.make_indirect(heading))
            holder.K.append(owners[number])
        for kid in tree.K if isinstance(tree.K, Array) else [tree.K]:
            kid.P = holder
            kid.S = Name.Sect if Name.Document == kid.S else kid.S
            holder.K.append(kid)
        for place in range(first, len(self.pdf.pages)):
            written = self._press(place, part, number if place == first else -1)
            if written:
                self.marks.append((3, written, place))
        self.marks += [(level, title, first + place) for level, title, place in part.headings]

    def _holder(self, part: Part) -> Any:
        """The element a piece hangs in: the cover in the whole, an item in a part, a paper in its item."""
        if not self.next:
            return self.top
        above = self.top if part.opens else self.holder
        sort = Name.Part if part.opens else Name.Art
        made = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=sort, P=above, K=Array()))
        above.K.append(made)
        if part.opens:
            self.holder = made
        return made

    def _renumber(self, tree: Any, first: int) -> Any:
        """Move the numbers of a piece up; returns what belongs to the marks of its first page."""
        for page in self.pdf.pages[first:]:
            page.obj.StructParents = int(page.obj.StructParents) + self.next
            page.obj.Tabs = Name.S
            for note in page.obj.get("/Annots", []):
                note.StructParent = int(note.StructParent) + self.next
                # Only the contents: an upload may hold the same address.
                if not first:
                    self._lead(note)
        pairs = list(tree.ParentTree.Nums)
        up = self.next
        moved = [one if place % 2 else int(one) + up for place, one in enumerate(pairs)]
        node = Dictionary(Nums=Array(moved), Limits=Array([moved[0], moved[-2]]))
        self.numbers.append(self.pdf.make_indirect(node))
        self.next = moved[-2] + 1
        if "/IDTree" in tree:
            names = tree.IDTree.Names
            self.ids.append((bytes(names[0]), bytes(names[len(names) - 2]), names))
        return moved[1]

    def _lead(self, note: Any) -> None:
        """A line of the contents leads to its page, which is there only once all is bound."""
        address = str(note.A.get("/URI", ""))
        if address.startswith(GOES_TO):
            number = int(address.removeprefix(GOES_TO))
            note.Contents = String(f"Ga naar pagina {number}")
            note.PkTo = number

    def _press(self, place: int, part: Part, number: int) -> str:
        """Head and foot of a page; returns the heading that was written, if one was."""
        said = Said(
            head=part.head,
            foot=self.bound.foot,
            place=f"{place + 1} van {self.total}",
            heading=part.heading if number >= 0 else "",
            number=max(number, 0),
            paper=part.paper,
            mark=self.bound.mark,
        )
        return self.stamp.press(self.pdf.pages[place].obj, said)

    def finish(self) -> None:
        """What belongs to the whole: the tree, the bookmarks, the layers and what it says of itself."""
        pdf, root = self.pdf, self.pdf.Root
        for page in pdf.pages:
            for note in page.obj.get("/Annots", []):
                if "/PkTo" in note:
                    to = Array([pdf.pages[int(note.PkTo) - 1].obj, Name.Fit])
                    note.A = Dictionary(S=Name.GoTo, D=to)
                    del note["/PkTo"]
        self.root.K = Array([self.top])
        self.root.ParentTree = pdf.make_indirect(Dictionary(Kids=Array(self.numbers)))
        self.root.ParentTreeNextKey = self.next
        if self.ids:
            self.root.IDTree = pdf.make_indirect(Dictionary(Kids=Array(self._id_nodes())))
        root.StructTreeRoot = self.root
        root.MarkInfo = Dictionary(Marked=True)
        root.Lang = String(self.bound.language)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.PageMode = Name.UseOutlines
        self._keep_layers()
        with pdf.open_outline() as outline:
            outline.root.extend(_nested(self.marks))
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta[UA_PART] = "1"
            meta["dc:title"] = self.bound.title
            meta["dc:language"] = [self.bound.language]
            meta["xmp:CreateDate"] = self.bound.made_at
            meta["pdf:Producer"] = "Portaal Kinderveiligheid"

    def _id_nodes(self) -> list[Any]:
        nodes = []
        for first, last, names in sorted(self.ids, key=lambda one: one[0]):
            limits = Array([String(first), String(last)])
            nodes.append(self.pdf.make_indirect(Dictionary(Names=names, Limits=limits)))
        return nodes

    def _keep_layers(self) -> None:
        """What a paper hides in a layer stays hidden."""
        groups, off = Array(), Array()
        for one in self.layers:
            usual = one.get("/D", Dictionary())
            every = list(one.get("/OCGs", []))
            shown = {group.objgen for group in usual.get("/ON", [])}
            hidden = list(usual.get("/OFF", []))
            if usual.get("/BaseState") == Name.OFF:
                hidden = [group for group in every if group.objgen not in shown]
            groups.extend(every)
            off.extend(hidden)
        if len(groups):
            self.pdf.Root.OCProperties = Dictionary(
                OCGs=groups, D=Dictionary(BaseState=Name.ON, OFF=off, Order=Array(), Name=String("Bundel"))
            )


def _nested(marks: list[tuple[int, str, int]]) -> list[OutlineItem]:
    """The bookmarks as a tree."""
    top: list[OutlineItem] = []
    above: list[tuple[int, OutlineItem]] = []
    for level, title, place in marks:
        item = OutlineItem(title, place, "Fit")
        while above and above[-1][0] >= level:
            above.pop()
        (above[-1][1].children if above else top).append(item)
        above.append((level, item))
    for item in top:
        item.is_closed = False
        for inner in item.children:
            inner.is_closed = True
    return top


def bound_process() -> None:
    """From here on this process gets no more memory, time or disk than a long pack needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    about = json.loads(Path(sys.argv[1]).read_text())
    bound_process()
    FACES.update({name: Face(**one) for name, one in about["faces"].items()})
    try:
        pages = merge([Part(**one) for one in about["parts"]], Bound(**about["bound"]), Path(about["out"]))
        sys.stdout.write(json.dumps({"pages": pages}))
    except Broken as broken:
        sys.stdout.write(json.dumps({"broken": broken.place}))
