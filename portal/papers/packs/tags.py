"""The structure tree of one piece, made fit for a larger one: plain roles, own ids, shifted headings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

HEADINGS = {f"/H{level}": level for level in range(1, 7)}
DEEPEST = 200
_CHAIN = 20


class Unfit(Exception):
    """The tree cannot be kept: it is missing, broken, or made in a way that is not carried over."""


@dataclass
class Found:
    """What a walk through the tree came by."""

    headings: list[Any]
    named: dict[bytes, Any]


def tree_of(pdf: pikepdf.Pdf) -> Any:
    """The root of the tree; Unfit when the file does not say that it is tagged."""
    root = pdf.Root.get("/StructTreeRoot")
    marked = pdf.Root.get("/MarkInfo")
    if not isinstance(root, Dictionary) or root.get("/K") is None:
        raise Unfit
    if not isinstance(marked, Dictionary) or not bool(marked.get("/Marked", False)):
        raise Unfit
    return root


def kids_of(element: Any) -> list[Any]:
    found = element.get("/K")
    if found is None:
        return []
    return list(found) if isinstance(found, Array) else [found]


def is_element(one: Any) -> bool:
    return isinstance(one, Dictionary) and str(one.get("/Type", "/StructElem")) == "/StructElem"


def elements(root: Any) -> Iterator[Any]:
    """Every element below, in reading order; Unfit when it is too deep, circles or lies about its parts."""
    seen: set[tuple[int, int]] = set()
    waiting = [(one, 1) for one in reversed(kids_of(root))]
    while waiting:
        one, depth = waiting.pop()
        if not is_element(one):
            continue
        if depth > DEEPEST or (one.is_indirect and one.objgen in seen):
            raise Unfit
        seen.add(one.objgen)
        yield one
        waiting += [(kid, depth + 1) for kid in reversed(kids_of(one))]


def settle(pdf: pikepdf.Pdf, prefix: str, kept: set[tuple[int, int]]) -> Found:
    """Rewrite every element in place; `kept` are the annotations that are still on their pages.

    Roles and classes are worked into the elements, so that two files that mean something else by
    one name can stand in one tree; ids get a prefix of their own.
    """
    root = tree_of(pdf)
    roles, classes = root.get("/RoleMap"), root.get("/ClassMap")
    found = Found([], {})
    for one in elements(root):
        role = _plain_role(str(one.get("/S", "")), roles)
        one.S = Name(role)
        _work_in_classes(one, classes)
        if "/ID" in one:
            new = prefix.encode() + bytes(one.ID)
            one.ID = pikepdf.String(new)
            found.named[new] = one
        _prefix_headers(one, prefix)
        _drop_lost(one, kept)
        if role in HEADINGS:
            found.headings.append(one)
        for name in ("/R", "/C", "/AF", "/NS", "/PhoneticAlphabet"):
            if name in one:
                del one[name]
    return found


def _plain_role(role: str, roles: Any) -> str:
    for _turn in range(_CHAIN):
        if not isinstance(roles, Dictionary) or role not in roles:
            break
        role = str(roles[role])
    # A heading without a number has no place in a numbered outline.
    return "/P" if role in ("/H", "/Title", "") or not role.startswith("/") else role


def _work_in_classes(one: Any, classes: Any) -> None:
    if "/C" not in one or not isinstance(classes, Dictionary):
        return
    named = list(one.C) if isinstance(one.C, Array) else [one.C]
    of_class = [classes.get(str(name)) for name in named if isinstance(name, Name)]
    flat = [part for some in of_class for part in (list(some) if isinstance(some, Array) else [some])]
    own = one.get("/A")
    more = list(own) if isinstance(own, Array) else [own]
    kept = [part for part in [*more, *flat] if isinstance(part, Dictionary)]
    if kept:
        one.A = Array(kept)


def _prefix_headers(one: Any, prefix: str) -> None:
    own = one.get("/A")
    for part in own if isinstance(own, Array) else [own]:
        if isinstance(part, Dictionary) and isinstance(part.get("/Headers"), Array):
            part.Headers = Array([pikepdf.String(prefix.encode() + bytes(name)) for name in part.Headers])


def _drop_lost(one: Any, kept: set[tuple[int, int]]) -> None:
    """Take out what points at an annotation that is gone; content in a stream of its own is not carried."""
    kids = kids_of(one)
    left = []
    for kid in kids:
        if isinstance(kid, Dictionary):
            sort = str(kid.get("/Type", ""))
            if sort == "/MCR" and "/Stm" in kid:
                raise Unfit
            if sort == "/OBJR":
                about = kid.get("/Obj")
                if not isinstance(about, Dictionary) or about.objgen not in kept:
                    continue
        left.append(kid)
    if len(left) != len(kids):
        one.K = Array(left)


def numbers(root: Any) -> dict[int, Any]:
    """The parent tree as it is, flat."""
    found: dict[int, Any] = {}
    waiting = [(root.get("/ParentTree"), 0)]
    while waiting:
        node, depth = waiting.pop()
        if not isinstance(node, Dictionary) or depth > DEEPEST:
            continue
        pairs = list(node.get("/Nums", []))
        for key, value in zip(pairs[::2], pairs[1::2], strict=False):
            found[int(key)] = value
        waiting += [(kid, depth + 1) for kid in node.get("/Kids", [])]
    return found


def outline_levels(levels: list[int], base: int) -> list[int]:
    """These levels from `base` on, without a skipped one: what stands under a heading is one deeper."""
    above: list[int] = []
    found = []
    for level in levels:
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        found.append(min(base + len(above) - 1, 6))
    return found


def write_numbers(pdf: pikepdf.Pdf, root: Any, nums: list[tuple[int, Any]], named: dict[bytes, Any]) -> None:
    """The parent tree and the tree of ids, each anew and in order."""
    flat = [part for number, value in nums for part in (number, value)]
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(flat)))
    root.ParentTreeNextKey = len(nums)
    for name in ("/RoleMap", "/ClassMap", "/IDTree", "/AF", "/Namespaces", "/PronunciationLexicon"):
        if name in root:
            del root[name]
    if named:
        ids = [part for name in sorted(named) for part in (pikepdf.String(name), named[name])]
        root.IDTree = pdf.make_indirect(Dictionary(Names=Array(ids)))
