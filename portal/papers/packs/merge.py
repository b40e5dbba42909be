"""Binds pieces into one PDF: their pages, trees, links and headings, with a head and a foot on each page.

Nothing is walked through that was settled in the piece: the trees are copied whole and only the
numbers of pages and links move up. Run as a script, in a process of its own with bounded memory: a
long pack takes memory while it is bound, and the worker keeps none of it. It is told on its standard
input: first, on one line, where the list of pieces lies and where the pack goes; on a second line, while
it copies these, where it reads of the cover. Nobody need have work for it when it is started.
"""

import json
import os
import resource
import select
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

if __name__ == "__main__":
    # Started without any path: the portal is found by its folder, without what it loads by itself (Celery).
    sys.modules["portal"] = ModuleType("portal")
    sys.modules["portal"].__path__ = [str(Path(__file__).resolve().parents[2])]

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from portal.papers.packs.letters import FACES, Face
from portal.papers.packs.stamp import Said, Stamp

MB = 1024 * 1024
MEMORY = 1536 * MB
CPU_SECONDS = 200
LARGEST_OUTPUT = 1024 * MB
# So long it waits for work; then it ends.
IDLE_SECONDS = 60
_BREAKS = (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError, AttributeError, OSError)
# What the contents page calls a page; never an address of anybody.
GOES_TO = "https://bundel.invalid/"
_PRODUCER = "Portaal Kinderveiligheid"
# Written out: what pikepdf reads and writes metadata with takes longer to load than to write this.
_METADATA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{made_at}</xmp:CreateDate><pdf:Producer>{producer}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


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


def merge(stack: ExitStack, parts: list[Part], rest: Callable[[], tuple[Part, Bound]], out: Path) -> int:
    """Write the pack; returns how many pages it has. `rest` waits for the cover and what the whole says.

    Until `stack` is closed all that was copied is held; a process that ends leaves that out.
    """
    whole = _Whole(stack.enter_context(pikepdf.new()))

    def add(place: int, part: Part) -> None:
        try:
            # Read as it is copied at saving, not held in memory; so it stays open until then.
            source = stack.enter_context(pikepdf.open(part.path, access_mode=pikepdf.AccessMode.stream))
            if place:
                whole.add(source, part)
            else:
                whole.front(source, part)
        except _BREAKS as error:
            raise Broken(place) from error

    for place, part in enumerate(parts, 1):
        add(place, part)
    cover, bound = rest()
    add(0, cover)
    whole.finish(bound)
    # Its metadata is right as it is: looking it through again means loading a reader of XML.
    whole.pdf.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        fix_metadata_version=False,
        preserve_pdfa=False,
    )
    return len(whole.pdf.pages)


