"""A step that leaves a briefing has it at six in the morning of its date, once."""

from datetime import date, time
from typing import Any

import pytest

from measures.tracking import actions
from measures.tracking.models import Measure
from portal import clock
from portal.briefings import making
from portal.briefings.enums import State
from portal.briefings.models import Briefing
from portal.briefings.tasks import make_due
from tests.briefings.conftest import Renders, in_the_driehoek
from tests.cast import World, step

# "brief" of the toy measure: one working day before Monday 16 November 2026.
FRIDAY = date(2026, 11, 13)
# Beside what a schedule makes.
OF_MEASURES = Briefing.objects.filter(document="measure")
BEFORE_SIX = "2026-11-13T04:59:59+00:00"
SIX = "2026-11-13T05:00:00+00:00"


@pytest.fixture(autouse=True)
def _quick(quick: Renders) -> Renders:
    return quick


def test_not_before_six_and_from_six_once(measure: Measure, frozen_clock) -> None:
    assert step(measure, "brief").due_on == FRIDAY
    frozen_clock.move_to(BEFORE_SIX)
    make_due()
    assert not OF_MEASURES.exists()
    frozen_clock.move_to(SIX)
    make_due()
    row = OF_MEASURES.get()
    assert (row.state, row.audience, row.asked_by, row.scope) == (
        State.READY,
        "burgemeester",
        None,
        measure.scope,
    )
    assert (row.document, row.subject_id) == ("measure", measure.pk)
    for moment in (SIX, "2026-11-13T11:00:00+00:00", "2026-11-13T22:59:59+00:00"):
        frozen_clock.move_to(moment)
        make_due()
    assert OF_MEASURES.count() == 1


def test_six_is_six_in_amsterdam_in_summer_too(world: World, measure: Measure, frozen_clock) -> None:
    frozen_clock.move_to("2026-10-09T03:59:00+00:00")
    actions.pin(by=world.kabinet_a, action=step(measure, "brief"), to=clock.today())
    assert making.ask_due() == 0
    frozen_clock.move_to("2026-10-09T04:00:00+00:00")
    assert making.ask_due() == 1


@pytest.mark.parametrize("moment", ["2026-11-12T12:00:00+00:00", "2026-11-13T23:00:00+00:00"])
def test_not_on_the_day_before_or_after(measure: Measure, frozen_clock, moment: str) -> None:
    frozen_clock.move_to(moment)
    assert making.ask_due() == 0


def test_a_moved_date_leaves_one_on_its_new_day(world: World, measure: Measure, frozen_clock) -> None:
    frozen_clock.move_to(SIX)
    make_due()
    actions.pin(by=world.kabinet_a, action=step(measure, "brief"), to=date(2026, 11, 16))
    make_due()
    assert OF_MEASURES.count() == 1
    frozen_clock.move_to("2026-11-16T06:00:00+00:00")
    make_due()
    assert OF_MEASURES.count() == 2
    assert len({row.due_key for row in OF_MEASURES.all()}) == 2


def test_a_moment_is_due_on_its_amsterdam_day(world: World, measure: Measure, frozen_clock) -> None:
    action = step(measure, "brief")
    evening = clock.at(FRIDAY, time(23, 30))
    type(action).objects.filter(pk=action.pk).update(due_on=None, due_at=evening)
    frozen_clock.move_to(SIX)
    assert making.ask_due() == 1


def test_a_day_of_standstill_is_made_up_while_the_action_is_open(measure: Measure, frozen_clock) -> None:
    frozen_clock.move_to("2026-11-17T09:00:00+00:00")
    make_due()
    row = OF_MEASURES.get()
    assert row.due_key == f"{step(measure, 'brief').pk}:20261113"
    frozen_clock.move_to("2026-11-18T09:00:00+00:00")
    make_due()
    assert OF_MEASURES.count() == 1


def test_what_was_made_on_its_day_is_not_made_again_while_it_stays_open(
    measure: Measure, frozen_clock
) -> None:
    frozen_clock.move_to(SIX)
    make_due()
    frozen_clock.move_to("2026-11-16T09:00:00+00:00")
    make_due()
    assert OF_MEASURES.count() == 1


def test_after_two_weeks_nobody_waits_for_it(measure: Measure, frozen_clock) -> None:
    frozen_clock.move_to("2026-11-28T09:00:00+00:00")
    assert making.ask_due() == 0


@pytest.mark.parametrize("ended", ["finished", "dropped", "stopped"])
def test_what_is_over_leaves_none(world: World, measure: Measure, frozen_clock, ended: str) -> None:
    action, by = step(measure, "brief"), world.kabinet_a
    if ended == "finished":
        actions.finish(by=by, action=action, evidence={"kept_in": "map", "reference": "1"})
    elif ended == "dropped":
        actions.drop(by=by, action=action, reason="niet nodig")
    else:
        actions.stop(by=by, measure=measure, reason="niet nodig")
    frozen_clock.move_to(SIX)
    assert making.ask_due() == 0


def test_only_steps_that_leave_a_briefing_do(measure: Measure, frozen_clock) -> None:
    assert step(measure, "store").due_on == date(2026, 11, 12)
    frozen_clock.move_to("2026-11-12T12:00:00+00:00")
    assert making.ask_due() == 0


def test_of_the_driehoek_it_is_made_for_the_driehoek(world: World, frozen_clock) -> None:
    measure = in_the_driehoek(world)
    assert making.ask_due() == 1
    make_due()
    row = OF_MEASURES.get()
    assert (row.audience, row.scope, row.subject_id) == ("driehoek", world.d, measure.pk)
    assert row.is_ready


def test_two_workers_that_ask_at_once_ask_once(measure: Measure, frozen_clock, monkeypatch) -> None:
    frozen_clock.move_to(SIX)
    assert making.ask_due() == 1
    real = Briefing.objects.filter

    def looked_too_early(**lookup: Any) -> Any:
        return Briefing.objects.none() if "due_key__in" in lookup else real(**lookup)

    monkeypatch.setattr(Briefing.objects, "filter", looked_too_early)
    assert making.ask_due() == 1, "this worker does not see what the other wrote"
    monkeypatch.undo()
    assert OF_MEASURES.count() == 1


def test_an_idle_tick_asks_little(measure: Measure, django_assert_max_num_queries, frozen_clock) -> None:
    make_due()
    with django_assert_max_num_queries(8):
        make_due()
