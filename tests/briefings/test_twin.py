"""The page and the PDF say the same words in the same order."""

import re
from html.parser import HTMLParser
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse

from measures.tracking import actions
from measures.tracking.models import Measure
from portal.briefings.pdfua import Checked
from tests.briefings.conftest import Renders, data, made
from tests.cast import World


class _Words(HTMLParser):
    """The words of the sections of a page, as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.words: list[str] = []
        self.heads: list[list[str]] = []
        self.in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section" and (self.depth or ("lang", "nl") in attrs):
            self.depth += 1
        if tag == "thead":
            self.heads.append([])
            self.in_head = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "section" and self.depth:
            self.depth -= 1
        if tag == "thead":
            self.in_head = False

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.words += data.split()
        if self.in_head:
            self.heads[-1] += data.split()


def _words_of_page(html: str) -> _Words:
    parser = _Words()
    parser.feed(html)
    return parser


def _words_in_sight(pdf: bytes, heads: list[list[str]]) -> list[str]:
    """What stands on the pages, without the running footer and the heads of tables that go on."""
    found: list[str] = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            words = page.get_textpage().get_text_bounded(bottom=62).split()
            before = " ".join(found)
            again = [one for one in heads if words[: len(one)] == one and " ".join(one) in before]
            found += words[len(again[0]) if again else 0 :]
    return found


def _spoken(pdf: bytes) -> str:
    """What a screen reader is given: the structure tree in its order."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return "".join(one.own_text for one in Checked(document).elements)


HEAD = (
    "Speelmaatregel Briefing · Burgemeester als last resort · stand van maandag 5 oktober 2026, 12:00 "
    "Gemeente Voorbeeldstad Portaal Kinderveiligheid voor: Kabinet "
)


@pytest.mark.parametrize("more", [0, 25])
def test_page_and_pdf_say_the_same_in_the_same_order(
    world: World, full: Measure, sign_in, renders: Renders, more: int
) -> None:
    for nr in range(more):
        actions.add_action(
            by=world.kabinet_a,
            measure=full,
            title=f"Eigen actie {nr} " + "met een lange naam " * 4,
            description="",
            due_on=None,
            key=f"more-{nr}",
            holder_role="kabinet",
        )
    row = made(world.kabinet_a, full)
    page = sign_in(world.kabinet_a).get(reverse("tracking:briefing", args=[full.pk])).content.decode()
    said = _words_of_page(page)
    assert len(said.words) > 100
    # The first page begins with what the page has as its title: the measure, whose, for whom.
    assert " ".join(_words_in_sight(data(row), said.heads)) == HEAD + " ".join(said.words)
    assert row.pages >= 2 + bool(more)


def test_what_is_read_aloud_is_what_is_seen(world: World, full: Measure, renders: Renders) -> None:
    row = made(world.kabinet_a, full)
    seen = "".join(_words_in_sight(data(row), []))
    assert re.sub(r"\s", "", _spoken(data(row))) == seen


def test_reader_and_moment_stand_on_the_first_page_and_under_every_page(
    world: World, full: Measure, renders: Renders
) -> None:
    row = made(world.kabinet_a, full, "burgemeester")
    with pypdfium2.PdfDocument(data(row)) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    assert "voor: Burgemeester" in texts[0]
    assert len(texts) == row.pages
    for nr, text in enumerate(texts, 1):
        footer = "Briefing · Burgemeester · gemaakt 5 oktober 12:00 · geldig tot en met 5 oktober"
        assert footer in " ".join(text.split())
        assert f"{nr} van {row.pages}" in text
