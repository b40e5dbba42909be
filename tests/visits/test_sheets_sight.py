"""One programme, four sheets and a briefing: what each may say, and what it never says."""

from datetime import datetime, time
from html import unescape

import pytest
from django.core.files.storage import default_storage
from django.db import models
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.briefings import making
from portal.briefings.models import Briefing
from portal.briefings.pdfua import problems
from tests.cast import World
from tests.visits import marked as of
from tests.visits.make import DAY, a_host, a_visit
from visits import actions as act
from visits.enums import Sheet
from visits.models import Stop, Visit
from visits.paper_queries import sheets_card

PAPERS = [of.M, of.C, of.H, of.P, of.B]


def _page(client: Client, visit: Visit, paper: str) -> str:
    name = "visits:briefing" if paper == of.B else "visits:sheet_of"
    html = client.get(reverse(name, args=[visit.pk] + ([] if paper == of.B else [paper]))).content.decode()
    # What the paper says: the sections, not the shell around them.
    return " ".join(
        unescape(part.partition("</section>")[0])
        for part in html.split('<section class="card" lang="nl">')[1:]
    )


def _data(row: Briefing) -> bytes:
    with default_storage.open(row.file) as file:
        found: bytes = file.read()
    return found


@pytest.mark.parametrize("name", sorted(of.MODELS))
def test_every_field_has_a_line_in_the_table_or_no_words(name: str) -> None:
    fields = {one.name for one in of.MODELS[name]._meta.concrete_fields}
    told = {key.partition(".")[2] for key in of.ALLOWED if key.partition(".")[0].split()[-1] == name}
    assert told & of.WORDLESS[name] <= {"press"}, "a field is in one of the two"
    assert fields == told | of.WORDLESS[name], "a new field needs a line: who may read it?"


@pytest.mark.parametrize("name", sorted(of.MODELS))
def test_a_text_always_has_a_line_in_the_table(name: str) -> None:
    closed = {"state", "press", "create_key"}
    for one in of.MODELS[name]._meta.concrete_fields:
        if isinstance(one, models.CharField | models.TextField) and one.name not in closed:
            assert f"{name}.{one.name}" in of.ALLOWED, one.name


@pytest.mark.parametrize("paper", PAPERS)
def test_page_and_pdf_say_what_the_reader_may_know_and_nothing_else(
    world: World, sign_in, paper: str
) -> None:
    visit = of.marked(world)
    page = _page(sign_in(world.kabinet_a), visit, paper)
    data = _data(of.made(world.kabinet_a, visit, paper))
    told = of.Told.of(data)
    for name, (words, may) in of.ALLOWED.items():
        if name in ("visit.measure", "visit.starts_at", "visit.ends_at") and paper in may:
            assert told.holds(words), f"{name} is missing on the PDF for {paper}"
            continue
        assert (words in page) == (paper in may), f"{name} on the page for {paper}"
        assert told.holds(words) == (paper in may), f"{name} on the PDF for {paper}"
    assert problems(data) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_of_a_secret_host_no_paper_has_an_address_and_the_press_not_even_its_name(
    world: World, sign_in, paper: str
) -> None:
    visit = of.marked(world, secret=True)
    page = _page(sign_in(world.kabinet_a), visit, paper)
    told = of.Told.of(_data(of.made(world.kabinet_a, visit, paper)))
    for found in (page.__contains__, told.holds):
        assert not found(of.word("host.address"))
        assert found(of.word("host.name")) == (paper != of.P)
        assert found("adres bij host bekend") == (paper != of.P)
        assert not found("Centrum Seksueel Geweld") or paper == of.B
    assert told.holds(of.word("press stop.place")), "press gathers outside, where the stop says"


@pytest.mark.parametrize("how", ["host", "other host"])
def test_when_an_address_becomes_secret_no_paper_that_was_made_keeps_it(
    world: World, sign_in, django_capture_on_commit_callbacks, how: str
) -> None:
    visit = of.marked(world)
    rows = [of.made(world.kabinet_a, visit, paper) for paper in PAPERS]
    act.note_sent(by=world.kabinet_a, visit=visit, audience=of.H, briefing=rows[2], key="k")
    files = [row.file for row in rows]
    with django_capture_on_commit_callbacks(execute=True):
        if how == "host":
            act.change_host(by=world.kabinet_a, host=visit.host, address_is_secret=True)
        else:
            act.change_visit(by=world.kabinet_a, visit=visit, host=a_host(world, address_is_secret=True))
    client = sign_in(world.kabinet_a)
    for row, file in zip(rows, files, strict=True):
        row.refresh_from_db()
        assert (row.facts, row.file, row.problem) == ({}, "", "taken")
        assert not default_storage.exists(file)
        assert client.get(reverse("briefings:pdf", args=[row.pk])).status_code == 404
        url = reverse("briefings:briefing", args=[row.pk])
        assert "De PDF is weggehaald." in client.get(url).content.decode()
        client.post(url)
        row.refresh_from_db()
        assert row.state == "failed", "it says what was made, not what would be made now"
    visit = Visit.objects.get(pk=visit.pk)
    for paper in PAPERS:
        page = client.get(
            reverse("visits:briefing", args=[visit.pk])
            if paper == of.B
            else reverse("visits:sheet_of", args=[visit.pk, paper])
        ).content.decode()
        assert of.word("host.address") not in page
        assert not of.Told.of(_data(of.made(world.kabinet_a, visit, paper))).holds(of.word("host.address"))
    cards = {one.audience: one.warning for one in sheets_card(visit)}
    assert cards[of.H].startswith("De gastorganisatie heeft een oudere versie")
    page = client.get(reverse("visits:sheet_of", args=[visit.pk, of.H])).content.decode()
    assert "het portaal haalde de PDF daarom weg" in page
    assert "Open wat u verstuurde" not in page


