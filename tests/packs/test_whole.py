"""A real pack of 200 pages and 25 items with uploads, and a heavy upload; every word, tag and number of it."""

import resource
from collections import Counter
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.utils.safestring import mark_safe

from portal.briefings import pdf as briefing
from portal.briefings.pdfua import Checked, problems
from portal.municipalities.models import Scope
from portal.papers.models import Paper
from portal.papers.packs import actions
from portal.papers.packs.models import Pack
from portal.papers.packs.registry import Binder, Cover, Item, Words, binders
from portal.papers.shelves import Shelf, shelves
from portal.people.models import Person
from tests.bench.pack_toy import body
from tests.cast import World
from tests.packs.conftest import bookmarks, data, settle, texts, version
from tests.papers import files


class Toy:
    """A subject that is no measure."""

    title = "Speelgoed"

    def __init__(self, pk: Any, scope: Scope) -> None:
        self.pk, self.scope = pk, scope


@pytest.fixture
def toy(world: World) -> Any:
    """A registered subject with 25 items, papers of every sort on some of them."""

    def own(person: Person) -> Any:
        return Person.objects.filter(pk=person.pk)

    def items(subject: Any, _person: Person, _as_of: Any) -> list[Item]:
        return [
            Item(
                f"item:{nr}",
                f"Onderdeel {nr}",
                lambda nr=nr: Words(mark_safe(body(nr, "proef", 76))),  # type: ignore[misc]
                ((f"toy{nr}", subject.pk),),
            )
            for nr in range(25)
        ]

    subject = Toy(world.kabinet_a.pk, world.a)
    cover = Cover((("Soort", "Proef"),))
    binders.register(Binder("toy", "Bundel", lambda pk: subject, own, items, lambda *_: cover, str))
    nobody = Person.objects.none()
    for nr in range(25):
        shelves.register(
            Shelf(f"toy{nr}", lambda pk: subject, own, lambda _p: nobody, lambda *_: True, str, lambda _o: {})
        )
    yield subject
    binders.unregister("toy")
    for nr in range(25):
        shelves.unregister(f"toy{nr}")


def add(world: World, nr: int, upload: bytes, kind: str = "pdf") -> None:
    by = world.kabinet_a
    paper = Paper.objects.create(
        shelf=f"toy{nr}", subject_id=by.pk, title=f"Stuk {nr}", added_by=by, **world.a.as_fields()
    )
    version(paper, by, upload, kind)


def test_a_pack_of_200_pages_and_25_items_is_whole(world: World, toy: Any) -> None:
    report = briefing.render(
        f"<html lang='nl'><head><title>x</title></head><body><h1>Verslag</h1>{body(0, 'stuk', 40)}</body></html>"
    )
    for nr in range(0, 25, 5):
        add(world, nr, report.data)
        add(world, nr + 1, files.pdf(2))
    add(world, 2, files.photo((1200, 800)), "image")
    row = actions.ask(by=world.kabinet_a, binder="toy", subject=toy)
    settle()
    row = Pack.objects.get(pk=row.pk)
    pdf = data(row)
    assert row.is_ready
    assert row.pages >= 200
    assert problems(pdf) == []
    pages = texts(pdf)
    assert len(pages) == row.pages
    assert all(f"{number} van {row.pages}" in page for number, page in enumerate(pages, 1))
    marks = bookmarks(pdf)
    assert [title for level, title, _page in marks if level == 2] == [
        "Inhoud",
        *(f"Onderdeel {nr}" for nr in range(25)),
    ]
    for level, title, page in marks:
        assert title in " ".join(pages[page - 1].split())
        if level == 3 and title.startswith("Stuk"):
            assert f"Onderdeel {title.removeprefix('Stuk ')} · {title}" in pages[page - 1]
    with pikepdf.open(BytesIO(pdf)) as document:
        contents = [note for page in document.pages[:4] for note in page.obj.get("/Annots", [])]
        numbers = {page.obj.objgen: number for number, page in enumerate(document.pages, 1)}
        led = [numbers[note.A.D[0].objgen] for note in contents]
        assert led == [page for level, title, page in marks if level in (2, 3) and title[:2] in ("On", "St")]
        now = Counter(one.tag for one in Checked(document).elements)
    pieces = Counter[str]()
    for piece in row.pieces.all():
        from django.core.files.storage import default_storage

        with default_storage.open(piece.file) as file, pikepdf.open(file) as document:
            pieces += Counter(one.tag for one in Checked(document).elements)
    for tag in ("TR", "TH", "TD", "Figure", "H4", "P"):
        assert now[tag] >= pieces[tag] > 0, tag


def test_a_heavy_paper_is_bound_without_the_worker_holding_it(world: World, toy: Any) -> None:
    import os

    def stuff(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            picture = document.make_stream(os.urandom(10 << 20))
            picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            picture.Width, picture.Height, picture.BitsPerComponent = 1024, 10240, 8
            picture.ColorSpace = pikepdf.Name.DeviceGray
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
            page.obj.Contents = document.make_stream(b"100 0 0 100 0 0 cm /I Do")

    upload = files.pdf(4, stuff)
    assert len(upload) > 40 << 20
    add(world, 0, upload)
    del upload
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    row = actions.ask(
        by=world.kabinet_a, binder="toy", subject=toy, left_out=[f"item:{nr}" for nr in range(1, 25)]
    )
    settle()
    row = Pack.objects.get(pk=row.pk)
    assert row.pieces.get(sort="paper").pages == 4
    # The storage of these tests is memory itself: three copies of the file, and little beside.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 260 * 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 700 * 1024
