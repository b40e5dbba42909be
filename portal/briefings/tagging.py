"""What WeasyPrint leaves undone for PDF/UA: running footers as artifacts, the scope of table headers."""

from collections.abc import Iterator
from typing import Any

_PAGINATION = "<</Type/Pagination>>"


def finish(document: Any, pdf: Any) -> None:
    """Called by WeasyPrint just before the file is written; changes the objects in place."""
    by_reference = {one.reference: one for one in pdf.objects}
    root = by_reference[pdf.catalog["StructTreeRoot"]]
    in_tree = set()
    for element, head in _elements(root["K"], by_reference, False):
        in_tree.add(element.reference)
        if element.get("S") == "/TH":
            # WeasyPrint names the headers of each cell; readers that do not follow ids want a scope too.
            element["A"]["Scope"] = "/Column" if head else "/Row"
        elif "Obj" in element:
            _speak(by_reference[element["Obj"]])
    nums = by_reference[root["ParentTree"]]["Nums"]
    owners = dict(zip(nums[::2], nums[1::2], strict=True))
    for reference in pdf.page_references:
        page = by_reference[reference]
        _artifacts(by_reference[page["Contents"]].stream, owners[page["StructParents"]], in_tree)


def _elements(kids: Any, by_reference: dict[bytes, Any], head: bool) -> Iterator[tuple[Any, bool]]:
    """Every structure element below, and whether it stands in the head of a table."""
    for kid in kids:
        if not isinstance(kid, bytes):
            continue
        element = by_reference[kid]
        inside = head or element.get("S") == "/THead"
        yield element, inside
        if "K" in element:
            yield from _elements(element["K"], by_reference, inside)


def _speak(annotation: Any) -> None:
    """A telephone link says the number, not an address."""
    target = annotation.get("A", {}).get("URI") if isinstance(annotation.get("A"), dict) else None
    if target is not None and str(target.string).startswith("tel:"):
        annotation["Contents"] = type(target)(f"Bel {str(target.string).removeprefix('tel:')}")


def _artifacts(stream: list[Any], owners: Any, in_tree: set[bytes]) -> None:
    """Turn marked content of the margins, which belongs to no element of the tree, into an artifact."""
    for place, operand in enumerate(stream):
        if not isinstance(operand, dict) or "MCID" not in operand:
            continue
        number = operand["MCID"]
        if owners[number] not in in_tree:
            stream[place - 1] = "/Artifact"
            stream[place] = _PAGINATION
            owners[number] = "null"
