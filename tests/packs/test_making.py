"""Making packs: pieces once each, bound by the last, made again only where something changed."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from measures.tracking import actions as work
from measures.tracking.models import Action, Measure
from portal.audit.models import AuditRow
from portal.briefings import pdf as briefing
from portal.briefings.pdfua import Checked, problems
from portal.papers.packs import actions, binding, claims, making, whole_pack, words
from portal.papers.packs.enums import Left
from portal.papers.packs.models import Pack, PackQuerySet, Piece
from portal.people.models import Person
from tests.cast import World, step
from tests.packs.conftest import bookmarks, data, hang, made, settle, texts, version
from tests.papers import files


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The HTML of every real render, but for covers."""
    real, found = briefing.render, []

    def render(html: str) -> briefing.Rendered:
        if "Kenmerk" not in html:
            found.append(html)
        return real(html)

    monkeypatch.setattr(briefing, "render", render)
    return found


@pytest.fixture
def full(world: World, measure: Measure) -> Measure:
    hang(measure, world.kabinet_a, files.pdf(2), "Voorstel van het college")
    hang(step(measure, "decide"), world.kabinet_a, files.photo((600, 400)), "Foto van de zaal", "image")
    return measure


def test_a_pack_is_made_of_the_measure_its_papers_and_its_actions(world: World, full: Measure) -> None:
    row = made(world.kabinet_a, full)
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


def test_what_did_not_change_is_neither_rendered_nor_bound_again(
    world: World, full: Measure, renders: list[str], frozen_clock: Any
) -> None:
    first = made(world.kabinet_a, full)
    count = len(renders)
    frozen_clock.shift(timedelta(hours=2))
    again = made(world.kabinet_a, full)
    assert len(renders) == count
    assert (again.file, again.content_hash, again.bound_at) == (first.file, first.content_hash, first.made_at)
    assert again.is_unchanged
    assert not first.is_unchanged


def test_one_item_that_changed_is_rendered_and_the_others_are_not(
    world: World, full: Measure, renders: list[str]
) -> None:
    first = made(world.kabinet_a, full)
    files_before = set(first.pieces.values_list("file", flat=True))
    renders.clear()
    row = made(world.kabinet_a, full, left_out=(f"action:{step(full, 'brief').pk}",))
    assert renders == []
    work.begin(by=world.kabinet_a, action=step(full, "prepare"))
    again = made(world.kabinet_a, full)
    # The action itself, and the measure's own page that speaks of it.
    assert len(renders) == 2
    assert len(set(again.pieces.values_list("file", flat=True)) - files_before) == 2
    assert len({first.content_hash, row.content_hash, again.content_hash}) == 3


def test_what_was_written_for_one_reader_is_written_anew_for_another(world: World, full: Measure) -> None:
    mine, theirs = made(world.kabinet_a, full), made(world.burgemeester_a, full)
    written = [set(row.pieces.exclude(sort="paper").values_list("file", flat=True)) for row in (mine, theirs)]
    assert written[0] & written[1] == set()
    bound = [set(row.pieces.filter(sort="paper").values_list("file", flat=True)) for row in (mine, theirs)]
    assert bound[0] == bound[1]
    assert mine.content_hash != theirs.content_hash


def test_two_workers_take_different_pieces_and_only_one_of_them_a_paper(world: World, full: Measure) -> None:
    row = actions.ask(by=world.kabinet_a, binder="measure", subject=full)
    pack = claims.pack()
    assert pack is not None
    assert claims.pack() is None
    making.lead(pack)
    taken = [claims.piece() for _ in range(row.pieces.count())]
    sorts = [one.sort for one in taken if one is not None]
    assert sorts.count("paper") == 1
    assert len({one.pk for one in taken if one is not None}) == len(sorts) == row.pieces.count() - 1


