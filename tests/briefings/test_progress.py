"""The page that waits: it says how far it is, and the browser asks for it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from measures.tracking.models import Measure
from portal.briefings import making
from portal.briefings.enums import State
from portal.briefings.models import Briefing
from tests.briefings.conftest import Renders, ask, made
from tests.cast import World


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.ASKED, "De briefing wacht op haar beurt."),
        (State.MAKING, "De briefing wordt nu gemaakt."),
    ],
)
def test_waiting_is_said_in_words_and_asked_for_by_the_browser(
    world: World, measure: Measure, sign_in, state: State, words: str
) -> None:
    row = ask(world.kabinet_a, measure)
    Briefing.objects.filter(pk=row.pk).update(state=state)
    client = sign_in(world.kabinet_a)
    html = client.get(reverse("briefings:briefing", args=[row.pk])).content.decode()
    status = reverse("briefings:status", args=[row.pk])
    assert words in html
    assert f'data-poll="{status}"' in html
    answer = client.get(status)
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["state"] == state
    assert answer.json()["done"] is False
    assert answer.json()["text"].startswith(words)


def test_without_javascript_a_link_shows_it_again(world: World, measure: Measure, sign_in) -> None:
    row = ask(world.kabinet_a, measure)
    html = sign_in(world.kabinet_a).get(reverse("briefings:briefing", args=[row.pk])).content.decode()
    assert "Kijk opnieuw" in html


def test_when_it_is_ready_the_page_opens_the_pdf(
    world: World, measure: Measure, sign_in, quick: Renders
) -> None:
    row = made(world.kabinet_a, measure)
    client = sign_in(world.kabinet_a)
    assert client.get(reverse("briefings:status", args=[row.pk])).json() == {
        "state": "ready",
        "done": True,
        "text": "De briefing is klaar.",
    }
    html = client.get(reverse("briefings:briefing", args=[row.pk])).content.decode()
    assert reverse("briefings:pdf", args=[row.pk]) in html
    assert "data-poll" not in html
    assert "gemaakt voor: Kabinet" in html
    assert "1 pagina" in html
    assert "INVALID" not in html


def test_it_says_so_when_it_takes_longer_than_it_should(
    world: World, measure: Measure, sign_in, frozen_clock
) -> None:
    row = ask(world.kabinet_a, measure)
    frozen_clock.shift(timedelta(minutes=3))
    html = sign_in(world.kabinet_a).get(reverse("briefings:briefing", args=[row.pk])).content.decode()
    assert "Het duurt langer dan anders." in html


def test_a_briefing_whose_words_time_made_untrue_says_so(
    world: World, full: Measure, sign_in, quick: Renders, frozen_clock
) -> None:
    row = made(world.kabinet_a, full)
    url = reverse("briefings:briefing", args=[row.pk])
    assert "kloppen niet alle woorden meer" not in sign_in(world.kabinet_a).get(url).content.decode()
    frozen_clock.shift(timedelta(days=1))
    html = sign_in(world.kabinet_a).get(url).content.decode()
    assert "Sinds di 6 okt 00:00 kloppen niet alle woorden meer" in html


def test_only_reading_is_answered_on_the_state_and_the_file(world: World, measure: Measure, sign_in) -> None:
    row = ask(world.kabinet_a, measure)
    client = sign_in(world.kabinet_a)
    for name in ("status", "pdf"):
        assert client.post(reverse(f"briefings:{name}", args=[row.pk])).status_code == 405


def test_who_is_not_signed_in_is_led_to_the_sign_in(world: World, measure: Measure, client) -> None:
    row = ask(world.kabinet_a, measure)
    for name in ("briefing", "status", "pdf"):
        assert client.get(reverse(f"briefings:{name}", args=[row.pk])).status_code == 302


def test_one_run_leaves_the_rest_for_the_next(
    world: World, measure: Measure, quick: Renders, monkeypatch
) -> None:
    monkeypatch.setattr(making, "MOST_AT_ONCE", 2)
    for _nr in range(3):
        ask(world.kabinet_a, measure)
    assert making.make_waiting() == 2
    assert making.make_waiting() == 1
