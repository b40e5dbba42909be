"""What the weekly overview and the quarterly letter say; each a sound PDF; a rota plugs in."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest

from measures.tracking import actions
from measures.tracking.models import Action, Evidence, Measure
from portal import clock
from portal.briefings import making, office
from portal.briefings.duty import OnDuty, Rota, rotas
from portal.briefings.pdfua import problems
from portal.briefings.registry import document
from portal.people.models import Leave, Person
from tests.briefings.conftest import Renders, data, in_the_driehoek
from tests.briefings.office import mayors_action, now
from tests.cast import World, step
from tests.toys import toy
from tests.tracking.test_appointments import plan as arrange

MONDAY = date(2026, 10, 5)


def _titles(found, section: str) -> list[str]:
    facts = found.content.facts[section]
    return [facts["lines"][key]["title"] for key in facts["order"]]


# -- the week ----------------------------------------------------------------------------------
def test_due_this_week_by_day_and_late_apart(world: World, measure: Measure) -> None:
    by = world.kabinet_a
    for title, due in (
        ("Zondag", date(2026, 10, 11)),
        ("Maandag", MONDAY),
        ("Volgende week", date(2026, 10, 12)),
        ("Vorige week", date(2026, 10, 2)),
    ):
        mayors_action(by, measure, title, due, holder_role="kabinet")
    found = now(world.a, key=office.WEEK)
    assert _titles(found, "week_due") == ["Maandag", "Zondag"]
    assert _titles(found, "week_late") == ["Vorige week"]
    assert found.subject.title == "Weekoverzicht week 41"
    # At Monday's midnight the first of these is late, and stands in the wrong list.
    assert found.content.valid_until == clock.end_of(MONDAY)


def test_a_week_in_which_nothing_is_due_holds_to_its_end(world: World, measure: Measure) -> None:
    mayors_action(world.kabinet_a, measure, "Later", date(2026, 10, 19))
    work = Action.objects.exclude(title="Later").filter(due_on__lte=date(2026, 10, 11))
    work.update(due_on=None, late_from=None)
    assert now(world.a, key=office.WEEK).content.valid_until == clock.end_of(date(2026, 10, 11))


def test_done_last_week_and_not_this_week(world: World, measure: Measure, frozen_clock) -> None:
    frozen_clock.move_to("2026-10-01T10:00:00+00:00")
    actions.finish(by=world.kabinet_a, action=step(measure, "prepare"), evidence=None)
    frozen_clock.move_to("2026-10-05T10:00:00+00:00")
    mine = mayors_action(world.kabinet_a, measure, "Nu", MONDAY)
    actions.finish(by=world.kabinet_a, action=mine, evidence=None)
    assert _titles(now(world.a, key=office.WEEK), "week_done") == ["Stap prepare"]


def test_appointments_of_the_week_and_who_is_away(world: World, measure: Measure) -> None:
    for title, day in (("Deze week", date(2026, 10, 8)), ("Later", date(2026, 10, 13))):
        arrange(
            world.kabinet_a,
            measure,
            title=title,
            starts_at=clock.at(day, time(10)),
            ends_at=clock.at(day, time(11)),
        )
    Leave.objects.create(
        person=world.oov_a,
        deputy=world.piket_a,
        starts_on=date(2026, 10, 9),
        ends_on=date(2026, 10, 16),
        announced_by=world.oov_a,
    )
    found = now(world.a, key=office.WEEK)
    assert _titles(found, "week_meetings") == ["Deze week"]
    assert _titles(found, "away") == ["S. de Wit"]
    assert "R. Bakker" in found.content.body
    assert _titles(now(world.b, key=office.WEEK), "away") == []


def test_measures_in_which_nothing_happened_for_two_weeks(
    world: World, measure: Measure, frozen_clock
) -> None:
    other = toy(world.kabinet_a, world.a)
    frozen_clock.move_to("2026-10-26T10:00:00+00:00")
    actions.begin(by=world.kabinet_a, action=step(other, "prepare"))
    assert _titles(now(world.a, key=office.WEEK), "week_idle") == [measure.title]
    frozen_clock.move_to("2026-11-16T10:00:00+00:00")
    assert len(_titles(now(world.a, key=office.WEEK), "week_idle")) == 2


def test_the_office_never_reads_of_the_driehoek(world: World) -> None:
    in_the_driehoek(world)
    for key in (office.WEEK, office.QUARTER, office.DAY):
        found = now(world.a, key=key)
        assert "Stukken nalopen" not in found.content.body + str(found.content.facts)


# -- the quarter ---------------------------------------------------------------------------------
def _in_january(world: World, frozen_clock) -> Measure:
    """A measure with a decision, a done step and a done action of somebody's own in the fourth quarter."""
    measure, by = toy(world.kabinet_a, world.a), world.kabinet_a
    actions.finish(by=by, action=step(measure, "prepare"), evidence=None)
    actions.finish(
        by=by,
        action=step(measure, "decide"),
        evidence={
            "text": "Akkoord met het voorstel.",
            "decided_by_role": "college",
            "decided_by_name": "M. van Dijk",
            "dated_on": date(2026, 10, 2),
        },
    )
    own = mayors_action(by, measure, "Zelf getypt", MONDAY)
    actions.finish(by=by, action=own, evidence=None)
    frozen_clock.move_to("2027-01-04T10:00:00+00:00")
    return measure


