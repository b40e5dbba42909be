"""Takes dead marks out of content that is not tagged: inside one tagged whole they would contradict it."""

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

_DEEPEST = 12
_CLOSE = pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC"))


def strip(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Leave out every mark of the page and of the forms it draws, but for those of optional layers."""
    data = b"\n".join(part.read_bytes() for part in _streams(page.obj))
    if _is_marked(data):
        page.obj.Contents = pdf.make_stream(_unmarked(pikepdf.parse_content_stream(page)))
    resources = page.obj.get("/Resources")
    for form in bared(resources, set()):
        if _is_marked(form.read_bytes()):
            form.write(_unmarked(pikepdf.parse_content_stream(form)))


def bared(resources: Any, seen: set[tuple[int, int]], depth: int = 0) -> Iterator[Any]:
    """The forms that are drawn, what they and the pictures say of themselves taken off; `seen` are done."""
    if not isinstance(resources, Dictionary) or depth > _DEEPEST:
        return
    drawn = resources.get("/XObject")
    for one in drawn.values() if isinstance(drawn, Dictionary) else ():
        if not isinstance(one, pikepdf.Stream) or one.objgen in seen:
            continue
        seen.add(one.objgen)
        for name in ("/StructParents", "/StructParent", "/Metadata", "/PieceInfo", "/AF"):
            if name in one:
                del one[name]
        if one.get("/Subtype") == "/Form":
            yield one
            yield from bared(one.get("/Resources"), seen, depth + 1)


def _streams(page: Any) -> list[Any]:
    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _is_marked(data: bytes) -> bool:
    return any(word in data for word in (b"BMC", b"BDC", b"MP", b"DP"))


def _unmarked(instructions: Any) -> bytes:
    kept, opened = [], []
    for one in instructions:
        operator = str(one.operator)
        if operator in ("MP", "DP"):
            continue
        if operator in ("BMC", "BDC"):
            opened.append(bool(len(one.operands)) and one.operands[0] == Name.OC)
            if not opened[-1]:
                continue
        elif operator == "EMC":
            if not opened or not opened.pop():
                continue
        kept.append(one)
    # What was left open would go on behind this content.
    kept += [_CLOSE] * sum(opened)
    return pikepdf.unparse_content_stream(kept)


def is_balanced(page: pikepdf.Page) -> bool:
    """Whether the content restores exactly what it saves, so that it can stand inside another."""
    depth = marked = 0
    for one in pikepdf.parse_content_stream(page, "q Q BMC BDC EMC"):
        operator = str(one.operator)
        depth += (operator == "q") - (operator == "Q")
        marked += (operator in ("BMC", "BDC")) - (operator == "EMC")
        if depth < 0 or marked < 0:
            return False
    return depth == 0 and marked == 0
