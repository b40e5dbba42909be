"""The look by computing: contrast in light and dark, what a page weighs, signs that are drawn."""

import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
CSS = (STATIC / "css" / "portaal.css").read_text()
SCRIPT = (STATIC / "js" / "enhance.js").read_text()

AAA, LARGE_OR_SIGN = 7.0, 3.0
SURFACES = ("ground", "card", "sunk")
TEXT = [
    *((ink, surface, AAA) for ink in ("ink", "muted", "link") for surface in SURFACES),
    *((ink, tint, AAA) for ink in ("ink", "muted") for tint in ("brand-tint", "calm-tint")),
    *((tone, f"{tone}-tint", AAA) for tone in ("late", "soon", "ok", "info")),
    *((tone, surface, AAA) for tone in ("late", "soon", "ok") for surface in ("ground", "card")),
    ("on-brand", "brand", AAA),
    ("on-brand", "brand-hover", AAA),
    ("on-header", "header", AAA),
    ("on-header", "header-tint", AAA),
    ("brand", "card", AAA),
    *((line, surface, LARGE_OR_SIGN) for line in ("control", "focus", "late-bar") for surface in SURFACES),
    ("on-header", "header", LARGE_OR_SIGN),
]


def tokens(dark: bool) -> dict[str, str]:
    light_part, dark_part = CSS.split("@media screen and (prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--pkv-([\w-]+): (#[0-9a-f]{3,6});", light_part))
    if dark:
        end = dark_part.index("/* ==")
        found |= dict(re.findall(r"--pkv-([\w-]+): (#[0-9a-f]{3,6});", dark_part[:end]))
    return found


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "surface", "least"), TEXT)
def test_every_pair_of_colours_can_be_read(dark: bool, ink: str, surface: str, least: float) -> None:
    found = tokens(dark)
    low, high = sorted((luminance(found[ink]), luminance(found[surface])))
    assert (high + 0.05) / (low + 0.05) >= least


def test_the_dark_has_a_value_for_every_colour() -> None:
    light_part, dark_part = CSS.split("@media screen and (prefers-color-scheme: dark)", 1)
    named = set(re.findall(r"--pkv-([\w-]+): #", light_part))
    assert named == set(re.findall(r"--pkv-([\w-]+): #", dark_part[: dark_part.index("/* ==")]))


def test_every_token_that_is_used_is_there() -> None:
    assert set(re.findall(r"var\(--pkv-([\w-]+)\)", CSS)) <= set(re.findall(r"--pkv-([\w-]+):", CSS))


def test_what_a_first_visit_weighs() -> None:
    style, script = len(brotli.compress(CSS.encode())), len(SCRIPT.encode())
    fonts = sum(
        (STATIC / "fonts" / f"atkinson-next-latin-{weight}.woff2").stat().st_size for weight in (400, 600)
    )
    assert style <= 7_000
    assert script <= 5_000
    # A list page compresses to about 4 kB of HTML.
    assert style + len(brotli.compress(SCRIPT.encode())) + fonts + 7_000 <= 50_000


SHEETS_WITH_FONTS = [
    path for path in sorted((STATIC / "css").glob("*.css")) if "@font-face" in path.read_text()
]


def test_every_file_the_style_names_is_there() -> None:
    names = re.findall(r'url\("\.\./([^"]+)"\)', CSS)
    assert len(names) == 4
    assert all((STATIC / name).exists() for name in names)


@pytest.mark.parametrize("sheet", SHEETS_WITH_FONTS, ids=lambda path: path.name)
def test_no_two_font_files_share_a_name_and_weight(sheet: Path) -> None:
    """Under one name WeasyPrint mixes up the glyphs of two files: a Ć is drawn as Å, the text layer hides it."""
    faces = re.findall(r'font-family: "([^"]+)";\s+font-weight: (\d+);', sheet.read_text())
    assert len(SHEETS_WITH_FONTS) == 2
    assert len(faces) == 4
    assert len(faces) == len(set(faces))


def test_the_script_writes_no_html() -> None:
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "createPolicy",
    ):
        assert word not in SCRIPT


# Mail programs read no style sheet; the mails have rules of their own.
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path.parent.name != "mail")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_has_no_style_no_handler_and_no_sign_the_font_lacks(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"""\sstyle=|\son[a-z]+=["']|<script(?![^>]*\ssrc=)|<style""", text)
    assert not set("▲●✓✔→←≤≥") & set(text)
    assert text.startswith("{#"), "a header comment names what the template expects"
