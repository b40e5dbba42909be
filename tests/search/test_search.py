"""Searching: what is found, in which order, by whom, and the page that shows it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking.models import Action, Measure
from portal import clock
from portal.audit.models import AuditRow
from portal.papers import actions as paper_actions
from portal.papers.models import Paper
from portal.people.enums import Role
from portal.people.models import Membership, Person
from portal.search import filling, queries
from portal.search.matching import matching
from portal.search.models import Entry
from portal.search.registry import searchables
from tests.cast import World, start
from tests.papers import files
from tests.papers.conftest import added, errors
from tests.search.found import own_action, titles

SignIn = Callable[..., Client]


def test_measures_actions_and_papers_are_found_by_title_and_text(
    world: World, sign_in: SignIn, measure: Measure
) -> None:
    own_action(world.kabinet_a, measure, "Sleutels regelen", "Voor de crisisopvang in het weekend")
    client = sign_in(world.kabinet_a)
    data = files.pdf(1, files.saying("Protocol nachtelijke opvang"))
    added(client, measure, data, title="Draaiboek balie")
    filling.fill()
    assert titles(world.kabinet_a, "speelmaatregelen")[0] == "Speelmaatregel"
    assert titles(world.kabinet_a, "sleutel") == ["Sleutels regelen"]
    assert titles(world.kabinet_a, "crisisopvang") == ["Sleutels regelen"]
    assert titles(world.kabinet_a, "nachtelijk protocol") == ["Draaiboek balie"]
    assert titles(world.kabinet_a, "draaib") == ["Draaiboek balie"]
    assert titles(world.kabinet_a, "draaiboek sleutels") == []


def test_what_stands_in_a_title_comes_first_and_newer_before_older(world: World, measure: Measure) -> None:
    own_action(world.kabinet_a, measure, "Oudere enveloppe sturen")
    own_action(world.kabinet_a, measure, "Iets anders", "met een enveloppe erbij")
    own_action(world.kabinet_a, measure, "Enveloppe nalezen")
    filling.fill()
    assert titles(world.kabinet_a, "enveloppe") == [
        "Enveloppe nalezen",
        "Oudere enveloppe sturen",
        "Iets anders",
    ]


def test_nobody_finds_what_is_not_to_be_seen(world: World, measure: Measure) -> None:
    own_action(world.kabinet_a, measure, "Zonnebloem")
    visit = start(world.kabinet_a, world.a, "visits")
    own_action(world.kabinet_a, visit, "Zonnebloem op bezoek")
    triangle = start(world.secretaris, world.d, "driehoek")
    own_action(world.secretaris, triangle, "Zonnebloem besproken", holder_role="driehoek_secretaris")
    filling.fill()
    in_a = ["Zonnebloem op bezoek", "Zonnebloem"]
    assert titles(world.kabinet_a, "zonnebloem") == in_a
    assert titles(world.communicatie_a, "zonnebloem") == ["Zonnebloem op bezoek"]
    assert titles(world.piket_a, "zonnebloem") == ["Zonnebloem"]
    assert titles(world.secretaris, "zonnebloem") == ["Zonnebloem besproken"]
    assert set(titles(world.burgemeester_a, "zonnebloem")) == {*in_a, "Zonnebloem besproken"}
    for stranger in (world.burgemeester_b, world.kabinet_b, world.beheerder_a):
        assert "Zonnebloem" not in titles(stranger, "zonnebloem")


def test_who_holds_an_action_personally_finds_it_and_nothing_else(world: World, measure: Measure) -> None:
    held = own_action(
        world.kabinet_a, measure, "Zonnebloem", holder_role="", holder_person=world.communicatie_a
    )
    own_action(world.kabinet_a, measure, "Zonnebloem van een ander")
    filling.fill()
    assert titles(world.communicatie_a, "zonnebloem") == ["Zonnebloem"]
    act.hand_over(by=world.kabinet_a, action=held, to_role="kabinet")
    assert titles(world.communicatie_a, "zonnebloem") == []
    filling.fill()
    assert titles(world.communicatie_a, "zonnebloem") == []
    assert len(titles(world.kabinet_a, "zonnebloem")) == 2


def test_an_ended_membership_ends_the_finding_at_once(world: World, measure: Measure) -> None:
    filling.fill()
    assert "Speelmaatregel" in titles(world.piket_a, "speelmaatregel")
    Membership.objects.filter(person=world.piket_a).update(ended_at=clock.now())
    assert titles(world.piket_a, "speelmaatregel") == []


def test_a_mistake_leaves_the_answers_with_all_that_is_its_own_and_comes_back(
    world: World, sign_in: SignIn, measure: Measure
) -> None:
    action = own_action(world.kabinet_a, measure, "Zonnebloem")
    for subject in (measure, action):
        added(sign_in(world.kabinet_a), subject, title="Zonnebloem op papier")
    filling.fill()
    assert len(titles(world.kabinet_a, "zonnebloem")) == 3
    act.stop(by=world.kabinet_a, measure=measure, reason="dubbel", is_mistake=True)
    assert titles(world.kabinet_a, "zonnebloem") == []
    filling.fill()
    assert not Entry.objects.exists()
    act.reopen_measure(by=world.kabinet_a, measure=measure, reason="toch niet")
    filling.fill()
    assert len(titles(world.kabinet_a, "zonnebloem")) == 3


def test_a_paper_that_was_taken_away_or_refused_is_not_found(
    world: World, sign_in: SignIn, measure: Measure
) -> None:
    client = sign_in(world.kabinet_a)
    paper = added(client, measure, title="Zonnebloem")
    added(client, measure, files.encrypted(), title="Zonnebloem op slot")
    filling.fill()
    assert titles(world.kabinet_a, "zonnebloem") == ["Zonnebloem"]
    paper.refresh_from_db()
    paper_actions.withdraw(by=world.kabinet_a, paper=paper, reason="verkeerd", version=None)
    assert titles(world.kabinet_a, "zonnebloem") == []
    filling.fill()
    assert not Entry.objects.filter(object_id=paper.pk).exists()


def test_the_result_of_a_measure_is_found_when_it_is_completed(world: World, measure: Measure) -> None:
    for action in measure.actions.all():
        act.drop(by=world.kabinet_a, action=action, reason="niet nodig")
    act.complete(by=world.kabinet_a, measure=measure, result="Convenant getekend")
    filling.fill()
    assert titles(world.kabinet_a, "convenant") == ["Speelmaatregel"]


def test_more_than_fits_is_said_and_can_be_shown(world: World, sign_in: SignIn, measure: Measure) -> None:
    for nr in range(queries.FIRST_SHOWN + 5):
        own_action(world.kabinet_a, measure, f"Zonnebloem {nr}")
    filling.fill()
    results = queries.search(world.kabinet_a, "zonnebloem")
    assert (len(results.found), results.has_more) == (queries.FIRST_SHOWN, True)
    client = sign_in(world.kabinet_a)
    page = ask(client, "zonnebloem")
    assert "Er is meer gevonden dan hier staat" in page.content.decode()
    more = client.get(page.context["more_url"])
    assert len(more.context["results"].found) == queries.FIRST_SHOWN + 5
    assert not more.context["results"].has_more
    assert "Toon er meer" not in more.content.decode()


def test_what_may_not_be_seen_makes_no_answer_fall_off_the_end(
    world: World, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index lets through more than sight does: what is left is still shown, however far down."""
    seen = own_action(world.kabinet_a, measure, "Zonnebloem die men ziet")
    for nr in range(30):
        own_action(world.kabinet_a, measure, f"Zonnebloem {nr}")
    filling.fill()
    Action.objects.exclude(pk=seen.pk).filter(title__startswith="Zonnebloem").update(kind="visits")
    found = queries.search(Person.objects.get(pk=world.piket_a.pk), "zonnebloem", 5)
    assert [one.hit.title for one in found.found] == ["Zonnebloem die men ziet"]