def test_the_letter_looks_back_on_the_quarter_and_names_nobody(world: World, frozen_clock) -> None:
    _in_january(world, frozen_clock)
    found = now(world.a, key=office.QUARTER)
    assert found.subject.title == "Voortgangsbrief vierde kwartaal 2026"
    body = found.content.body
    assert "<b>Concept.</b>" in body
    assert "van 1 oktober tot en met 31 december 2026 deed" in body
    assert "Geachte leden van de raad," in body
    assert "Stap prepare (5 oktober 2026)" in body
    assert "Akkoord met het voorstel." in body
    assert "college" in body
    assert "een eigen actie (5 oktober 2026)" in body
    for name in ("Zelf getypt", *Person.objects.values_list("name", flat=True)):
        assert name not in body
    for kind in ("Werkbezoek", "Tijdelijk huisverbod", "Stop it Now!", "Publiciteit en campagneweek"):
        assert kind in body
    assert "Met deze maatregel is nog niet begonnen." in body


def test_the_letter_holds_nothing_of_another_quarter(world: World, frozen_clock) -> None:
    measure = _in_january(world, frozen_clock)
    Evidence.objects.update(dated_on=date(2026, 9, 30))
    Action.objects.filter(measure=measure).update(ended_at=clock.at(date(2026, 9, 30), time(12)))
    body = now(world.a, key=office.QUARTER).content.body
    assert "Akkoord met het voorstel." not in body
    assert "In dit kwartaal is geen actie klaargemeld." in body
    assert "In dit kwartaal is geen besluit vastgelegd." in body


def test_the_figures_count_measures_and_actions(world: World, frozen_clock) -> None:
    _in_january(world, frozen_clock)
    found = now(world.a, key=office.QUARTER)
    row = found.content.facts["quarter_figures"]["lines"]["Burgemeester als last resort"]["details"]
    assert row == {"lopend": "1", "afgerond": "0", "gedaan": "3", "open": "3", "te laat": "3"}


# -- on paper ------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", [office.DAY, office.WEEK, office.QUARTER])
@pytest.mark.parametrize("is_empty", [True, False])
def test_each_is_a_sound_document(
    world: World, renders: Renders, frozen_clock, key: str, is_empty: bool
) -> None:
    if not is_empty:
        measure = _in_january(world, frozen_clock)
        for nr in range(12):
            mayors_action(world.kabinet_a, measure, f"Actie {nr}", clock.today() + timedelta(days=nr))
        arrange(
            world.kabinet_a,
            measure,
            starts_at=clock.at(clock.today(), time(14)),
            ends_at=clock.at(clock.today(), time(15)),
        )
    rhythm = document(key).rhythm
    assert rhythm is not None
    row = making.ask(
        by=world.kabinet_a,
        document=key,
        subject_id=world.a.municipality_id,
        scope=world.a,
        audience="kabinet",
        period=rhythm.begins(clock.today()),
    )
    making.make_waiting()
    row.refresh_from_db()
    assert row.is_ready
    assert problems(data(row)) == []


# -- a rota --------------------------------------------------------------------------------------
@pytest.fixture
def rota() -> Iterator[None]:
    until = clock.at(date(2026, 10, 6), time(9))
    rotas.register(
        Rota(
            "toy",
            1,
            lambda scope, at: [OnDuty("Piket", "S. de Wit", until, "R. Bakker")] if at < until else [],
        )
    )
    yield
    rotas.unregister("toy")


@pytest.mark.usefixtures("rota")
def test_a_rota_says_who_is_on_duty_and_until_when(world: World, frozen_clock) -> None:
    body = now(world.a).content.body
    assert "S. de Wit, tot di 6 okt 09:00, daarna R. Bakker" in body
    assert "nog geen piketrooster" not in body
    frozen_clock.move_to("2026-10-06T07:00:00+00:00")
    assert "Het piketrooster is vandaag niet gevuld." in now(world.a).content.body
