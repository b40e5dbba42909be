"""Making briefings: once per ask, never the same content twice, and what happens when it fails."""

import gc
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pikepdf
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from measures.tracking import actions
from measures.tracking.models import Measure
from portal import clock
from portal.audit.models import AuditRow
from portal.briefings import making, pdf
from portal.briefings.enums import Problem, State
from portal.briefings.models import Briefing
from tests.briefings.conftest import Renders, ask, data, made, stored
from tests.cast import World, step


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Renders:
    """Every render fails, with words in the error that no log may hold."""
    found = Renders()

    def render(html: str) -> pdf.Rendered:
        found.seen.append(html)
        raise RuntimeError("Notitie over N. Vos")

    monkeypatch.setattr(pdf, "render", render)
    return found


def _again(row: Briefing) -> Briefing:
    return Briefing.objects.get(pk=row.pk)


def test_what_was_asked_for_becomes_a_pdf(world: World, measure: Measure, sign_in, renders: Renders) -> None:
    row = ask(world.kabinet_a, measure)
    client = sign_in(world.burgemeester_a)
    assert client.get(reverse("briefings:pdf", args=[row.pk])).status_code == 404
    assert making.make_waiting() == 1
    row = _again(row)
    assert (row.state, row.attempts, row.problem, row.lease_id) == (State.READY, 1, "", None)
    assert row.made_at == row.rendered_at == clock.now()
    response = client.get(reverse("briefings:pdf", args=[row.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="briefing.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    with pikepdf.open(BytesIO(response.getvalue())) as made_pdf:
        assert len(made_pdf.pages) == row.pages


def test_the_name_of_the_file_is_a_number_and_nothing_else(
    world: World, full: Measure, quick: Renders
) -> None:
    row = made(world.kabinet_a, full)
    folder, name = row.file.split("/")
    assert folder == "briefings"
    assert str(UUID(name.removesuffix(".pdf"))) == name.removesuffix(".pdf")


def test_equal_content_is_not_rendered_twice(
    world: World, full: Measure, renders: Renders, frozen_clock
) -> None:
    first = made(world.kabinet_a, full)
    frozen_clock.shift(timedelta(hours=3))
    second = made(world.oov_a, full)
    assert renders.count == 1
    assert (second.file, second.pages, second.content_hash) == (first.file, first.pages, first.content_hash)
    assert second.rendered_at == first.rendered_at
    assert second.made_at == clock.now()
    assert second.is_unchanged
    assert not first.is_unchanged
    assert data(first) == data(second)


def test_the_page_of_equal_content_says_since_when(
    world: World, full: Measure, sign_in, quick: Renders, frozen_clock
) -> None:
    made(world.kabinet_a, full)
    frozen_clock.shift(timedelta(hours=3))
    row = made(world.kabinet_a, full)
    html = sign_in(world.kabinet_a).get(reverse("briefings:briefing", args=[row.pk])).content.decode()
    assert "ma 5 okt 15:00: de inhoud is ongewijzigd sinds ma 5 okt 12:00" in html


def test_two_that_wait_for_the_same_are_rendered_once(world: World, full: Measure, quick: Renders) -> None:
    rows = [ask(world.kabinet_a, full) for _nr in range(3)]
    making.make_waiting()
    assert quick.count == 1
    assert {_again(row).state for row in rows} == {State.READY}


def test_other_content_another_reader_or_another_day_is_rendered(
    world: World, full: Measure, quick: Renders, frozen_clock
) -> None:
    made(world.kabinet_a, full)
    made(world.kabinet_a, full, "burgemeester")
    assert quick.count == 2
    actions.begin(by=world.oov_a, action=step(full, "store"))
    made(world.kabinet_a, full)
    assert quick.count == 3
    frozen_clock.shift(timedelta(days=1))
    made(world.kabinet_a, full)
    assert sum("<title>Briefing: Speelmaatregel" in html for html in quick.seen) == 4


def test_what_no_briefing_shows_does_not_make_it_another(world: World, full: Measure, quick: Renders) -> None:
    made(world.kabinet_a, full)
    actions.write_note(by=world.kabinet_a, action=step(full, "store"), text="Nog iets", key="another")
    made(world.kabinet_a, full)
    assert quick.count == 1


def test_a_file_that_is_gone_is_rendered_again(world: World, full: Measure, quick: Renders, sign_in) -> None:
    first = made(world.kabinet_a, full)
    default_storage.delete(first.file)
    assert sign_in(world.kabinet_a).get(reverse("briefings:pdf", args=[first.pk])).status_code == 404
    second = made(world.kabinet_a, full)
    assert quick.count == 2
    assert default_storage.exists(second.file)


def test_it_fails_after_three_times_and_says_so(
    world: World, measure: Measure, sign_in, broken: Renders, frozen_clock, caplog
) -> None:
    row = ask(world.kabinet_a, measure)
    client, url = sign_in(world.kabinet_a), reverse("briefings:briefing", args=[row.pk])
    for attempt in (1, 2):
        making.make_waiting()
        assert (_again(row).state, _again(row).attempts) == (State.ASKED, attempt)
        assert making.make_waiting() == 0, "it waits a while before it tries again"
        assert "probeert het zo opnieuw" in client.get(url).content.decode()
        frozen_clock.shift(timedelta(seconds=61))
    making.make_waiting()
    row = _again(row)
    assert (row.state, row.attempts, row.problem, broken.count) == (State.FAILED, 3, Problem.RENDER, 3)
    html = client.get(url).content.decode()
    assert "drie keer niet gelukt" in html
    assert "Probeer opnieuw" in html
    assert client.get(reverse("briefings:status", args=[row.pk])).json()["done"] is True
    assert "N. Vos" not in caplog.text


def test_a_failed_one_can_be_made_again(
    world: World, measure: Measure, sign_in, quick: Renders, django_capture_on_commit_callbacks
) -> None:
    row = ask(world.kabinet_a, measure)
    Briefing.objects.filter(pk=row.pk).update(state=State.FAILED, problem=Problem.RENDER, attempts=3)
    url = reverse("briefings:briefing", args=[row.pk])
    client = sign_in(world.burgemeester_a)
    assert client.post(url).url == url
    assert (_again(row).state, _again(row).attempts, _again(row).problem) == (State.ASKED, 0, "")
    making.make_waiting()
    assert _again(row).is_ready
    client.post(url)
    assert _again(row).is_ready, "what is ready stays ready"
    events = list(
        AuditRow.objects.filter(object_id=row.pk).order_by("at", "id").values_list("event", flat=True)
    )
    assert events == ["briefing.asked", "briefing.retried"]


def test_asking_nudges_after_commit_and_waits_for_nobody(
    world: World, measure: Measure, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    told: list[str] = []
    monkeypatch.setattr("portal.nudge._put", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        ask(world.kabinet_a, measure)
        assert told == []
    assert told == ["portal.briefings.tasks.make_due"]


def test_a_row_in_the_hands_of_a_worker_is_left_alone_until_its_lease_is_over(
    world: World, measure: Measure, quick: Renders, frozen_clock
) -> None:
    row = ask(world.kabinet_a, measure)
    taken = making.claim()
    assert taken is not None
    assert (taken.pk, taken.state, taken.attempts) == (row.pk, State.MAKING, 1)
    assert taken.lease_until == clock.now() + timedelta(seconds=settings.LEASE_SECONDS)
    assert making.claim() is None
    frozen_clock.shift(timedelta(seconds=settings.LEASE_SECONDS + 1))
    assert making.make_waiting() == 1
    assert (_again(row).state, _again(row).attempts) == (State.READY, 2)


def test_a_worker_that_lost_its_lease_changes_nothing_and_leaves_no_file(
    world: World, measure: Measure, quick: Renders, frozen_clock
) -> None:
    there = stored()
    row = ask(world.kabinet_a, measure)
    slow = making.claim()
    assert slow is not None
    frozen_clock.shift(timedelta(seconds=settings.LEASE_SECONDS + 1))
    making.make_waiting()
    before = _again(row)
    actions.finish(by=world.kabinet_a, action=step(measure, "prepare"))
    making.make(slow)
    after = _again(row)
    assert (after.file, after.made_at, after.state) == (before.file, before.made_at, State.READY)
    assert stored() - there == {before.file}


def test_what_killed_three_workers_has_failed(world: World, measure: Measure, frozen_clock) -> None:
    row = ask(world.kabinet_a, measure)
    for _attempt in range(3):
        assert making.claim() is not None
        frozen_clock.shift(timedelta(seconds=settings.LEASE_SECONDS + 1))
    assert making.make_waiting() == 0
    assert (_again(row).state, _again(row).problem) == (State.FAILED, Problem.RENDER)


def test_while_one_is_made_another_of_the_same_waits_and_one_of_another_reader_does_not(
    world: World, measure: Measure
) -> None:
    first, second, other = (
        ask(world.kabinet_a, measure, who) for who in ("kabinet", "kabinet", "burgemeester")
    )
    taken = [making.claim(), making.claim(), making.claim()]
    assert [one.pk if one else None for one in taken] == [first.pk, other.pk, None]
    with pytest.raises(IntegrityError), transaction.atomic():
        Briefing.objects.filter(pk=second.pk).update(state=State.MAKING)


def test_a_subject_that_is_gone_or_a_reader_that_may_not_any_more_is_said(
    world: World, measure: Measure
) -> None:
    gone = ask(world.kabinet_a, measure)
    Briefing.objects.filter(pk=gone.pk).update(subject_id=gone.pk)
    other = ask(world.kabinet_a, measure, "communicatie_weg")
    making.make_waiting()
    assert (_again(gone).state, _again(gone).problem) == (State.FAILED, Problem.GONE)
    assert (_again(other).state, _again(other).problem) == (State.FAILED, Problem.AUDIENCE)


@pytest.mark.parametrize(
    "error", [OSError("cannot load library 'libpango-1.0-0'"), ImportError("weasyprint")]
)
def test_without_pango_the_site_runs_and_asking_says_what_is_missing(
    world: World, measure: Measure, sign_in, monkeypatch, error: Exception
) -> None:
    class Missing:
        def __init__(self) -> None:
            raise pdf.NoRenderer(type(error).__name__) from error

    monkeypatch.setattr(pdf, "_engine", None)
    monkeypatch.setattr(pdf, "_Engine", Missing)
    client = sign_in(world.kabinet_a)
    row = made(world.kabinet_a, measure)
    assert (row.state, row.problem, row.attempts) == (State.FAILED, Problem.NO_RENDERER, 1)
    html = client.get(reverse("briefings:briefing", args=[row.pk])).content.decode()
    assert "Pango ontbreekt" in html
    assert client.get(reverse("tracking:briefing", args=[measure.pk])).status_code == 200


def test_a_missing_weasyprint_is_told_apart_from_a_failed_render(monkeypatch) -> None:
    monkeypatch.setattr(pdf, "_engine", None)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(pdf.NoRenderer):
        pdf.render("<p>x</p>")


def test_the_site_does_not_load_weasyprint() -> None:
    code = (
        "import django, sys; django.setup(); import portal.urls, portal.briefings.making;"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "sys.exit('weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_garbage_is_collected_again_after_a_render() -> None:
    assert gc.isenabled()
    pdf.render("<html lang=nl><title>t</title><h1>t</h1></html>")
    assert gc.isenabled()


def test_fonts_and_style_sheet_are_set_up_once() -> None:
    pdf.render("<html lang=nl><title>t</title><h1>t</h1></html>")
    engine = pdf._ready()
    pdf.render("<html lang=nl><title>t</title><h1>t</h1></html>")
    assert pdf._ready() is engine


def test_opening_the_pdf_is_noted(world: World, measure: Measure, sign_in, quick: Renders) -> None:
    from portal.audit.models import ViewRow

    row = made(world.kabinet_a, measure)
    sign_in(world.burgemeester_a).get(reverse("briefings:pdf", args=[row.pk]))
    assert ViewRow.objects.filter(person=world.burgemeester_a, object_id=row.pk).count() == 1