class _Whole:
    """The PDF that grows: the pieces one behind the other, at last the cover before them."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        top = Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array())
        self.top = pdf.make_indirect(top)
        self.holder = self.top
        self.parts: list[tuple[Part, int]] = []
        self.numbers: list[Any] = []
        self.ids: list[Any] = []
        self.layers: list[Any] = []
        self.next = 0

    def add(self, source: pikepdf.Pdf, part: Part) -> None:
        """Put a piece behind what is there."""
        first = len(self.pdf.pages)
        # Pages first: what the tree says of them then leads to the copies.
        self.pdf.pages.extend(source.pages)
        pages = self.pdf.pages[first:]
        tree = self._tree(source)
        holder = self._holder(part)
        owners = self._renumber(tree, pages)
        number = -1
        if part.heading:
            number = len(owners)
            heading = Dictionary(Type=Name.StructElem, S=Name.H3, P=holder, Pg=pages[0].obj, K=number)
            owners.append(self.pdf.make_indirect(heading))
            holder.K.append(owners[number])
        holder.K.extend(_hung(tree, holder))
        self.parts.append((part, number))

    def front(self, source: pikepdf.Pdf, part: Part) -> None:
        """Put the cover before all pieces, its lines leading to their pages."""
        for place, page in enumerate(source.pages):
            self.pdf.pages.insert(place, page)
        pages = self.pdf.pages[: len(source.pages)]
        tree = self._tree(source)
        self._renumber(tree, pages)
        self.top.K = Array([*_hung(tree, self.top), *self.top.K])
        self.parts.insert(0, (part, -1))
        # Only here: an upload may hold the same address.
        for page in pages:
            for note in page.obj.get("/Annots", []):
                self._lead(note)

    def _tree(self, source: pikepdf.Pdf) -> Any:
        if "/OCProperties" in source.Root:
            self.layers.append(self.pdf.copy_foreign(source.make_indirect(source.Root.OCProperties)))
        return self.pdf.copy_foreign(source.Root.StructTreeRoot)

    def _holder(self, part: Part) -> Any:
        """The element a piece hangs in: an item in the whole, a paper in its item."""
        above = self.top if part.opens else self.holder
        sort = Name.Part if part.opens else Name.Art
        made = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=sort, P=above, K=Array()))
        above.K.append(made)
        if part.opens:
            self.holder = made
        return made

    def _renumber(self, tree: Any, pages: list[pikepdf.Page]) -> Any:
        """Move the numbers of a piece up; returns what belongs to the marks of its first page."""
        for page in pages:
            page.obj.StructParents = int(page.obj.StructParents) + self.next
            page.obj.Tabs = Name.S
            for note in page.obj.get("/Annots", []):
                note.StructParent = int(note.StructParent) + self.next
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
        """A line of the contents leads to its page."""
        address = str(note.A.get("/URI", ""))
        if address.startswith(GOES_TO):
            number = int(address.removeprefix(GOES_TO))
            note.Contents = String(f"Ga naar pagina {number}")
            note.A = Dictionary(S=Name.GoTo, D=Array([self.pdf.pages[number - 1].obj, Name.Fit]))

    def _press(self, bound: Bound) -> list[tuple[int, str, int]]:
        """Head and foot of every page; returns the bookmarks, those of headings that were written too."""
        stamp, pages = Stamp(self.pdf), list(self.pdf.pages)
        marks, first = [], 0
        for part, number in self.parts:
            for place in range(first, first + part.pages):
                opens = place == first and number >= 0
                written = stamp.press(
                    pages[place].obj,
                    Said(
                        head=part.head,
                        foot=bound.foot,
                        place=f"{place + 1} van {len(pages)}",
                        heading=part.heading if opens else "",
                        number=number if opens else 0,
                        paper=part.paper,
                        mark=bound.mark,
                    ),
                )
                if written:
                    marks.append((3, written, place))
            marks += [(level, title, first + place) for level, title, place in part.headings]
            first += part.pages
        return marks

    def finish(self, bound: Bound) -> None:
        """What belongs to the whole: the tree, the bookmarks, the layers and what it says of itself."""
        pdf, root = self.pdf, self.pdf.Root
        marks = self._press(bound)
        self.root.K = Array([self.top])
        self.root.ParentTree = pdf.make_indirect(Dictionary(Kids=Array(self.numbers)))
        self.root.ParentTreeNextKey = self.next
        if self.ids:
            self.root.IDTree = pdf.make_indirect(Dictionary(Kids=Array(self._id_nodes())))
        root.StructTreeRoot = self.root
        root.MarkInfo = Dictionary(Marked=True)
        root.Lang = String(bound.language)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.PageMode = Name.UseOutlines
        self._keep_layers()
        with pdf.open_outline() as outline:
            outline.root.extend(_nested(marks))
        root.Metadata = pdf.make_stream(_metadata(bound), Type=Name.Metadata, Subtype=Name.XML)
        made_at = datetime.fromisoformat(bound.made_at).astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
        about = Dictionary(Title=String(bound.title), Producer=String(_PRODUCER), CreationDate=made_at)
        pdf.trailer.Info = pdf.make_indirect(about)

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


def _metadata(bound: Bound) -> bytes:
    said = {"title": bound.title, "language": bound.language, "made_at": bound.made_at, "producer": _PRODUCER}
    # XML knows no way to write most signs that cannot be printed.
    plain = {name: "".join(filter(str.isprintable, one)) for name, one in said.items()}
    return _METADATA.format(**{name: escape(one) for name, one in plain.items()}).encode()


def _hung(tree: Any, holder: Any) -> list[Any]:
    """What stands on top in the tree of a piece, hung in the element that holds it."""
    kids = list(tree.K) if isinstance(tree.K, Array) else [tree.K]
    for kid in kids:
        kid.P = holder
        kid.S = Name.Sect if Name.Document == kid.S else kid.S
    return kids


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


def _job(seconds: float) -> tuple[list[Part], Path]:
    """The pieces and where the pack goes; ends this process when nobody comes with it any more."""
    line = sys.stdin.readline() if select.select([sys.stdin], [], [], seconds)[0] else ""
    if not line:
        os._exit(0)
    about = json.loads(line)
    return [Part(**one) for one in json.loads(Path(about["pieces"]).read_text())], Path(about["out"])


def _told() -> tuple[Part, Bound]:
    """What the worker says once it has rendered the cover."""
    about = json.loads(Path(sys.stdin.readline().rstrip("\n")).read_text())
    FACES.update({name: Face(**one) for name, one in about["faces"].items()})
    return Part(**about["front"]), Bound(**about["bound"])


if __name__ == "__main__":
    bound_process()
    pieces, out = _job(float(sys.argv[1]))
    held = ExitStack()
    try:
        said = {"pages": merge(held, pieces, _told, out)}
    except Broken as broken:
        said = {"broken": broken.place}
    sys.stdout.write(json.dumps(said))
    sys.stdout.flush()
    # At once: letting go of what was copied one by one takes as long as writing it.
    os._exit(0)
