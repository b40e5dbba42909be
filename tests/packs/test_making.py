"""Making packs: pieces once each, bound by the last, made again only where something changed."""

from measures.tracking.models import Measure
from portal.briefings.pdfua import problems
from tests.cast import World, step
from tests.packs.conftest import bookmarks, data, hang, made, texts
from tests.papers import files


def test_a_pack_is_made_of_the_measure_its_papers_and_its_actions(world: World, measure: Measure) -> None:
    hang(measure, world.kabinet_a, files.pdf(2), "Voorstel van het college")
    hang(step(measure, "decide"), world.kabinet_a, files.photo((600, 400)), "Foto van de zaal", "image")
    row = made(world.kabinet_a, measure)
    assert (row.state, row.problem) == ("ready", "")
    pdf = data(row)
    assert problems(pdf) == []
    pages = texts(pdf)
    assert len(pages) == row.pages
    for number, page in enumerate(pages, 1):
        assert f"{number} van {row.pages}" in page
        assert f"Bundel voor {world.kabinet_a.name}" in page
    marks = bookmarks(pdf)
    assert [title for level, title, _page in marks if level == 2][:2] == ["Inhoud", "Stand van de maatregel"]
    (place,) = [page for level, title, page in marks if title == "Foto van de zaal"]
    assert "Stap decide · Foto van de zaal" in pages[place - 1]
