"""The PDF/UA rules: the real briefing breaks none, and for each rule a PDF that does."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from measures.tracking import actions
from measures.tracking.models import Measure
from portal.briefings import pdf, pdfua
from portal.briefings.pdfua import UA_PART, Checked, problems
from tests.briefings.conftest import Renders, content, data, made
from tests.cast import World

PAGE = """<html lang="nl"><head><title>Proef</title></head><body data-footer="voet"><h1>Eerste</h1>
<h2>Tweede</h2><p>Tekst met een <a href="tel:112">nummer</a>.</p>
<ul><li>een</li><li>twee</li></ul>
<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><th scope="row">rij</th><td>cel</td></tr></tbody></table>
<p><img alt="te laat" src="../briefing/late.svg" width="20" height="20"></p></body></html>"""


@pytest.fixture(scope="module")
def sound() -> bytes:
    """A PDF with one of everything that the rules speak of, and nothing wrong."""
    return pdf.render(PAGE).data


def _edited(data: bytes, edit: Callable[[pikepdf.Pdf], Any]) -> bytes:
    with pikepdf.open(BytesIO(data)) as document:
        edit(document)
        made = BytesIO()
        document.save(made)
    return made.getvalue()


def _rendered(html: str) -> list[str]:
    return problems(pdf.render(html).data)


def _elements(document: pikepdf.Pdf, tag: str) -> list[Any]:
    return [one.obj for one in Checked(document).elements if one.tag == tag]


def test_a_sound_document_breaks_no_rule(sound: bytes) -> None:
    assert problems(sound) == []


def test_what_weasyprint_makes_alone_would_not_do(sound: bytes, monkeypatch) -> None:
    monkeypatch.setattr("portal.briefings.tagging.finish", lambda document, made: None)
    found = _rendered(PAGE)
    assert any("belongs to no element" in one for one in found), "running footers"
    assert any("without a scope" in one for one in found)


@pytest.mark.parametrize("audience", ["kabinet", "burgemeester"])
def test_the_real_briefing_breaks_no_rule(
    world: World, full: Measure, renders: Renders, audience: str
) -> None:
    assert problems(data(made(world.kabinet_a, full, audience))) == []


def test_a_long_briefing_with_odd_characters_breaks_no_rule(world: World, full: Measure) -> None:
    for nr in range(45):
        actions.add_action(
            by=world.kabinet_a,
            measure=full,
            title=f"Actie {nr} → Łukasz ✓ \u200b①火 <b> & ‘aanhaling’ " + "lang " * 12,
            description="",
            due_on=None,
            key=f"long-{nr}",
            holder_role="kabinet",
        )
    Measure.objects.filter(pk=full.pk).update(title="Een titel die over meer dan één regel gaat " * 2)
    made_pdf = pdf.render(content(full).html(full.started_at))
    assert made_pdf.pages >= 3
    assert problems(made_pdf.data) == []


def test_bookmarks_are_the_headings(world: World, full: Measure, renders: Renders) -> None:
    with pikepdf.open(BytesIO(data(made(world.kabinet_a, full)))) as document:
        with document.open_outline() as outline:
            (top,) = outline.root
            assert top.title == full.title
            assert [one.title for one in top.children] == [
                "Doel",
                "Stand",
                "Besloten",
                "Open",
                "Datums",
                "Contacten",
            ]
        assert str(document.Root.Lang) == "nl"
        assert document.docinfo["/Title"] == f"Briefing: {full.title}"


# -- one rule at a time ------------------------------------------------------------------------
def _no_identifier(document: pikepdf.Pdf) -> None:
    with document.open_metadata() as meta:
        del meta[UA_PART]


def _no_title(document: pikepdf.Pdf) -> None:
    with document.open_metadata() as meta:
        del meta["dc:title"]


def _set(*path: str, value: Any = None) -> Callable[[pikepdf.Pdf], None]:
    def edit(document: pikepdf.Pdf) -> None:
        holder = document.Root
        for name in path[:-1]:
            holder = holder[name]
        if value is None:
            del holder[path[-1]]
        else:
            holder[path[-1]] = value

    return edit


def _stray_text(document: pikepdf.Pdf) -> None:
    page = document.pages[0]
    page.contents_add(b"0 0 10 10 re f")


def _mixed(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"/Artifact BMC /Span <</MCID 0>> BDC EMC EMC")


def _orphan(document: pikepdf.Pdf) -> None:
    """Take the first paragraph out of the tree; its text stays on the page."""
    body = document.Root.StructTreeRoot.K[0].K
    place = next(nr for nr, kid in enumerate(body) if kid.S == "/P")
    del body[place]


def _skip_level(document: pikepdf.Pdf) -> None:
    _elements(document, "H2")[0].S = pikepdf.Name("/H3")


def _two_firsts(document: pikepdf.Pdf) -> None:
    _elements(document, "H2")[0].S = pikepdf.Name("/H1")


def _no_heading(document: pikepdf.Pdf) -> None:
    for tag in ("H1", "H2"):
        _elements(document, tag)[0].S = pikepdf.Name("/P")


def _no_scope(document: pikepdf.Pdf) -> None:
    del _elements(document, "TH")[0].A.Scope


def _no_headers(document: pikepdf.Pdf) -> None:
    for cell in _elements(document, "TH"):
        cell.S = pikepdf.Name("/TD")


def _crooked(document: pikepdf.Pdf) -> None:
    _elements(document, "TD")[0].A.ColSpan = 2


def _no_alt(document: pikepdf.Pdf) -> None:
    del _elements(document, "Figure")[0].Alt


def _no_item(document: pikepdf.Pdf) -> None:
    _elements(document, "LI")[0].S = pikepdf.Name("/P")


def _no_body(document: pikepdf.Pdf) -> None:
    _elements(document, "LBody")[0].S = pikepdf.Name("/P")


def _no_list(document: pikepdf.Pdf) -> None:
    _elements(document, "L")[0].S = pikepdf.Name("/Sect")


def _link(name: str) -> Callable[[pikepdf.Pdf], None]:
    def edit(document: pikepdf.Pdf) -> None:
        del document.pages[0].Annots[0][name]

    return edit


def _untied(document: pikepdf.Pdf) -> None:
    _elements(document, "Link")[0].S = pikepdf.Name("/Span")


def _not_embedded(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].Resources.Font.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        for name in ("/FontFile2", "/FontFile3"):
            if name in descriptor:
                del descriptor[name]


def _no_unicode(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].Resources.Font.values():
        del font["/ToUnicode"]


def _missing_glyph(document: pikepdf.Pdf) -> None:
    name = next(iter(document.pages[0].Resources.Font.keys()))
    document.pages[0].contents_add(f"/Artifact BMC BT {name} 9 Tf <0000> Tj ET EMC".encode())


def _no_tabs(document: pikepdf.Pdf) -> None:
    del document.pages[0].obj["/Tabs"]


def _other_bookmark(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        outline.root[0].children[0].title = "Iets anders"


def _no_bookmarks(document: pikepdf.Pdf) -> None:
    del document.Root.Outlines


RULES = [
    (_no_identifier, "does not say that this is PDF/UA-1"),
    (_no_title, "The metadata has no title"),
    (_set("/Lang"), "names no language"),
    (_set("/ViewerPreferences"), "does not show the title"),
    (_set("/ViewerPreferences", "/DisplayDocTitle", value=False), "does not show the title"),
    (_set("/MarkInfo"), "not marked as tagged"),
    (_set("/MarkInfo", "/Suspects", value=True), "called suspect"),
    (_stray_text, "1 marks are neither tagged nor artifact"),
    (_mixed, "stand in each other"),
    (_orphan, "belongs to no element of the tree"),
    (_set("/StructTreeRoot"), "belongs to no element of the tree"),
    (_skip_level, "level 3 follows one of level 1"),
    (_two_firsts, "2 headings of level 1"),
    (_no_heading, "0 headings of level 1"),
    (_no_scope, "header cell without a scope"),
    (_no_headers, "has no header cell"),
    (_crooked, "is not regular"),
    (_no_alt, "no alternative text"),
    (_no_item, "not an item"),
    (_no_body, "beside its label and body"),
    (_no_list, "stands outside a list"),
    (_link("/StructParent"), "not tied to a link element"),
    (_link("/Contents"), "does not say where it leads"),
    (_untied, "not tied to a link element"),
    (_not_embedded, "is not embedded"),
    (_no_unicode, "which characters its glyphs are"),
    (_missing_glyph, "1 characters have no glyph"),
    (_no_tabs, "tab key does not follow"),
    (_other_bookmark, "bookmarks are not the headings"),
    (_no_bookmarks, "bookmarks are not the headings"),
]


@pytest.mark.parametrize(("edit", "sentence"), RULES, ids=[sentence for _edit, sentence in RULES])
def test_a_broken_rule_is_found(sound: bytes, edit: Callable[[pikepdf.Pdf], None], sentence: str) -> None:
    found = problems(_edited(sound, edit))
    assert any(sentence in one for one in found), found


def _two_firsts_and_their_bookmarks(document: pikepdf.Pdf) -> None:
    """Headings alone: the bookmarks go along."""
    _two_firsts(document)
    with document.open_outline() as outline:
        outline.root.append(outline.root[0].children.pop())


@pytest.mark.parametrize("rule", pdfua.RULES, ids=lambda rule: rule.__name__.strip("_"))
def test_each_rule_has_a_document_that_breaks_just_that_rule(sound: bytes, rule: Callable[..., Any]) -> None:
    def broken(edit: Callable[[pikepdf.Pdf], None]) -> list[Any]:
        with pikepdf.open(BytesIO(_edited(sound, edit))) as document:
            checked = Checked(document)
            return [one for one in pdfua.RULES if list(one(checked))]

    edits = [*(edit for edit, _sentence in RULES), _two_firsts_and_their_bookmarks]
    assert any(broken(edit) == [rule] for edit in edits)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<h2>Tweede</h2>", "<h3>Tweede</h3>", "level 3 follows one of level 1"),
        ("<h2>Tweede</h2>", "<h1>Tweede</h1>", "2 headings of level 1"),
        ('alt="te laat"', "", "no alternative text"),
        (' lang="nl"', "", "names no language"),
        ("<td>cel</td>", "", "is not regular"),
        ("<title>Proef</title>", "", "The metadata has no title"),
    ],
)
def test_html_that_breaks_a_rule_is_found_in_its_pdf(old: str, new: str, sentence: str) -> None:
    found = _rendered(PAGE.replace(old, new))
    assert any(sentence in one for one in found), found