def test_a_worker_that_dies_is_followed_by_another_once_its_lease_is_over(
    world: World, full: Measure, frozen_clock: Any
) -> None:
    row = actions.ask(by=world.kabinet_a, binder="measure", subject=full)
    pack = claims.pack()
    assert pack is not None
    making.lead(pack)
    lost = [claims.piece(), claims.piece()]
    settle()
    row.refresh_from_db()
    assert row.state == "making"
    frozen_clock.shift(claims.LEASE + timedelta(seconds=1))
    settle()
    row.refresh_from_db()
    assert row.state == "ready"
    for one in lost:
        assert one is not None
        before = default_storage.listdir("bundels")[1]
        making.make(one)
        assert default_storage.listdir("bundels")[1] == before, "who comes late leaves nothing behind"


def test_a_paper_that_kills_three_workers_leaves_its_sheet(
    world: World, full: Measure, frozen_clock: Any
) -> None:
    row = actions.ask(by=world.kabinet_a, binder="measure", subject=full)
    pack = claims.pack()
    assert pack is not None
    making.lead(pack)
    Piece.objects.filter(pack=row).exclude(title="Foto van de zaal").update(lease_until=None, attempts=0)
    paper = row.pieces.get(title="Foto van de zaal")
    Piece.objects.filter(pk=paper.pk).update(attempts=3)
    settle()
    row.refresh_from_db()
    assert row.state == "ready"
    assert [one.left for one in row.pieces.exclude(left="")] == ["too_heavy"]
    assert problems(data(row)) == []


def test_a_file_that_breaks_or_swells_leaves_a_sheet_and_the_pack_is_made(
    world: World, measure: Measure
) -> None:
    hang(measure, world.kabinet_a, b"%PDF-1.7 niets", "Stuk dat brak")
    hang(measure, world.kabinet_a, files.swelling_pdf(), "Stuk dat zwelt")
    hang(measure, world.kabinet_a, files.pdf(), "Stuk dat goed is")
    row = made(world.kabinet_a, measure)
    assert row.state == "ready"
    left = {one.title: one.left for one in row.pieces.exclude(left="")}
    assert left.keys() == {"Stuk dat brak", "Stuk dat zwelt"}
    assert set(left.values()) <= {"broken", "too_heavy"}
    pdf = data(row)
    assert problems(pdf) == []
    pages = texts(pdf)
    assert "2 stukken zijn niet opgenomen" in pages[0]
    place = next(page for _level, title, page in bookmarks(pdf) if title == "Stuk dat brak")
    assert "Dit stuk staat niet in de bundel" in pages[place - 1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "refused", "refusal": "virus"}, "geweigerd"),
        ({"state": "waiting"}, "kijkt dit stuk nog na"),
        ({"kind": "office"}, "kon geen PDF worden gemaakt"),
    ],
)
def test_what_cannot_be_bound_has_a_sheet_that_says_why(
    world: World, measure: Measure, fields: dict[str, Any], words: str
) -> None:
    hang(measure, world.kabinet_a, b"x", "Bijlage", **fields)
    row = made(world.kabinet_a, measure)
    pages = texts(data(row))
    place = next(page for _level, title, page in bookmarks(data(row)) if title == "Bijlage")
    assert words in " ".join(pages[place - 1].split())
    assert "niet opgenomen" in pages[1]
    assert problems(data(row)) == []


def test_an_office_file_is_bound_as_the_pdf_it_became(world: World, measure: Measure) -> None:
    converted = default_storage.save("stukken/omgezet", ContentFile(files.pdf(2)))
    hang(measure, world.kabinet_a, b"x", "Begroting", "office", converted=converted)
    row = made(world.kabinet_a, measure)
    assert row.pieces.get(title="Begroting").pages == 2


def test_a_newer_version_makes_the_paper_another(world: World, measure: Measure) -> None:
    paper = hang(measure, world.kabinet_a, files.pdf(1), "Voorstel")
    first = made(world.kabinet_a, measure)
    version(paper, world.kabinet_a, files.pdf(3))
    again = made(world.kabinet_a, measure)
    assert [row.pieces.get(title="Voorstel").pages for row in (first, again)] == [1, 3]


