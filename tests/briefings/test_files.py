"""What a briefing may read: its own style sheet, signs and fonts, and nothing else."""

import logging
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from portal.briefings import pdf
from portal.briefings.glyphs import DRAWN, drawable
from portal.briefings.pdftext import Font

PAGE = "<html lang=nl><head><title>t</title></head><body data-footer=x><h1>t</h1>{}</body></html>"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.png",
        "https://example.org/x.css",
        "ftp://example.org/x",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "file://elsewhere/etc/passwd",
        "file:///proc/self/environ",
        (settings.BASE_DIR / "manage.py").as_uri(),
        (settings.BASE_DIR / "static/css/portaal.css").as_uri(),
        (settings.BASE_DIR / "static/css/../../manage.py").as_uri(),
        "file://" + str(settings.BASE_DIR / "static/css") + "/%2e%2e/%2e%2e/manage.py",
        settings.VAR_DIR.as_uri(),
        "relative.png",
        "",
    ],
)
def test_whatever_is_not_its_own_is_refused(url: str) -> None:
    with pytest.raises(pdf.Refused):
        pdf.allowed_path(url)


@pytest.mark.parametrize("name", pdf.ASSETS)
def test_its_own_files_are_there_and_read(name: str) -> None:
    assert pdf.allowed_path(pdf.asset(name).as_uri()) == pdf.asset(name)
    assert pdf.asset(name).is_file()


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "late.svg").symlink_to("/etc/hostname")
    with pytest.raises(pdf.Refused):
        pdf.allowed_path((tmp_path / "late.svg").as_uri())


@pytest.mark.parametrize(
    "html",
    [
        '<img alt=x src="file:///etc/passwd">',
        '<img alt=x src="http://127.0.0.1:9/x.png">',
        '<link rel=stylesheet href="http://127.0.0.1:9/x.css">',
        '<style>@import url("file:///etc/passwd"); p { background: url(http://127.0.0.1:9/y) }</style><p>x',
        '<link rel=attachment href="file:///etc/passwd" title=x>',
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_a_document_that_names_something_else_is_made_without_it(html: str, monkeypatch) -> None:
    opened: list[Path] = []
    real = Path.read_bytes

    def read_bytes(self: Path) -> bytes:
        opened.append(self)
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    made = pdf.render(PAGE.format(html))
    assert made.pages == 1
    assert b"root:" not in made.data
    assert all(path in {pdf.asset(name) for name in pdf.ASSETS} for path in opened)


def test_the_characters_we_think_the_font_has_are_those_it_has() -> None:
    found: set[int] = set()
    for name in pdf.ASSETS:
        if name.endswith(".woff2"):
            with TTFont(pdf.asset(name)) as font:
                found |= set(font.getBestCmap())
    assert {chr(code) for code in found} == DRAWN


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Şükrü Çelik, Łukasz Żak, IJsbrand ĳ", "Şükrü Çelik, Łukasz Żak, IJsbrand ĳ"),
        ("e\u0301e\u0301n", "één"),
        ("naar → driehoek, ≤ 3 ✓", "naar -&gt; driehoek, &lt;= 3 v"),
        ("zacht\u00adwoord\u200b einde\u202f!", "zachtwoord einde !"),
        ("ﬁets ½ ①", "fiets ½ 1"),
        ("火", "?"),
        ("a\x0bb\x07c", "a bc"),
        ("<p>gewoon</p>\n", "<p>gewoon</p>\n"),
    ],
)
def test_what_the_font_lacks_is_written_another_way(typed: str, drawn: str) -> None:
    assert drawable(typed) == drawn


def test_extended_letters_are_drawn_from_their_own_file() -> None:
    """Two files under one name would draw a Ć as another letter, while its text still reads Ć."""
    with pikepdf.open(BytesIO(pdf.render(PAGE.format("<p>Ćelik Łukasz Aå")).data)) as document:
        fonts = [Font.of(font) for font in document.pages[0].Resources.Font.values()]
    holding = [set(font.characters.values()) for font in fonts]
    assert any({"Ć", "Ł"} <= one and not one & {"A", "å", "e"} for one in holding)
    assert any({"A", "å", "e"} <= one and not one & {"Ć", "Ł"} for one in holding)


def test_print_needs_neither_flex_nor_grid() -> None:
    css = pdf.css_text()
    assert "flex" not in css.replace("no flex", "")
    assert "display: grid" not in css
    assert "table-layout: fixed" in css
