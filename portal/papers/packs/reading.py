"""Whether a page holds words that can be taken out of it, also where its fonts are not as they should be."""

from typing import Any

import pikepdf
from pikepdf import Dictionary

from portal.briefings.pdftext import content_of

_DEEPEST = 8
# Fonts whose codes are letters by themselves.
_PLAIN = {"/Type1", "/MMType1", "/TrueType"}
STUMBLES = (pikepdf.PdfError, ValueError, TypeError, LookupError, AttributeError)


def has_words(page: pikepdf.Page) -> bool:
    """Whether a reader of PDF finds a word on it; what cannot be followed counts as words."""
    try:
        if "".join(content_of(page).text.values()).strip():
            return True
        kinds = _PLAIN
    except STUMBLES:
        kinds = {*_PLAIN, "/Type0"}
    try:
        return _shows(page, page.obj.get("/Resources"), kinds, 0)
    except STUMBLES:
        return True


def _shows(source: Any, resources: Any, kinds: set[str], depth: int) -> bool:
    """Whether something is shown in a font of these kinds that does not say what its codes are."""
    if not isinstance(resources, Dictionary):
        return False
    fonts: Any = resources.get("/Font")
    drawn: Any = resources.get("/XObject")
    is_plain = False
    for one in pikepdf.parse_content_stream(source, "Tf Tj TJ ' \" Do"):
        operands = list(one.operands)
        name, sort = str(operands[0]) if operands else "", str(one.operator)
        if sort == "Tf":
            font: Any = fonts.get(name) if isinstance(fonts, Dictionary) else None
            is_plain = isinstance(font, Dictionary) and str(font.get("/Subtype", "")) in kinds
            is_plain = is_plain and ("/ToUnicode" not in font or "/Type0" in kinds)
        elif sort == "Do":
            form: Any = drawn.get(name) if isinstance(drawn, Dictionary) else None
            is_form = isinstance(form, pikepdf.Stream) and form.get("/Subtype") == "/Form"
            if is_form and depth < _DEEPEST and _shows(form, form.get("/Resources"), kinds, depth + 1):
                return True
        elif is_plain and any(_letters(word) for word in operands):
            return True
    return False


def _letters(shown: Any) -> bool:
    if isinstance(shown, pikepdf.Array):
        return any(_letters(one) for one in shown)
    return isinstance(shown, pikepdf.String) and bool(bytes(shown).strip())