def test_more_pages_than_a_pack_may_have_is_refused_with_a_sentence(
    world: World, full: Measure, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_pack, "MOST_PAGES", 5)
    row = made(world.kabinet_a, full)
    assert (row.state, row.problem, row.file) == ("failed", "too_long", "")
    page = sign_in(world.kabinet_a).get(f"/bundels/{row.pk}/").content.decode()
    assert "meer dan 3.000 pagina" in page


def test_without_a_renderer_it_fails_with_a_sentence_and_can_be_asked_again(
    world: World, measure: Measure, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_html: str) -> briefing.Rendered:
        raise briefing.NoRenderer("OSError")

    with monkeypatch.context() as patched:
        patched.setattr(briefing, "render", missing)
        row = made(world.kabinet_a, measure)
    assert (row.state, row.problem) == ("failed", "no_renderer")
    client = sign_in(world.kabinet_a)
    assert "Pango" in client.get(f"/bundels/{row.pk}/").content.decode()
    assert client.post(f"/bundels/{row.pk}/").status_code == 302
    settle()
    row.refresh_from_db()
    assert row.is_ready
    events = AuditRow.objects.filter(object_id=row.pk).order_by("at", "id").values_list("event", flat=True)
    assert list(events) == ["pack.asked", "pack.retried"]


def test_a_subject_or_a_reader_that_is_gone_is_said(world: World, measure: Measure) -> None:
    row = actions.ask(by=world.kabinet_a, binder="measure", subject=measure)
    Pack.objects.filter(pk=row.pk).update(subject_id=row.pk)
    settle()
    row.refresh_from_db()
    assert (row.state, row.problem) == ("failed", "gone")


def test_the_same_key_leads_to_the_same_pack(world: World, measure: Measure) -> None:
    rows = [
        actions.ask(by=world.kabinet_a, binder="measure", subject=measure, key="eenmalig") for _ in range(2)
    ]
    assert rows[0].pk == rows[1].pk


