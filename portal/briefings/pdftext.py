"""Reading the content of a PDF: which text stands in which marked content, and what is not marked."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_PAINTS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "INLINE IMAGE"})
_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_HEX = r"<\s*([0-9A-Fa-f\s]*)>"


@dataclass
class Font:
    """How the codes of one font become characters."""

    wide: bool
    characters: dict[int, str]

    @classmethod
    def of(cls, font: Any) -> "Font":
        wide = font.get("/Subtype") == "/Type0"
        cmap = font.get("/ToUnicode")
        return cls(wide, _characters(cmap.read_bytes().decode("latin-1")) if cmap is not None else {})

    def codes(self, raw: bytes) -> list[int]:
        if not self.wide:
            return list(raw)
        return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]


def _characters(cmap: str) -> dict[int, str]:
    """The table of a ToUnicode map."""
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(_HEX + r"\s*" + _HEX, block):
            found[int(code, 16)] = _utf16(text)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text, several in re.findall(
            _HEX + r"\s*" + _HEX + r"\s*(?:" + _HEX + r"|\[(.*?)\])", block, re.DOTALL
        ):
            texts = [_utf16(one) for one in re.findall(_HEX, several)] if several else []
            for place, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                if texts:
                    found[code] = texts[place] if place < len(texts) else ""
                else:
                    base = _utf16(text)
                    found[code] = base[:-1] + chr(ord(base[-1]) + place) if base else ""
    return found


def _utf16(digits: str) -> str:
    return bytes.fromhex(re.sub(r"\s", "", digits)).decode("utf-16-be", errors="replace")


@dataclass
class Content:
    """What one page paints."""

    text: dict[int, str] = field(default_factory=lambda: defaultdict(str))
    marked: set[int] = field(default_factory=set)
    untagged: int = 0
    mixed: int = 0
    missing_glyphs: int = 0


@dataclass
class _State:
    font: Font | None = None


class _Reader:
    """Follows the operators of a page and of the forms that it draws."""

    def __init__(self) -> None:
        self.found = Content()
        # One entry for each open marked content: its number, or None; and whether it is an artifact.
        self.open: list[tuple[int | None, bool]] = []

    def read(self, source: Any, resources: Any, depth: int = 0) -> None:
        fonts = {str(name): Font.of(font) for name, font in ((resources or {}).get("/Font") or {}).items()}
        forms = (resources or {}).get("/XObject") or {}
        state, saved = _State(), []
        for instruction in pikepdf.parse_content_stream(source):
            operands, operator = list(instruction.operands), str(instruction.operator)
            if operator == "q":
                saved.append(state.font)
            elif operator == "Q":
                state.font = saved.pop() if saved else None
            elif operator == "Tf":
                state.font = fonts.get(str(operands[0]))
            elif operator in ("BMC", "BDC"):
                self._begin(operands)
            elif operator == "EMC" and self.open:
                self.open.pop()
            elif operator in _SHOWS:
                self._show(operands, state.font)
            elif operator == "Do":
                self._draw(forms.get(str(operands[0])), resources, depth)
            elif operator in _PAINTS:
                self._paint()

    def _begin(self, operands: list[Any]) -> None:
        properties = operands[1] if len(operands) > 1 else None
        number = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
        artifact = str(operands[0]) == "/Artifact"
        if (artifact and self._number() is not None) or (number is not None and self._in_artifact()):
            self.found.mixed += 1
        self.open.append((int(number) if number is not None else None, artifact))
        if number is not None:
            self.found.marked.add(int(number))

    def _number(self) -> int | None:
        return next((number for number, _artifact in reversed(self.open) if number is not None), None)

    def _in_artifact(self) -> bool:
        return any(artifact for _number, artifact in self.open)

    def _paint(self) -> None:
        if self._number() is None and not self._in_artifact():
            self.found.untagged += 1

    def _show(self, operands: list[Any], font: Font | None) -> None:
        self._paint()
        parts = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
        number = self._number()
        for part in parts:
            if font is None or not isinstance(part, pikepdf.String):
                continue
            codes = font.codes(bytes(part))
            self.found.missing_glyphs += font.wide and codes.count(0)
            if number is not None:
                self.found.text[number] += "".join(font.characters.get(code, "") for code in codes)

    def _draw(self, form: Any, resources: Any, depth: int) -> None:
        if form is None or form.get("/Subtype") != "/Form" or depth > 8:
            self._paint()
            return
        self.read(form, form.get("/Resources", resources), depth + 1)


def content_of(page: pikepdf.Page) -> Content:
    """What this page paints, its text by marked content."""
    reader = _Reader()
    reader.read(page, page.obj.get("/Resources"))
    return reader.found
