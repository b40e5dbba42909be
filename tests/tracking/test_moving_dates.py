"""Moving an anchor and pinning an action: the preview tells exactly what happens then."""

from datetime import date, timedelta

import pytest

from measures.tracking import actions as act
from measures.tracking.actions.changed import ChangedMeanwhile
from portal import clock
from portal.deadlines.models import Reminder
from portal.planning.models import Recess
from tests.cast import World, step
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
