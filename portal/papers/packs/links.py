"""What lies on top of a page: links are kept with a sentence, the rest is drawn into the page or left out."""

import contextlib
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

# A note that pops up is talk about the paper, not the paper.
_LEFT_OUT = {"/Popup", "/Text", "/Link", "/TrapNet", "/PrinterMark"}
_WEB = ("http://", "https://", "mailto:", "tel:")
_DEEPEST = 50


@dataclass
class OnPage:
    """The links of one page, and whether something was drawn into it."""

    links: list[Any] = field(default_factory=list)
    drawn: bool = False


def lift(pdf: pikepdf.Pdf) -> list[OnPage]:
    """Take the links aside, draw what prints into the pages, leave the rest out."""
    names = _names(pdf)
    found = [OnPage() for _page in pdf.pages]
    streams = [_streams(page.obj) for page in pdf.pages]
    for page, one in zip(pdf.pages, found, strict=True):
        annotations = [note for note in page.obj.get("/Annots", []) if isinstance(note, Dictionary)]
        for note in annotations:
            if str(note.get("/Subtype", "")) == "/Link" and _settle(note, names):
                one.links.append(note if note.is_indirect else pdf.make_indirect(note))
        drawn = [note for note in annotations if str(note.get("/Subtype", "")) not in _LEFT_OUT]
        page.obj.Annots = pdf.make_indirect(Array(drawn))
    if any(len(page.obj.Annots) for page in pdf.pages):
        with contextlib.suppress(pikepdf.PdfError, ValueError, RuntimeError):
            pdf.generate_appearance_streams()
        pdf.flatten_annotations("all")
    for page, one, before in zip(pdf.pages, found, streams, strict=True):
        one.drawn = _streams(page.obj) != before
        page.obj.Annots = pdf.make_indirect(Array(one.links))
    return found


def _streams(page: Any) -> int:
    contents = page.get("/Contents")
    return len(contents) if isinstance(contents, Array) else int(contents is not None)


def _settle(note: Any, names: dict[str, Any]) -> bool:
    """Make the link say where it leads; False when it leads nowhere that a pack knows."""
    action = note.get("/A")
    goal = note.get("/Dest")
    if isinstance(action, Dictionary):
        sort = str(action.get("/S", ""))
        if sort == "/URI":
            address = str(action.get("/URI", ""))
            return address.lower().startswith(_WEB) and _keep(
                note, Dictionary(S=Name.URI, URI=String(address)), f"Naar {address}"
            )
        goal = action.get("/D") if sort == "/GoTo" else None
    if isinstance(goal, String | Name):
        goal = names.get(str(goal))
    if isinstance(goal, Dictionary):
        goal = goal.get("/D")
    page = goal[0] if isinstance(goal, Array) and len(goal) else None
    if not isinstance(page, Dictionary) or str(page.get("/Type", "")) != "/Page":
        return False
    to = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))
    return _keep(note, to, "Naar een andere plaats in dit stuk")


def _keep(note: Any, action: Any, words: str) -> bool:
    said = str(note.get("/Contents", "")).strip()
    for name in list(note.keys()):
        if name not in ("/Type", "/Subtype", "/Rect", "/QuadPoints", "/StructParent"):
            del note[name]
    note.A = action
    note.Contents = String(said or words)
    note.Border = Array([0, 0, 0])
    note.F = 4
    return True


def _names(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """The named places of a file, of both sorts."""
    found: dict[str, Any] = {}
    old = pdf.Root.get("/Dests")
    if isinstance(old, Dictionary):
        found.update(old.items())
    names = pdf.Root.get("/Names")
    waiting = [(names.get("/Dests"), 0)] if isinstance(names, Dictionary) else []
    while waiting:
        node, depth = waiting.pop()
        if not isinstance(node, Dictionary) or depth > _DEEPEST:
            continue
        pairs = list(node.get("/Names", []))
        found.update((str(key), value) for key, value in zip(pairs[::2], pairs[1::2], strict=False))
        waiting += [(kid, depth + 1) for kid in node.get("/Kids", [])]
    return found
