"""Working on actions: evidence, dropping, reopening, handing over, and what went between."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking import queries
from measures.tracking.actions.changed import ChangedMeanwhile
from measures.tracking.actions.life import EvidenceMissing
from measures.tracking.actions.measures import OpenActionsLeft
from measures.tracking.enums import ActionState
from measures.tracking.models import Action, Measure
from measures.tracking.workflow import IllegalMove
from portal import clock
from portal.audit.models import AuditRow
from portal.deadlines.models import Reminder
from portal.people.models import Person
from tests.cast import World, newest, step
from tests.toys import toy

DECISION = {"text": "Akkoord", "decided_by_role": "burgemeester", "dated_on": date(2026, 10, 2)}


def planned(action: Action) -> int:
    return Reminder.objects.filter(object_id=action.pk, state="planned").count()


def test_starting_lays_the_actions_back_planned(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    assert {a.step.key: a.due_on for a in measure.actions.select_related("step")} == {
        "prepare": date(2026, 11, 2),
        "decide": date(2026, 11, 5),
        "store": date(2026, 11, 12),
        "brief": date(2026, 11, 13),
        "look_back": date(2026, 11, 25),
    }


def test_finishing_ends_the_reminders_and_is_recorded(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    assert planned(action)
    act.finish(by=world.kabinet_a, action=action)
    assert action.state == ActionState.DONE
    assert planned(action) == 0
    assert AuditRow.objects.get(event="action.finished", object_id=action.pk).actor == world.kabinet_a


def test_a_step_that_asks_for_evidence_is_not_finished_without(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "decide")
    with pytest.raises(EvidenceMissing):
        act.finish(by=world.kabinet_a, action=action)
    action.refresh_from_db()
    assert action.state == ActionState.OPEN
    act.finish(by=world.kabinet_a, action=action, evidence=DECISION)
    assert action.evidence.get().decided_by_role == "burgemeester"


def test_two_people_at_once_the_second_is_told(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    first, second = step(measure, "prepare"), step(measure, "prepare")
    act.finish(by=world.kabinet_a, action=first)
    with pytest.raises(ChangedMeanwhile):
        act.drop(by=world.burgemeester_a, action=second, reason="Niet meer nodig")
    second.refresh_from_db()
    assert second.state == ActionState.DONE


def test_undo_is_for_whoever_finished_it_and_only_just_now(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    act.finish(by=world.kabinet_a, action=action)
    with pytest.raises(IllegalMove):
        act.undo_finish(by=world.burgemeester_a, action=action)
    act.undo_finish(by=world.kabinet_a, action=action)
    assert action.state == ActionState.OPEN
    assert planned(action)
    act.finish(by=world.kabinet_a, action=action)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False), pytest.raises(IllegalMove):
        act.undo_finish(by=world.kabinet_a, action=action)


def test_reopening_withdraws_the_evidence_and_plans_the_reminders_again(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "decide")
    act.finish(by=world.kabinet_a, action=action, evidence=DECISION)
    act.reopen(by=world.kabinet_a, action=action, reason="Het besluit is ingetrokken")
    assert not action.evidence.filter(withdrawn_at__isnull=True).exists()
    assert planned(action)


def test_a_dropped_action_says_nothing_more_and_keeps_its_reason(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    act.drop(by=world.kabinet_a, action=action, reason="Al geregeld")
    assert planned(action) == 0
    action.refresh_from_db()
    assert action.drop_reason == "Al geregeld"


def test_handing_over_lets_the_new_holder_hear_once(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    act.hand_over(by=world.kabinet_a, action=action, to_person=world.oov_a)
    told = Reminder.objects.get(object_id=action.pk, rule__startswith="to:")
    assert told.holder_person == world.oov_a
    assert told.fires_at == clock.now()
    rest = Reminder.objects.filter(object_id=action.pk, state="planned").exclude(pk=told.pk)
    assert {row.holder_person for row in rest} == {world.oov_a}


def test_a_measure_is_completed_only_when_nothing_is_open(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    with pytest.raises(OpenActionsLeft):
        act.complete(by=world.kabinet_a, measure=measure, result="Het staat.")
    measure.refresh_from_db()
    assert measure.is_running
    for action in measure.actions.select_related("step", "measure"):
        act.drop(by=world.kabinet_a, action=action, reason="Klaar voor de test")
    act.complete(by=world.kabinet_a, measure=measure, result="Het staat.")
    assert measure.state == "completed"


def test_a_stopped_measure_is_silent_and_speaks_again_when_reopened(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.stop(by=world.kabinet_a, measure=measure, reason="Vergissing", is_mistake=True)
    assert not Reminder.objects.filter(state="planned").exists()
    with pytest.raises(IllegalMove):
        act.finish(by=world.kabinet_a, action=step(measure, "prepare"))
    act.reopen_measure(by=world.kabinet_a, measure=measure, reason="Toch niet")
    assert Reminder.objects.filter(state="planned").exists()


def test_an_own_action_added_twice_with_one_key_is_one_action(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    made = [
        act.add_action(
            by=world.kabinet_a,
            measure=measure,
            title="Zaal regelen",
            description="",
            due_on=None,
            key="k1",
            holder_person=world.kabinet_a,
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert measure.actions.filter(origin="by_hand").count() == 1


def completed_elsewhere(by: Person, measure: Measure) -> None:
    """Somebody else completes the measure; the loaded row does not know."""
    fresh = Measure.objects.get(pk=measure.pk)
    for action in fresh.actions.unfinished().select_related("step", "measure"):
        act.drop(by=by, action=action, reason="Klaar voor de test")
    act.complete(by=by, measure=fresh, result="Het staat.")


def test_nothing_is_added_to_a_measure_that_was_completed_meanwhile(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    completed_elsewhere(world.kabinet_a, measure)
    assert measure.is_running
    with pytest.raises(ChangedMeanwhile):
        act.add_action(
            by=world.kabinet_a,
            measure=measure,
            title="Zaal regelen",
            description="",
            due_on=None,
            key="k1",
            holder_person=world.kabinet_a,
        )
    assert not measure.actions.unfinished().exists()


def test_nothing_opens_again_in_a_measure_that_was_completed_meanwhile(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    dropped, done = step(measure, "prepare"), step(measure, "look_back")
    act.drop(by=world.kabinet_a, action=dropped, reason="Niet nodig")
    act.finish(by=world.kabinet_a, action=done)
    completed_elsewhere(world.kabinet_a, measure)
    assert dropped.measure.is_running
    with pytest.raises(IllegalMove):
        act.reopen(by=world.kabinet_a, action=dropped, reason="Toch wel")
    with pytest.raises(IllegalMove):
        act.undo_finish(by=world.kabinet_a, action=done)
    assert not measure.actions.unfinished().exists()
    assert not Reminder.objects.filter(state="planned").exists()


@pytest.mark.parametrize("version", [None, 2])
def test_a_measure_is_not_completed_or_stopped_twice(world: World, version: int | None) -> None:
    measure = toy(world.kabinet_a, world.a)
    completed_elsewhere(world.kabinet_a, measure)
    for again in (
        lambda: act.complete(by=world.kabinet_a, measure=measure, result="Nog eens", version=version),
        lambda: act.stop(by=world.kabinet_a, measure=measure, reason="Toch niet", version=version),
    ):
        with pytest.raises((ChangedMeanwhile, IllegalMove)):
            again()
    measure.refresh_from_db()
    assert (measure.state, measure.result, measure.version) == ("completed", "Het staat.", 2)


def test_a_measure_is_not_reopened_twice(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    completed_elsewhere(world.kabinet_a, measure)
    measure.refresh_from_db()
    other = Measure.objects.get(pk=measure.pk)
    act.reopen_measure(by=world.kabinet_a, measure=other, reason="Toch niet")
    with pytest.raises((ChangedMeanwhile, IllegalMove)):
        act.reopen_measure(by=world.kabinet_a, measure=measure, reason="Nog eens", version=3)
    assert AuditRow.objects.filter(event="measure.reopened").count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks everything, and no row")
def test_what_may_open_an_action_holds_the_row_of_its_measure(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    action = step(measure, "prepare")
    act.drop(by=world.kabinet_a, action=action, reason="Niet nodig")
    acts = (
        lambda: act.reopen(by=world.kabinet_a, action=action, reason="Toch wel"),
        lambda: act.complete(by=world.kabinet_a, measure=measure, result="Klaar"),
        lambda: act.add_action(
            by=world.kabinet_a,
            measure=measure,
            title="Zaal",
            description="",
            due_on=None,
            key="k",
            holder_person=world.kabinet_a,
        ),
    )
    for one in acts:
        with CaptureQueriesContext(connection) as seen, suppress(OpenActionsLeft):
            one()
        assert any('"tracking_measure"' in q["sql"] and "FOR NO KEY UPDATE" in q["sql"] for q in seen)


def test_a_scope_without_the_roles_of_the_steps_is_not_offered(world: World, sign_in) -> None:
    mayor = world.burgemeester_a
    names = {
        kind: {scope for scope, _name in queries.scopes_to_start(mayor, newest(kind))}
        for kind in ("open_door", "visits", "driehoek")
    }
    assert names == {"open_door": {world.a}, "visits": {world.a}, "driehoek": {world.d}}
    assert queries.scopes_to_start(world.oov_a, newest("driehoek")) == []
    assert (
        sign_in(world.oov_a).get(reverse("tracking:start", args=[newest("driehoek").pk])).status_code == 403
    )
    offered = {one.kind.key for one in queries.startable(world.oov_a)}
    assert "open_door" in offered
    assert "driehoek" not in offered
    form = sign_in(mayor).get(reverse("tracking:start", args=[newest("driehoek").pk])).context["form"]
    assert [key for key, _name in form.fields["scope"].choices] == [str(world.d.driehoek_id)]


def test_offering_costs_no_query_for_each_template(world: World, django_assert_max_num_queries) -> None:
    person = world.burgemeester_a
    assert person.grants
    with django_assert_max_num_queries(2):
        queries.startable(person)


def test_ticking_twice_is_recorded_once(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    check = action.checks.select_related("action")[0]
    act.tick(by=world.kabinet_a, check=check, done=True)
    act.tick(by=world.kabinet_a, check=check, done=True)
    assert AuditRow.objects.filter(event="action.ticked").count() == 1
