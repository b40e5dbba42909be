"""A changed source makes a briefing stale, and its page says what changed since."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from measures.tracking import actions
from measures.tracking.models import Measure
from portal import clock
from portal.briefings import making, office
from portal.briefings.changes import changes, fact
from portal.briefings.models import Briefing
from portal.briefings.registry import Line, document
from portal.people.models import Person
from tests.briefings.conftest import Renders, in_the_driehoek, made
from tests.briefings.office import at_hour, mayors_action, now
from tests.cast import World, step

TODAY = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def _quick(quick: Renders) -> Renders:
    return quick


def _made(world: World, by: Person, reader: Person | None = None, key: str = office.DAY) -> Briefing:
    of = document(key)
    assert of.rhythm is not None
    row = making.ask(
        by=by,
        document=key,
        subject_id=world.a.municipality_id,
        scope=world.a,
        audience="reader" if reader else "kabinet",
        reader=reader,
        period=of.rhythm.begins(TODAY),
    )
    making.make_waiting()
    return row


def _said(world: World, reader: Person | None = None, key: str = office.DAY) -> dict[str, list[str]]:
    found = now(world.a, reader, key).since
    assert found is not None
    assert found.is_stale == bool(found.changed)
    return {one.section: one.words for one in found.changed}


def test_nothing_changed_is_not_stale(world: World, measure: Measure) -> None:
    mayors_action(world.kabinet_a, measure, "Eerste", TODAY)
    _made(world, world.kabinet_a)
    assert _said(world) == {}


def test_what_was_done_what_is_new_and_what_moved(world: World, measure: Measure) -> None:
    by = world.kabinet_a
    first = mayors_action(by, measure, "Eerste", TODAY)
    dropped = mayors_action(by, measure, "Tweede", TODAY)
    running = mayors_action(by, measure, "Klok", TODAY, holder_role="kabinet")
    at_hour(running, clock.now() + timedelta(hours=3))
    _made(world, by)
    actions.finish(by=by, action=first, evidence=None)
    actions.drop(by=by, action=dropped, reason="niet nodig")
    mayors_action(by, measure, "Derde", TODAY)
    at_hour(running, clock.now() + timedelta(hours=26))
    assert _said(world) == {
        "Vandaag beslissen": ["‘Eerste’ is gedaan", "‘Tweede’ is vervallen", "nieuw: ‘Derde’"],
        "Lopende klokken": [
            "tijd van ‘Klok’ ging van ma\u00a05\u00a0okt\u00a015:00 naar di\u00a06\u00a0okt\u00a014:00"
        ],
    }


def test_what_went_to_somebody_else_is_not_said_to_be_done(world: World, measure: Measure) -> None:
    action = mayors_action(world.kabinet_a, measure, "Eerste", TODAY)
    _made(world, world.kabinet_a)
    actions.hand_over(by=world.kabinet_a, action=action, to_role="kabinet")
    assert _said(world) == {"Vandaag beslissen": ["‘Eerste’ staat er niet meer"]}


def test_a_clock_that_ran_out_is_over(world: World, measure: Measure, frozen_clock) -> None:
    action = mayors_action(world.kabinet_a, measure, "Klok", TODAY, holder_role="kabinet")
    at_hour(action, clock.now() + timedelta(hours=3))
    _made(world, world.kabinet_a)
    frozen_clock.shift(timedelta(hours=3))
    assert _said(world) == {"Lopende klokken": ["‘Klok’ is afgelopen"]}


def test_a_stopped_measure_says_so(world: World, measure: Measure) -> None:
    mayors_action(world.kabinet_a, measure, "Eerste", TODAY)
    _made(world, world.kabinet_a)
    actions.stop(by=world.kabinet_a, measure=Measure.objects.get(pk=measure.pk), reason="klaar")
    said = _said(world)["Vandaag beslissen"]
    assert said == ["‘Eerste’ hoort bij een maatregel die niet meer loopt"]


def test_long_lists_of_changes_are_cut(world: World) -> None:
    of = document(office.DAY)
    lines = [Line(str(nr), f"Regel {nr}") for nr in range(20)]
    before = {"day_decide": fact(lines)}
    after = {"day_decide": fact([])}

    class Subject:
        reader = None
        scopes: tuple[Any, ...] = ()

    found = changes(of, Subject(), {"day_decide": fact([])}, {"day_decide": fact(lines)})
    assert (len(found[0].words), found[0].more) == (6, 14)
    assert changes(of, Subject(), before, before) == []
    assert after


def test_a_briefing_of_before_facts_were_kept_says_nothing_it_does_not_know(world: World) -> None:
    row = _made(world, world.kabinet_a)
    Briefing.objects.filter(pk=row.pk).update(facts={})
    assert _said(world) == {}


def test_the_weekly_and_the_letter_say_it_too(world: World, measure: Measure) -> None:
    action = mayors_action(world.kabinet_a, measure, "Eerste", TODAY + timedelta(days=1))
    _made(world, world.kabinet_a, key=office.WEEK)
    _made(world, world.kabinet_a, key=office.QUARTER)
    actions.finish(by=world.kabinet_a, action=action, evidence=None)
    assert _said(world, key=office.WEEK) == {"Deze week klaar": ["‘Eerste’ is gedaan"]}
    assert "Cijfers" in _said(world, key=office.QUARTER)


def test_the_words_of_the_driehoek_do_not_reach_the_copy_of_the_office(world: World) -> None:
    measure = in_the_driehoek(world)
    at_hour(step(measure, "pack"), clock.now() + timedelta(hours=5))
    _made(world, world.burgemeester_a, world.burgemeester_a)
    _made(world, world.kabinet_a)
    at_hour(step(measure, "pack"), clock.now() + timedelta(hours=6))
    assert "Lopende klokken" in _said(world, world.burgemeester_a)
    assert _said(world) == {}


# -- on the page ---------------------------------------------------------------------------------
def test_the_page_says_it_on_top_and_offers_a_new_one(world: World, measure: Measure, sign_in) -> None:
    action = mayors_action(world.kabinet_a, measure, "Eerste", TODAY)
    _made(world, world.kabinet_a)
    client, url = (
        sign_in(world.kabinet_a),
        reverse("briefings:now", args=[office.DAY, world.a.municipality_id]),
    )
    html = client.get(url).content.decode()
    assert "gelijk aan deze pagina" in html
    assert "Maak opnieuw" not in html
    actions.finish(by=world.kabinet_a, action=action, evidence=None)
    html = client.get(url).content.decode()
    assert "Sinds 12:00 veranderd" in html
    assert "<b>Vandaag beslissen</b>: ‘Eerste’ is gedaan" in html
    assert "Maak opnieuw" in html
    assert html.index("Sinds 12:00 veranderd") < html.index("Lopende klokken")


def test_the_briefing_of_a_measure_says_what_changed_too(world: World, measure: Measure, sign_in) -> None:
    made(world.kabinet_a, measure)
    url = reverse("tracking:briefing", args=[measure.pk])
    client = sign_in(world.kabinet_a)
    assert "veranderd" not in client.get(url).content.decode()
    actions.finish(by=world.kabinet_a, action=step(measure, "prepare"), evidence=None)
    html = client.get(url).content.decode()
    assert "Sinds 12:00 veranderd" in html
    assert "<b>Open</b>: ‘Stap prepare’ is gedaan" in html


def test_that_an_hour_went_by_is_no_change_of_the_clocks(
    world: World, measure: Measure, frozen_clock
) -> None:
    action = mayors_action(world.kabinet_a, measure, "Klok", TODAY, holder_role="kabinet")
    at_hour(action, clock.at(TODAY + timedelta(days=3), time(15)))
    _made(world, world.kabinet_a)
    frozen_clock.shift(4 * 3600)
    assert _said(world) == {}
