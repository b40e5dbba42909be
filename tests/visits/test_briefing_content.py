"""Writing what the papers of a visit say, the page of the briefing, and what the page of a visit shows of both."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.audit.models import AuditRow
from portal.briefings.models import Briefing
from tests.cast import World
from tests.visits import marked as of
from tests.visits.make import a_stop, a_visit
from visits import actions as act
from visits import paper_queries as papers
from visits.briefing_forms import TEXT_FIELDS, is_small
from visits.models import Figure, Visit


@pytest.fixture
def visit(world: World) -> Visit:
    return a_visit(world)


@pytest.fixture
def client(world: World, sign_in) -> Client:
    found: Client = sign_in(world.kabinet_a)
    return found


def _post(client: Client, visit: Visit, **typed: Any) -> Any:
    visit.refresh_from_db()
    usual = {"version": visit.version, "briefing_days": 3}
    return client.post(reverse("visits:briefing_content", args=[visit.pk]), usual | typed)


def _figure(nr: int = 0, **more: str) -> dict[str, str]:
    row = {"value": "1.240", "about": "meldingen", "source": "Jaarverslag", "as_of": "2026-03-01"} | more
    return {f"figure_{nr}_{name}": found for name, found in row.items()}


def test_everything_is_kept_and_stands_on_the_briefing(client: Client, visit: Visit) -> None:
    typed = {name: f"Zq{name.replace('_', '')}" for name in TEXT_FIELDS}
    answer = _post(client, visit, **typed, briefing_days=5, **_figure())
    assert answer.url == reverse("visits:briefing", args=[visit.pk])
    visit.refresh_from_db()
    assert {name: getattr(visit, name) for name in TEXT_FIELDS} == typed
    assert visit.briefing_days == 5
    assert [str(one) for one in visit.figures.all()] == ["1.240 meldingen"]
    html = client.get(answer.url).content.decode()
    for words in [*typed.values(), "1.240", "zo&nbsp;1&nbsp;mrt"]:
        assert words.replace("&nbsp;", "\u00a0") in html
    form = client.get(reverse("visits:briefing_content", args=[visit.pk])).content.decode()
    assert "Zqbetweenus" in form
    assert 'value="2026-03-01"' in form


def test_the_audit_record_keeps_names_and_lengths_and_no_words(client: Client, visit: Visit) -> None:
    _post(client, visit, sensitive="Een klacht", **_figure())
    rows = {row.event: row.changes for row in AuditRow.objects.filter(object_id=visit.pk)}
    assert rows["visit.changed"]["sensitive"] == {"length": 10}
    assert rows["visit.figures_written"]["figures"] == {"old": 0, "new": 1}
    assert "klacht" not in str(rows)
    assert "1.240" not in str(rows)


def test_saving_without_a_change_writes_nothing(client: Client, visit: Visit) -> None:
    _post(client, visit, sensitive="Een klacht", **_figure())
    count = AuditRow.objects.count()
    version = Visit.objects.get(pk=visit.pk).version
    assert _post(client, visit, sensitive="Een klacht", **_figure()).status_code == 302
    assert (AuditRow.objects.count(), Visit.objects.get(pk=visit.pk).version) == (count, version)


@pytest.mark.parametrize("changed", ["text", "figure"])
def test_who_is_a_moment_too_late_gets_the_form_back_with_what_was_typed(
    world: World, client: Client, visit: Visit, changed: str
) -> None:
    typed = {"sensitive": "Van mij"} if changed == "text" else _figure(about="Van mij")
    before = visit.version
    act.change_visit(by=world.communicatie_a, visit=visit, press_line="Van een ander")
    answer = client.post(
        reverse("visits:briefing_content", args=[visit.pk]),
        {"version": before, "briefing_days": 3, "press_line": "Van een ander", **typed},
    )
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Van mij" in html
    assert "L. Bakker" in html
    assert not Figure.objects.exists()
    assert Visit.objects.get(pk=visit.pk).sensitive == ""


def test_the_sixth_question_is_refused_with_a_sentence(client: Client, visit: Visit) -> None:
    answer = _post(client, visit, questions_to_ask="\n".join(f"Vraag {nr}?" for nr in range(6)))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Hoogstens 5 vragen; u schreef er 6." in html
    assert "Vraag 5?" in html
    assert _post(client, visit, questions_to_ask="Een?\n\n  Twee?  \n").status_code == 302
    assert Visit.objects.get(pk=visit.pk).questions == ["Een?", "Twee?"]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("value", "Vul het cijfer in, of maak de hele rij leeg."),
        ("about", "Schrijf waar dit cijfer over gaat."),
        ("source", "Schrijf waar dit cijfer vandaan komt."),
        ("as_of", "Vul in van welke dag dit cijfer is."),
    ],
)
def test_a_figure_is_whole_or_not_there(client: Client, visit: Visit, field: str, words: str) -> None:
    answer = _post(client, visit, **_figure(2, **{field: ""}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Figure.objects.exists()


@pytest.mark.parametrize("value", ["0", "1", "4"])
def test_a_count_under_five_is_asked_about_once(client: Client, visit: Visit, value: str) -> None:
    first = _post(client, visit, **_figure(value=value))
    assert first.status_code == 422
    assert "Laat tellingen onder de 5 weg" in first.content.decode()
    seen = first.context["form"]["seen_small"].value()
    other = _post(client, visit, **_figure(value=str(4 - int(value) or 3)), seen_small=seen)
    assert other.status_code == (302 if 4 - int(value) == int(value) else 422)
    assert _post(client, visit, **_figure(value=value), seen_small=seen).status_code == 302
    assert Figure.objects.get().value == value


@pytest.mark.parametrize("value", ["5", "3 weken", "4%", "1,5", "vier", "40"])
def test_what_is_no_small_count_passes(value: str) -> None:
    assert not is_small(value)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"sensitive": "bsn 111222333"}, "burgerservicenummer"),
        (_figure(source="bsn 111222333"), "burgerservicenummer"),
        ({"sensitive": "Bel 06-12345678"}, "druk nog eens als het echt nodig is"),
        ({"briefing_days": "21"}, "Vul een getal in van 0 tot en met 20."),
        ({"briefing_days": "x"}, "Vul een getal in van 0 tot en met 20."),
        ({"not_to_say": "a" * 4001}, "4000"),
    ],
)
def test_bad_input_gets_one_sentence_and_loses_nothing(
    client: Client, visit: Visit, typed: dict[str, str], words: str
) -> None:
    answer = _post(client, visit, press_line="Dit blijft staan", **typed)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    assert "Dit blijft staan" in html


def test_emoji_and_odd_letters_are_printed(world: World, client: Client, visit: Visit) -> None:
    _post(client, visit, sensitive="Łukasz 🙂 → ‘x’ <b>", **_figure(about="🙂 & <i>"))
    assert of.made(world.kabinet_a, visit, of.B).is_ready


def test_what_is_closed_is_not_changed_any_more(world: World, client: Client, visit: Visit) -> None:
    act.cancel(by=world.kabinet_a, visit=visit, reason="Ziek")
    answer = _post(client, visit, sensitive="Toch")
    assert answer.url == reverse("visits:briefing", args=[visit.pk])
    assert Visit.objects.get(pk=visit.pk).sensitive == ""


def test_the_page_leads_to_the_newest_pdf_and_says_what_changed(
    world: World, client: Client, visit: Visit
) -> None:
    url = reverse("visits:briefing", args=[visit.pk])
    assert "Maak de PDF</button>" in client.get(url).content.decode()
    row = of.made(world.kabinet_a, visit, of.B)
    html = client.get(url).content.decode()
    assert reverse("briefings:pdf", args=[row.pk]) in html
    assert "gelijk aan deze pagina" in html
    act.change_visit(by=world.kabinet_a, visit=visit, press_line="Wij luisteren.")
    html = client.get(url).content.decode()
    assert "Maak de PDF opnieuw" in html
    assert "nieuw: ‘Wij luisteren.’" in html
    answer = client.post(reverse("visits:make_briefing", args=[visit.pk]), {"key": uuid4().hex})
    assert answer.url == reverse("briefings:briefing", args=[Briefing.objects.get(state="asked").pk])


def test_figures_of_more_than_a_year_say_so_from_the_day_after(visit: Visit, frozen_clock) -> None:
    Figure.objects.create(visit=visit, value="9", about="x", source="y", as_of=date(2025, 10, 5))
    first = papers.paper(visit, "visit", of.M)
    assert first is not None
    assert "ouder dan een jaar" not in first.content.body
    assert first.content.valid_until is not None
    frozen_clock.move_to(first.content.valid_until)
    assert "ouder dan een jaar" in papers.paper(visit, "visit", of.M).content.body  # type: ignore[union-attr]


def test_of_the_29th_of_february_too(visit: Visit, frozen_clock) -> None:
    frozen_clock.move_to("2028-03-01T10:00:00+00:00")
    Figure.objects.create(visit=visit, value="9", about="x", source="y", as_of=date(2028, 2, 29))
    assert papers.paper(visit, "visit", of.M) is not None


def test_the_card_says_when_it_goes_out_and_what_is_empty(world: World, visit: Visit) -> None:
    card = papers.briefing_card(visit, world.kabinet_a)
    assert (card.goes_out_on, card.out, card.ready) == (date(2026, 11, 2), None, None)
    assert "gevoelige punten" in card.empty
    full = of.marked(world)
    of.made(world.kabinet_a, full, of.B)
    card = papers.briefing_card(full, world.kabinet_a)
    assert card.empty == []
    assert not card.is_stale
    act.change_visit(by=world.kabinet_a, visit=full, sensitive="Anders")
    card = papers.briefing_card(full, world.burgemeester_b)
    assert card.is_stale
    assert [one.section for one in card.changed] == ["Gevoelig"]
    assert not card.may_change


def test_the_page_of_a_visit_can_show_both_cards_in_every_state(world: World) -> None:
    for visit in (a_visit(world, starts_at=None, host=None), of.marked(world)):
        for _round in range(2):
            sheets = render_to_string(
                "visits/_sheets.html", {"visit": visit, "cards": papers.sheets_card(visit)}
            )
            card = papers.briefing_card(visit, world.kabinet_a)
            briefing = render_to_string("visits/_briefing.html", {"visit": visit, "card": card})
            assert reverse("visits:sheet_of", args=[visit.pk, of.P]) in sheets
            assert reverse("visits:briefing_content", args=[visit.pk]) in briefing
            row = of.made(world.kabinet_a, visit, of.H)
            act.note_sent(by=world.kabinet_a, visit=visit, audience=of.H, briefing=row, key=uuid4().hex)
            of.made(world.kabinet_a, visit, of.B)
            act.change_visit(by=world.kabinet_a, visit=visit, house_rules=uuid4().hex)
    assert "De gastorganisatie heeft een oudere versie" in render_to_string(
        "visits/_sheets.html", {"visit": visit, "cards": papers.sheets_card(visit)}
    )


def test_without_a_day_nothing_is_promised(world: World) -> None:
    assert papers.briefing_card(a_visit(world, starts_at=None), world.kabinet_a).goes_out_on is None


def test_the_sheets_card_names_who_has_an_older_version(world: World, client: Client) -> None:
    visit = of.marked(world)
    row = of.made(world.kabinet_a, visit, of.H)
    act.note_sent(by=world.kabinet_a, visit=visit, audience=of.H, briefing=row, key="k")
    assert [one.warning for one in papers.sheets_card(visit)] == [""] * 4
    act.change_visit(by=world.kabinet_a, visit=visit, sensitive="Wat de gast niet leest")
    assert [one.warning for one in papers.sheets_card(visit)] == [""] * 4
    act.change_visit(by=world.kabinet_a, visit=visit, house_rules="Schoenen uit.")
    cards = {one.audience: one for one in papers.sheets_card(visit)}
    assert cards[of.H].warning.startswith("De gastorganisatie heeft een oudere versie")
    assert cards[of.H].changed[0].words == ["‘Zqhuisregel’ staat er niet meer", "nieuw: ‘Schoenen uit.’"]
    assert cards[of.P].warning == ""


def test_what_the_host_is_asked_for_the_first_time_is_a_change_too(world: World) -> None:
    visit = a_visit(world)
    row = of.made(world.kabinet_a, visit, of.H)
    act.note_sent(by=world.kabinet_a, visit=visit, audience=of.H, briefing=row, key="k")
    act.change_visit(by=world.kabinet_a, visit=visit, asked_of_host="Een stille ruimte")
    cards = {one.audience: one for one in papers.sheets_card(visit)}
    assert [one.words for one in cards[of.H].changed] == [["nieuw: ‘Een stille ruimte’"]]


def test_who_goes_does_not_rename_who_comes_after(world: World) -> None:
    visit = a_visit(world)
    first, _second = (
        act.add_companion(by=world.kabinet_a, visit=visit, function=function, name=name)
        for function, name in (("wethouder", "S. de Wit"), ("adviseur", "R. Groen"))
    )
    row = of.made(world.kabinet_a, visit, of.H)
    act.note_sent(by=world.kabinet_a, visit=visit, audience=of.H, briefing=row, key="k")
    act.end_companion(by=world.kabinet_a, companion=first)
    cards = {one.audience: one for one in papers.sheets_card(visit)}
    assert [one.words for one in cards[of.H].changed] == [["‘Wethouder’ staat er niet meer"]]


def test_the_press_that_may_not_come_any_more_is_named_first(world: World, client: Client) -> None:
    visit = of.marked(world)
    row = of.made(world.kabinet_a, visit, of.P)
    act.note_sent(by=world.kabinet_a, visit=visit, audience=of.P, briefing=row, key="k")
    visit.stops.filter(press="by_arrangement").update(press="no")
    cards = {one.audience: one for one in papers.sheets_card(visit)}
    assert cards[of.P].warning == "De pers heeft een blad dat niet meer geldt. Laat dat zelf weten."
    html = render_to_string("visits/_sheets.html", {"visit": visit, "cards": list(cards.values())})
    assert "geldt niet meer" in html
    page = client.get(reverse("visits:sheet_of", args=[visit.pk, of.P])).content.decode()
    assert "verstuurde, geldt niet meer." in page


def test_both_cards_and_every_page_cost_the_same_with_few_rows_and_with_many(
    world: World, client: Client
) -> None:
    visit = of.marked(world)
    for paper in (of.M, of.C, of.H, of.P):
        row = of.made(world.kabinet_a, visit, paper)
        act.note_sent(by=world.kabinet_a, visit=visit, audience=paper, briefing=row, key=paper)
    urls = [reverse("visits:briefing", args=[visit.pk])]
    urls += [reverse("visits:sheet_of", args=[visit.pk, paper]) for paper in (of.M, of.C, of.H, of.P)]

    def costs() -> list[int]:
        found = []
        for act_ in (
            lambda: papers.sheets_card(visit),
            lambda: papers.briefing_card(visit, world.kabinet_a),
            *(lambda url=url: client.get(url) for url in urls),
        ):
            act_()
            with CaptureQueriesContext(connection) as seen:
                act_()
            found.append(len(seen))
        return found

    few = costs()
    for nr in range(12):
        a_stop(visit, title=f"Deel {nr}", minutes=5, press="welcome")
        act.add_companion(by=world.kabinet_a, visit=visit, function="other", name=f"Naam {nr}")
    visit = Visit.objects.get(pk=visit.pk)
    assert costs() == few
    assert few[0] <= 8
