"""Moving an anchor and pinning an action: the preview tells exactly what happens then."""

from datetime import UTC, date, datetime, timedelta

import pytest

from measures.tracking import actions as act
from measures.tracking.actions.changed import ChangedMeanwhile
from measures.tracking.history import history
from measures.tracking.models import Action
from measures.tracking.workflow import IllegalMove
from portal import clock
from portal.deadlines.models import Reminder
from portal.planning.models import ClosedDay, Recess
from tests.cast import World, start, step
from tests.toys import toy


def due(measure) -> dict[str, date | None]:
    return {a.step.key: a.due_on for a in measure.actions.select_related("step")}


def test_the_preview_is_what_happens(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.pin(by=world.kabinet_a, action=step(measure, "store"), to=date(2026, 11, 10))
    act.drop(by=world.kabinet_a, action=step(measure, "brief"), reason="Niet nodig")
    before = due(measure)
    preview = act.preview_move(measure, "week_monday", date(2026, 11, 23))
    assert due(measure) == before, "a preview writes nothing"
    promised = {m.action.step.key: m.new.on for m in preview.moves}
    assert promised == {
        "prepare": date(2026, 11, 9),
        "decide": date(2026, 11, 12),
        "look_back": date(2026, 12, 2),
    }
    assert [a.step.key for a in preview.pinned] == ["store"]
    assert [a.step.key for a in preview.ended] == ["brief"]
    act.move_anchor(measure, "week_monday", date(2026, 11, 23), world.kabinet_a)
    after = due(measure)
    assert {key: after[key] for key in promised} == promised
    assert {key: after[key] for key in ("store", "brief")} == {key: before[key] for key in ("store", "brief")}


def test_the_preview_names_past_recess_and_what_speaks_today(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    Recess.objects.create(
        municipality_id=world.a.municipality_id,
        starts_on=date(2026, 10, 19),
        ends_on=date(2026, 10, 23),
        name="Herfstreces",
    )
    preview = act.preview_move(measure, "week_monday", date(2026, 10, 13))
    moves = {m.action.step.key: m for m in preview.moves}
    assert moves["prepare"].new.on == date(2026, 9, 29)
    assert moves["prepare"].is_past
    assert moves["look_back"].new.on == date(2026, 10, 22)
    assert moves["look_back"].recess == "Herfstreces"
    assert moves["prepare"].speaks_today
    assert not moves["look_back"].speaks_today


def test_a_moved_date_is_a_new_reminder_that_names_the_old_one(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    action = step(measure, "prepare")
    act.move_anchor(measure, "week_monday", date(2026, 11, 23), world.kabinet_a)
    live = Reminder.objects.filter(object_id=action.pk, state="planned")
    assert {row.due_on for row in live} == {date(2026, 11, 9)}
    assert {row.replaces_due for row in live} == {"2026-11-02"}
    gone = Reminder.objects.filter(object_id=action.pk, state="cancelled")
    assert {row.due_on for row in gone} == {date(2026, 11, 2)}


def test_a_date_that_becomes_unknown_takes_its_reminders_along(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.move_anchor(measure, "week_monday", None, world.kabinet_a)
    assert set(due(measure).values()) == {None}
    assert not Reminder.objects.filter(state="planned").exists()


def test_somebody_moved_the_anchor_in_between(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.move_anchor(measure, "week_monday", date(2026, 11, 23), world.kabinet_a, version=1)
    with pytest.raises(ChangedMeanwhile):
        act.move_anchor(measure, "week_monday", date(2026, 11, 30), world.burgemeester_a, version=1)
    assert due(measure)["prepare"] == date(2026, 11, 9)


def test_pinning_moves_followers_and_unpinning_brings_them_back(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.pin(by=world.kabinet_a, action=step(measure, "prepare"), to=date(2026, 11, 4))
    assert due(measure)["decide"] == date(2026, 11, 9)
    act.unpin(by=world.kabinet_a, action=step(measure, "prepare"))
    assert due(measure)["prepare"] == date(2026, 11, 2)
    assert due(measure)["decide"] == date(2026, 11, 5)


def test_late_from_is_midnight_after_the_date_in_amsterdam(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    assert action.late_from == clock.end_of(date(2026, 11, 2))
    assert action.late_from.astimezone(clock.AMSTERDAM).hour == 0
    assert action.late_from - timedelta(seconds=1) < clock.end_of(date(2026, 11, 2))


def test_a_follower_of_a_dropped_step_moves_with_the_anchor(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.drop(by=world.kabinet_a, action=step(measure, "prepare"), reason="Niet nodig")
    act.move_anchor(measure, "week_monday", date(2027, 2, 1), world.kabinet_a)
    assert due(measure)["decide"] == date(2027, 1, 21)
    assert due(measure)["prepare"] == date(2026, 11, 2), "what ended does not move"


def test_a_follower_of_a_step_done_before_its_date_was_known_gets_a_date(world: World) -> None:
    measure = toy(world.kabinet_a, world.a, monday=None)
    act.finish(by=world.kabinet_a, action=step(measure, "prepare"))
    act.move_anchor(measure, "week_monday", date(2026, 11, 16), world.kabinet_a)
    assert due(measure)["decide"] == date(2026, 11, 5)
    assert Reminder.objects.filter(object_id=step(measure, "decide").pk, state="planned").exists()


def test_what_ended_or_stands_still_takes_no_date_and_no_holder(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    done = step(measure, "prepare")
    act.finish(by=world.kabinet_a, action=done)
    with pytest.raises(IllegalMove):
        act.pin(by=world.kabinet_a, action=done, to=date(2026, 12, 1))
    act.stop(by=world.kabinet_a, measure=measure, reason="Niet meer")
    for refused in (
        lambda: act.pin(by=world.kabinet_a, action=step(measure, "store"), to=date(2026, 12, 1)),
        lambda: act.hand_over(by=world.kabinet_a, action=step(measure, "store"), to_role="kabinet"),
    ):
        with pytest.raises(IllegalMove):
            refused()
    assert due(measure)["decide"] == date(2026, 11, 5)


def test_letting_go_of_one_date_moves_nothing_else(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.pin(by=world.kabinet_a, action=step(measure, "look_back"), to=date(2026, 12, 1))
    ClosedDay.objects.create(municipality_id=world.a.municipality_id, day=date(2026, 11, 11), name="Dicht")
    before = due(measure)
    act.unpin(by=world.kabinet_a, action=step(measure, "look_back"))
    after = due(measure)
    assert after.pop("look_back") == date(2026, 11, 25)
    before.pop("look_back")
    assert after == before


def test_every_moved_action_has_it_in_its_own_history(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.move_anchor(measure, "week_monday", date(2026, 11, 23), world.burgemeester_a)
    line = history(step(measure, "prepare"))[0]
    assert (line.who, line.what) == ("M. van Dijk", "verschoof de actie mee")
    assert line.detail == "van maandag 2 november naar maandag 9 november"


def test_a_step_in_hours_pinned_to_a_date_speaks_by_the_day(world: World) -> None:
    measure = start(world.kabinet_a, world.a, "visits", visit=datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
    action = Action.objects.select_related("measure", "step").get(measure=measure, step__unit="uren")
    assert action.due_at is not None
    act.pin(by=world.kabinet_a, action=action, to=date(2026, 11, 20))
    rules = set(Reminder.objects.filter(object_id=action.pk, state="planned").values_list("rule", flat=True))
    assert rules == {"-5", "-1", "+0", "+2", "lead", "role"}
