"""A measure with a bit of everything in it, and counting of what is really rendered."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.core.files.storage import default_storage

from measures.tracking import actions, library
from measures.tracking.briefing import DOCUMENT, subject_of
from measures.tracking.models import Measure
from portal import clock
from portal.briefings import making, pdf
from portal.briefings.compose import Content, compose
from portal.briefings.models import Briefing
from portal.briefings.registry import document
from portal.people.models import Person
from tests.cast import World, step
from tests.toys import WORDS, toy


@pytest.fixture
def measure(world: World) -> Measure:
    """The toy measure of A, started by its kabinet."""
    return toy(world.kabinet_a, world.a)


@pytest.fixture
def full(world: World) -> Measure:
    """Late, soon and undated actions, a decision, a finished, a dropped and a hand-made action, notes."""
    measure, by = toy(world.kabinet_a, world.a), world.kabinet_a
    actions.move_anchor(measure, "week_monday", date(2026, 10, 14), by)
    actions.finish(
        by=by,
        action=step(measure, "decide"),
        evidence={
            "text": "Akkoord met het voorstel.\nUitvoering start deze maand.",
            "decided_by_role": "college",
            "decided_by_name": "M. van Dijk",
            "dated_on": date(2026, 10, 2),
        },
    )
    actions.drop(by=by, action=step(measure, "look_back"), reason="Vervalreden die niemand hoeft te lezen")
    actions.add_action(
        by=by,
        measure=measure,
        title="Eigen actie zonder datum",
        description="Omschrijving die binnen blijft",
        due_on=None,
        key="own",
        holder_role="burgemeester",
    )
    actions.write_note(
        by=by, action=step(measure, "store"), text="Notitie die binnen blijft", key="note-of-full"
    )
    return Measure.objects.get(pk=measure.pk)


def in_the_driehoek(world: World) -> Measure:
    """A running measure of the driehoek with one step that leaves a briefing today."""
    one = library.StepFile(
        key="pack",
        title="Stukken nalopen",
        guidance=WORDS,
        source="Test",
        otherwise="Dan weet niemand het.",
        role="driehoek_secretaris",
        anchor="start",
        evidence="briefing",
    )
    anchor = library.AnchorFile("start", "Startdatum", default="today")
    file = library.TemplateFile("toy_pack", "driehoek", "Speelstukken", "Om mee te testen.", [anchor], [one])
    return actions.start_measure(
        by=world.secretaris,
        version=library.publish(file),
        scope=world.d,
        anchors={"start": clock.today()},
        key="toy-pack",
    )


@dataclass
class Renders:
    """How often WeasyPrint really ran."""

    seen: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.seen)


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> Renders:
    """Counts the real renders."""
    real, found = pdf.render, Renders()

    def render(html: str) -> pdf.Rendered:
        found.seen.append(html)
        return real(html)

    monkeypatch.setattr(pdf, "render", render)
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Renders:
    """Instead of a PDF a few bytes, for tests about what happens around a render; counts them too."""
    found = Renders()

    def render(html: str) -> pdf.Rendered:
        found.seen.append(html)
        return pdf.Rendered(b"%PDF-quick", 1)

    monkeypatch.setattr(pdf, "render", render)
    return found


def ask(by: Person, measure: Measure, audience: str = "kabinet", key: str | None = None) -> Briefing:
    """Ask for the briefing of a measure."""
    return making.ask(
        by=by, document=DOCUMENT, subject_id=measure.pk, scope=measure.scope, audience=audience, key=key
    )


def made(by: Person, measure: Measure, audience: str = "kabinet") -> Briefing:
    """A briefing that was asked for and made."""
    row = ask(by, measure, audience)
    making.make_waiting()
    row.refresh_from_db()
    return row


def content(measure: Measure, audience: str = "kabinet") -> Content:
    """What the briefing says now."""
    of, subject = document(DOCUMENT), subject_of(measure.pk)
    assert subject is not None
    reader = of.audience(subject, audience)
    assert reader is not None
    return compose(of, subject, reader, clock.now())


def data(row: Briefing) -> bytes:
    with default_storage.open(row.file) as file:
        found: bytes = file.read()
    return found


def stored() -> set[str]:
    """The names of every file of a briefing there is."""
    if not default_storage.exists("briefings"):
        return set()
    return {f"briefings/{name}" for name in default_storage.listdir("briefings")[1]}
