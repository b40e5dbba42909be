"""A measure with papers of every sort on it, and packs made of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from measures.tracking.models import Action, Measure
from portal import clock
from portal.papers.models import Paper, PaperVersion
from portal.papers.packs import actions, bindable, faces, letters, making, merge, rendered, warm
from portal.papers.packs.models import Pack
from portal.people.models import Person
from tests.cast import World
from tests.toys import toy


@pytest.fixture(autouse=True)
def work_dir(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A work folder of this test alone, so that what lies there is of this test; nothing waits after it."""
    folder = tmp_path / "tijdelijk"
    folder.mkdir()
    settings.WORK_DIR, settings.FILE_UPLOAD_TEMP_DIR = folder, str(folder)
    yield folder
    warm.end()


@pytest.fixture
def measure(world: World) -> Measure:
    return toy(world.kabinet_a, world.a)


def hang(
    subject: Action | Measure,
    by: Person,
    data: bytes,
    title: str = "Voorstel",
    kind: str = "pdf",
    **more: Any,
) -> Paper:
    """A paper on an action or a measure, as the check leaves it behind."""
    paper = Paper.objects.create(
        shelf="action" if isinstance(subject, Action) else "measure",
        subject_id=subject.pk,
        title=title,
        added_by=by,
        **subject.scope.as_fields(),
    )
    version(paper, by, data, kind, **more)
    return paper


def version(paper: Paper, by: Person, data: bytes, kind: str = "pdf", **more: Any) -> PaperVersion:
    number = paper.versions.count() + 1
    state = more.get("state", "ready")
    fields: dict[str, Any] = {
        "state": "ready",
        "file": default_storage.save(f"stukken/{uuid4()}", ContentFile(data)) if state == "ready" else "",
        "size": len(data),
        "sha256": sha256(data).hexdigest(),
        "media_type": {"pdf": "application/pdf", "image": "image/jpeg"}.get(kind, "application/x"),
        "checked_at": clock.now(),
    }
    return PaperVersion.objects.create(paper=paper, number=number, kind=kind, uploaded_by=by, **fields | more)


def settle() -> None:
    """Work until nothing waits, as workers do."""
    while making.make_waiting():
        pass


def made(by: Person, measure: Measure, left_out: tuple[str, ...] = ()) -> Pack:
    """A pack that was asked for and made."""
    row = actions.ask(by=by, binder="measure", subject=measure, left_out=left_out)
    settle()
    row.refresh_from_db()
    return row


def data(row: Pack) -> bytes:
    with default_storage.open(row.file) as file:
        found: bytes = file.read()
    return found


def texts(pdf: bytes) -> list[str]:
    """The words of each page, as a reader of PDF takes them out."""
    with pypdfium2.PdfDocument(pdf) as document:
        found = []
        for page in document:
            words = page.get_textpage()
            found.append(words.get_text_bounded().replace("\r\n", "\n"))
            words.close()
            page.close()
        return found


def bookmarks(pdf: bytes) -> list[tuple[int, str, int]]:
    """Level, words and page of every bookmark; pages from 1."""
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages, 1)}

        def walk(items: Any, level: int) -> Any:
            for item in items:
                yield level, str(item.title), pages[item.destination[0].objgen]
                yield from walk(item.children, level + 1)

        with document.open_outline() as outline:
            return list(walk(outline.root, 1))


@pytest.fixture
def bind(tmp_path: Path) -> Callable[..., tuple[dict[str, Any], bytes]]:
    """Binds one upload behind a cover and an item; what was found in it, and the pack."""

    def made(upload: bytes, kind: str = "pdf", title: str = "Voorstel") -> tuple[dict[str, Any], bytes]:
        source = tmp_path / "paper"
        source.write_bytes(upload)
        found = bindable.bind(kind, source, tmp_path / "piece", title, "p-")
        assert "refused" not in found, found
        parts = []
        for name, base in (("front", 1), ("item", 2)):
            html = f"<html lang='nl'><head><title>t</title></head><body><h1>{name}</h1></body></html>"
            own = rendered.render(html, tmp_path / name, base, f"{name}-")
            parts.append(merge.Part(str(tmp_path / name), own["pages"], name, base == 2, own["headings"]))
        headings = [tuple(one) for one in found["headings"]]
        parts.append(merge.Part(str(tmp_path / "piece"), found["pages"], "item", False, headings, title))
        whole = merge.Bound("Bundel", "Bundel voor N. Vos", "nl", "2026-10-05T10:00:00+00:00")
        letters.FACES.update(faces.every())
        with ExitStack() as stack:
            merge.merge(stack, parts[1:], lambda: (parts[0], whole), tmp_path / "whole")
        return found, (tmp_path / "whole").read_bytes()

    return made