def ask(client: Client, text: str) -> Any:
    """Post the question and follow it."""
    return client.post(reverse("search:search"), {"q": text}, follow=True)


def test_the_page_shows_what_was_found(world: World, sign_in: SignIn, measure: Measure) -> None:
    own_action(world.kabinet_a, measure, "Zonnebloem <b>planten</b>")
    filling.fill()
    page = ask(sign_in(world.kabinet_a), "zonnebloem").content.decode()
    assert "Zonnebloem &lt;b&gt;planten&lt;/b&gt;" in page
    assert "1 gevonden, van wat u mag zien." in page
    assert "Speelmaatregel · Voorbeeldstad · uiterlijk vr 9 okt" in page


def test_what_is_sought_stands_in_no_address_and_opens_for_nobody_else(
    world: World, sign_in: SignIn, measure: Measure
) -> None:
    client = sign_in(world.kabinet_a)
    answer = client.post(reverse("search:search"), {"q": "Jansen zonnebloem"})
    assert answer.status_code == 302
    assert "ansen" not in answer.url
    assert "zonnebloem" not in answer.url
    assert list(parse_qs(urlsplit(answer.url).query)) == ["vraag"]
    assert "Jansen zonnebloem" in client.get(answer.url).content.decode()
    other = sign_in(world.burgemeester_a).get(answer.url).content.decode()
    assert "Jansen" not in other
    assert "niet meer te openen" in other
    for broken in ("x", "x.y", "x.é", "k1.AAAA", "." * 500):
        page = client.get(reverse("search:search"), {"vraag": broken})
        assert "niet meer te openen" in page.content.decode()
    assert not AuditRow.objects.filter(changes__icontains="Jansen").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Typ een woord waarop u wilt zoeken."),
        (" ?!* ", "Typ een woord waarop u wilt zoeken."),
        ("111222333", "Dit portaal bewaart geen BSN"),
        ("x" * 121, "120"),
        ("a\x00b", "tekens"),
    ],
)
def test_bad_questions_get_one_sentence_and_stay_typed(
    world: World, sign_in: SignIn, typed: str, said: str
) -> None:
    answer = sign_in(world.kabinet_a).post(reverse("search:search"), {"q": typed})
    assert answer.status_code == 422
    assert len(errors(answer)) == 1
    assert said in errors(answer)[0]