def test_a_binding_that_always_fails_ends_with_a_sentence(
    world: World, measure: Measure, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def fail(*_args: Any) -> int:
        tries.append(1)
        raise whole_pack.Unbound("status 1")

    monkeypatch.setattr(whole_pack, "bind", fail)
    row = actions.ask(by=world.kabinet_a, binder="measure", subject=measure)
    for _turn in range(6):
        settle()
        frozen_clock.shift(timedelta(minutes=5))
    row.refresh_from_db()
    assert (row.state, row.problem, len(tries)) == ("failed", "render", claims.ATTEMPTS)


def test_a_paper_in_dead_hands_of_a_pack_that_failed_keeps_no_other_paper_waiting(
    world: World, full: Measure, frozen_clock: Any
) -> None:
    actions.ask(by=world.kabinet_a, binder="measure", subject=full)
    pack = claims.pack()
    assert pack is not None
    making.lead(pack)
    lost = claims.piece(), claims.piece()
    assert {one.sort for one in lost if one is not None} == {"item", "paper"}
    Pack.objects.filter(pk=pack.pk).update(state="failed", problem="render")
    frozen_clock.shift(claims.LEASE + timedelta(seconds=1))
    assert made(world.burgemeester_a, full).is_ready


def test_a_paper_that_broke_is_tried_again_when_the_pack_is_asked_for_again(
    world: World, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang(measure, world.kabinet_a, files.pdf(2), "Voorstel")
    with monkeypatch.context() as patched:
        patched.setattr(binding, "bind", lambda *_args: Left.TOO_HEAVY)
        first = made(world.kabinet_a, measure)
    assert first.pieces.get(title="Voorstel").left == "too_heavy"
    again = made(world.kabinet_a, measure)
    piece = again.pieces.get(title="Voorstel")
    assert (piece.sort, piece.state, piece.pages) == ("paper", "ready", 2)
    assert again.content_hash == first.content_hash
    assert again.file != first.file


def test_two_items_that_say_the_same_have_ids_of_their_own(world: World, measure: Measure) -> None:
    for number in range(2):
        work.add_action(
            by=world.kabinet_a, measure=measure, title="Bel de bewoner", description="", due_on=None,
            key=f"eigen{number}", holder_role="kabinet",
        )  # fmt: skip
    pdf = data(made(world.kabinet_a, measure))
    with pikepdf.open(BytesIO(pdf)) as document:
        named = [bytes(one.obj.ID) for one in Checked(document).elements if "/ID" in one.obj]
    assert len(set(named)) == len(named) > 0


LONG = "Verslag van het overleg met de bewoners, de politie en het OM over de aanpak van de Dorpsstraat en alles daaromheen"


def test_long_names_and_odd_signs_stay_whole_where_they_must(world: World, measure: Measure) -> None:
    action = step(measure, "decide")
    Action.objects.filter(pk=action.pk).update(title=f"Stap {LONG}"[:120])
    Person.objects.filter(pk=world.kabinet_a.pk).update(name="Van der Woestijne tot Zuylestein " * 3)
    hang(action, world.kabinet_a, files.pdf(2), LONG)
    hang(measure, world.kabinet_a, files.pdf(), "Kort → lang ≤ 40")
    row = made(world.kabinet_a, measure)
    pdf = data(row)
    assert problems(pdf) == []
    pages = [" ".join(page.split()) for page in texts(pdf)]
    (place,) = [page for _level, title, page in bookmarks(pdf) if title == LONG]
    assert LONG in pages[place - 1], "its heading is not cut off"
    assert "· Verslag van het overleg met de bewoners" in pages[place], "its name stands on its second page"
    assert all(f"kenmerk {words.mark(row.content_hash)}" in page for page in pages)
    assert "Kort -> lang <= 40" in [title for _level, title, _page in bookmarks(pdf)]


def test_more_than_can_be_written_is_refused_with_a_sentence(
    world: World, full: Measure, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_pack, "MOST_BYTES", 5000)
    row = made(world.kabinet_a, full)
    assert (row.state, row.problem, row.file) == ("failed", "too_large", "")
    page = sign_in(world.kabinet_a).get(f"/bundels/{row.pk}/").content.decode()
    assert "groter dan 900 MB" in page


def test_two_presses_at_once_lead_to_the_same_pack(
    world: World, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = actions.ask(by=world.kabinet_a, binder="measure", subject=measure, key="eenmalig")
    # What the second sees that looks before the first has written.
    monkeypatch.setattr(PackQuerySet, "first", lambda _rows: None)
    again = actions.ask(by=world.kabinet_a, binder="measure", subject=measure, key="eenmalig")
    assert again.pk == row.pk
    assert AuditRow.objects.filter(event="pack.asked").count() == 1


def test_a_run_that_takes_long_leaves_the_rest_to_the_next(
    world: World, full: Measure, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    nudged = []
    monkeypatch.setattr(making, "nudge", nudged.append)
    actions.ask(by=world.kabinet_a, binder="measure", subject=full)
    monkeypatch.setattr(making, "MOST_SECONDS", 0)
    assert making.make_waiting() == 1
    assert nudged[-1] == actions.TASK
    monkeypatch.undo()
    longest = making.MOST_SECONDS + max(binding.SECONDS, whole_pack.SECONDS)
    assert longest < settings.CELERY_TASK_SOFT_TIME_LIMIT


def test_a_word_without_end_stays_on_the_page(world: World, measure: Measure) -> None:
    address = "https://voorbeeld.example/?kenmerk=" + "a1b2" * 60
    work.add_action(
        by=world.kabinet_a, measure=measure, title="Lees dit", description=address, due_on=None,
        key="eigen", holder_role="kabinet",
    )  # fmt: skip
    pdf = data(made(world.kabinet_a, measure))
    # Only what lies within the page is read.
    assert address in "".join("".join(page.split()) for page in texts(pdf))