def test_what_is_in_the_making_when_an_address_becomes_secret_is_made_anew(world: World) -> None:
    visit = of.marked(world)
    row = making.ask(
        by=world.kabinet_a, document="visit_sheet", subject_id=visit.pk, scope=visit.scope, audience=of.H
    )
    claimed = making.claim()
    assert claimed is not None
    content = making._content(claimed)
    act.change_host(by=world.kabinet_a, host=visit.host, address_is_secret=True)
    making._render(claimed, content)  # type: ignore[arg-type]
    row.refresh_from_db()
    assert (row.state, row.facts, row.file) == ("asked", {}, "")
    making.make_waiting()
    row.refresh_from_db()
    assert not of.Told.of(_data(row)).holds(of.word("host.address"))


def test_a_text_for_the_press_gives_its_embargo_and_none_of_its_words(world: World, sign_in) -> None:
    visit = of.marked(world)
    of.embargo(world, visit.measure, datetime(2026, 11, 6, 8, tzinfo=clock.AMSTERDAM))
    for paper in PAPERS:
        page = _page(sign_in(world.kabinet_a), visit, paper)
        assert "Embargo tot vr 6 nov 08:00" in page
        assert "Zqperst" not in page


@pytest.mark.parametrize("paper", PAPERS)
def test_the_name_of_the_file_tells_nothing(world: World, sign_in, paper: str) -> None:
    row = of.made(world.kabinet_a, of.marked(world), paper)
    answer = sign_in(world.kabinet_a).get(reverse("briefings:pdf", args=[row.pk]))
    name = "briefing.pdf" if paper == of.B else f"programma-{paper}.pdf"
    assert f'filename="{name}"' in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "shut", [{"press": "no"}, {"press": "welcome", "meets": "victims"}], ids=["no", "go withdrawn"]
)
def test_without_a_stop_for_press_there_is_no_sheet_for_the_press_and_the_page_says_so(
    world: World, sign_in, shut: dict[str, str]
) -> None:
    visit = of.marked(world)
    if "meets" in shut:
        # As it stands when the go behind it was withdrawn.
        shut |= {"press_go": visit.consents.get(use="publication")}
    Stop.objects.filter(visit=visit, press="by_arrangement").update(**shut)
    client = sign_in(world.kabinet_a)
    url = reverse("visits:sheet_of", args=[visit.pk, Sheet.PRESS])
    html = client.get(url).content.decode()
    assert "Er is geen onderdeel waar de pers bij mag." in html
    assert "Maak de PDF" not in html
    asked = client.post(reverse("visits:make_sheet", args=[visit.pk, Sheet.PRESS]), {"key": "x"})
    assert asked.url == url
    assert not Briefing.objects.filter(audience=Sheet.PRESS).exists()
    assert of.made(world.kabinet_a, visit, of.P).problem == "audience"


def test_what_is_called_off_says_so_on_every_sheet_and_has_none_for_the_press(world: World, sign_in) -> None:
    visit = of.marked(world)
    Visit.objects.filter(pk=visit.pk).update(
        state="cancelled", cancelled_at=clock.now(), cancel_reason="Zqafgezegd"
    )
    client = sign_in(world.kabinet_a)
    for paper in (of.M, of.C, of.H):
        assert "Dit bezoek gaat niet door." in _page(client, visit, paper)
    assert (
        "Er is geen blad voor de pers."
        in client.get(reverse("visits:sheet_of", args=[visit.pk, of.P])).content.decode()
    )


@pytest.mark.parametrize("paper", PAPERS)
def test_with_nothing_filled_in_each_paper_is_whole(world: World, sign_in, paper: str) -> None:
    visit = a_visit(world, host=None, starts_at=None)
    client = sign_in(world.kabinet_a)
    if paper == of.P:
        assert client.get(reverse("visits:sheet_of", args=[visit.pk, paper])).status_code == 200
        return
    assert "nog niet ingevuld" in _page(client, visit, paper).lower() or paper == of.B
    assert problems(_data(of.made(world.kabinet_a, visit, paper))) == []


def test_a_stop_until_midnight_ends_at_24(world: World, sign_in) -> None:
    visit = a_visit(world)
    Stop.objects.create(visit=visit, title="Laat", starts=time(23), minutes=60)
    assert "23:00–24:00" in _page(sign_in(world.kabinet_a), visit, of.M)
    assert visit.day == DAY