def test_strange_questions_find_nothing_and_break_nothing(world: World, measure: Measure) -> None:
    filling.fill()
    for text in (
        "stap OR *",
        'stap" AND "x',
        "NEAR(stap",
        "stap -prepare ^x",
        "' | '",
        "\\",
        "🙂",
        "ا ب",
        "stap:*",
    ):
        titles(world.kabinet_a, text)
    with pytest.raises(ValueError, match="letters and digits"):
        matching(["x"], [('a" OR "b', "")], in_title=False, below=None, limit=1)


def test_the_box_stands_in_the_header_for_whom_there_is_something_to_find(
    world: World, sign_in: SignIn
) -> None:
    box = 'class="search" role="search"'
    assert box in sign_in(world.kabinet_a).get("/").content.decode()
    client = sign_in(world.beheerder_a)
    assert box not in client.get("/").content.decode()
    assert client.get(reverse("search:search")).status_code == 403


def test_a_search_costs_the_same_with_three_answers_and_with_thirty(
    world: World, sign_in: SignIn, measure: Measure
) -> None:
    client = sign_in(world.kabinet_a)

    def cost() -> int:
        filling.fill()
        url = client.post(reverse("search:search"), {"q": "zonnebloem"}).url
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        return len(seen)

    def more(first: int, last: int) -> None:
        for nr in range(first, last):
            own_action(world.kabinet_a, measure, f"Zonnebloem {nr}")
            added(client, measure, title=f"Zonnebloem {nr}")

    more(0, 3)
    few = cost()
    more(3, 12)
    assert cost() == few


def test_every_sort_is_registered_once_with_its_own_key(world: World) -> None:
    assert [one.key for one in searchables] == ["measure", "visit", "action", "paper"]


def test_no_name_of_a_citizen_and_no_number_reaches_the_index(
    world: World, sign_in: SignIn, measure: Measure
) -> None:
    client = sign_in(world.kabinet_a)
    data = files.pdf(1, files.saying("Bel 06-12345678, BSN 111222333, woont op 3511 AB 12"))
    added(client, measure, data, title="Zonnebloem")
    filling.fill()
    said = json.dumps(list(Entry.objects.values_list("words", flat=True)))
    assert not any(number in said for number in ("12345678", "111222333", "3511"))
    assert "zonnebloem" in said
    assert Paper.objects.count() == 1
    assert world.kabinet_a.has_role(Role.KABINET)
