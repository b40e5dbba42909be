"""The registries of documents and sections, proven with a toy document of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import get_template
from django.test import override_settings

from portal import clock
from portal.briefings.compose import compose
from portal.briefings.registry import Audience, Document, Section, document, documents, sections, sections_of
from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.people.models import Person
from tests.cast import World

READER = Audience("kabinet", "Kabinet", frozenset({Role.KABINET}))


@dataclass(frozen=True)
class Toy:
    """A subject that is no measure."""

    scope: Scope
    title: str = "Speelgoed"
    kind: str = "Proef"
    scope_name: str = "Gemeente Proef"
    url: str = "/"


@dataclass(frozen=True)
class Said:
    text: str
    changes_at: datetime | None = None


def _toy_document(world: World) -> Document:
    return Document(
        key="toy",
        title="Proefstuk",
        subject=lambda pk: Toy(world.a),
        visible_to=lambda person: Person.objects.filter(pk=person.pk),
        audiences=lambda subject: (READER,),
    )


@pytest.fixture
def toy(world: World, tmp_path: Path) -> Iterator[Document]:
    """A registered document with three sections, of which one has nothing to say."""
    folder = tmp_path / "briefings" / "sections"
    folder.mkdir(parents=True)
    for key in ("toy_first", "toy_last", "toy_silent"):
        (folder / f"{key}.html").write_text("<h2>{{ section.text }} {{ audience.label }}</h2>")
    of = _toy_document(world)
    tomorrow = clock.end_of(clock.today())
    added = [
        Section("toy_last", ("toy",), 2, lambda reader, subject, as_of: Said("Laatst", tomorrow)),
        Section("toy_silent", ("toy", "measure"), 3, lambda reader, subject, as_of: None),
        Section("toy_first", ("toy",), 1, lambda reader, subject, as_of: Said(subject.title)),
    ]
    documents.register(of)
    for one in added:
        sections.register(one)
    engine: dict[str, Any] = settings.TEMPLATES[0]
    dirs = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    with override_settings(TEMPLATES=dirs):
        yield of
    documents.unregister("toy")
    for one in added:
        sections.unregister(one.key)


def test_a_document_is_made_of_its_sections_in_their_order(world: World, toy: Document) -> None:
    content = compose(toy, Toy(world.a), READER, clock.now())
    assert content.body.split("\n") == ["<h2>Speelgoed Kabinet</h2>", "<h2>Laatst Kabinet</h2>"]
    assert content.valid_until == clock.end_of(clock.today())
    html = content.html(clock.now())
    assert "<title>Proefstuk: Speelgoed</title>" in html
    assert "voor: Kabinet" in html


def test_the_moment_of_making_is_not_part_of_the_content(world: World, toy: Document, frozen_clock) -> None:
    before = compose(toy, Toy(world.a), READER, clock.now())
    frozen_clock.shift(3600)
    after = compose(toy, Toy(world.a), READER, clock.now())
    assert before.hash == after.hash
    assert before.html(clock.now()) == after.html(clock.now())


def test_title_and_reader_are_part_of_the_content(world: World, toy: Document) -> None:
    other = Audience("burgemeester", "Burgemeester", frozenset({Role.BURGEMEESTER}))
    hashes = {
        compose(toy, Toy(world.a), READER, clock.now()).hash,
        compose(toy, Toy(world.a, title="Anders"), READER, clock.now()).hash,
        compose(toy, Toy(world.a), other, clock.now()).hash,
    }
    assert len(hashes) == 3


def test_the_style_sheet_is_part_of_the_content(world: World, toy: Document, monkeypatch) -> None:
    before = compose(toy, Toy(world.a), READER, clock.now()).hash
    monkeypatch.setattr("portal.briefings.pdf.css_text", lambda: "h1 { color: red }")
    assert compose(toy, Toy(world.a), READER, clock.now()).hash != before


@pytest.mark.usefixtures("toy")
def test_the_same_key_twice_is_a_mistake_at_start(world: World) -> None:
    with pytest.raises(ImproperlyConfigured):
        documents.register(_toy_document(world))
    with pytest.raises(ImproperlyConfigured):
        sections.register(Section("toy_first", ("measure",), 1, lambda *args: None))


def test_a_document_nobody_registered_is_not_there() -> None:
    with pytest.raises(KeyError):
        document("toy")


def test_sight_is_that_of_the_document(world: World, toy: Document) -> None:
    from portal.briefings import making
    from portal.briefings.models import Briefing

    own = making.ask(
        by=world.kabinet_a, document="toy", subject_id=world.kabinet_a.pk, scope=world.a, audience="kabinet"
    )
    assert list(Briefing.objects.visible_to(world.kabinet_a)) == [own]
    assert not Briefing.objects.visible_to(world.kabinet_b).exists()
    assert toy.visible(world.kabinet_a, world.kabinet_a.pk)
    assert not toy.visible(world.kabinet_b, world.kabinet_a.pk)


def test_every_section_has_its_partial_and_every_document_its_sections() -> None:
    keys = {one.key for one in documents}
    for key in keys:
        assert sections_of(key), key
    for one in sections:
        get_template(one.template)
        assert set(one.documents) <= keys


def test_the_kernel_knows_no_measure() -> None:
    folder = Path(settings.BASE_DIR) / "portal" / "briefings"
    words: list[Any] = [path.name for path in folder.glob("*.py") if "measures" in path.read_text()]
    assert words == []
