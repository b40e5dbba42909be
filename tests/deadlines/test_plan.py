"""Planning reminders: what is wanted, what is replaced, what is past already."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from portal import clock
from portal.deadlines import plan as engine
from portal.deadlines.models import Reminder
from portal.planning.days import OfficeDays
from tests.cast import World

RULES = engine.Rules(remind=(-5, -1, 0, 2), days=OfficeDays(closed={}))


def push(
    world: World, object_id: UUID, due: date, rules: engine.Rules = RULES, role: str = "kabinet"
) -> None:
    engine.plan(
        "toy",
        object_id,
        world.a,
        engine.Moment(on=due),
        rules,
        engine.Holder(role=role),
        "Dan gebeurt er niets.",
    )


def live(object_id: UUID) -> dict[str, datetime]:
    return dict(Reminder.objects.filter(object_id=object_id, state="planned").values_list("rule", "fires_at"))


def at(day: int, month: int = 10) -> datetime:
    """When an ordinary reminder is ready."""
    return clock.at(date(2026, month, day), engine.READY_AT)


def second(day: int) -> datetime:
    """When a second person hears."""
    return clock.at(date(2026, 10, day), engine.SPEAKS_AT)


def test_each_rule_and_both_escalations_on_office_days(world: World) -> None:
    one = uuid4()
    push(world, one, date(2026, 10, 16))
    assert live(one) == {
        "-5": at(9),
        "-1": at(15),
        "+0": at(16),
        "+2": at(20),
        "lead": second(20),
        "role": second(23),
    }


def test_of_what_is_past_only_the_latest_speaks_once_to_the_holder_and_once_to_each_second_person(
    world: World,
) -> None:
    one = uuid4()
    push(world, one, date(2026, 9, 21))
    assert set(live(one)) == {"+2", "lead", "role"}


def test_due_today_says_so_now_and_the_rest_later(world: World) -> None:
    one = uuid4()
    push(world, one, date(2026, 10, 5))
    found = live(one)
    assert set(found) == {"+0", "+2", "lead", "role"}
    assert found["+0"] <= clock.now() < found["+2"]


def test_pushing_the_same_again_changes_nothing(world: World) -> None:
    one = uuid4()
    push(world, one, date(2026, 10, 16))
    before = list(Reminder.objects.order_by("id").values_list("id", "state", "fires_at"))
    push(world, one, date(2026, 10, 16))
    assert list(Reminder.objects.order_by("id").values_list("id", "state", "fires_at")) == before


def test_what_fired_for_this_due_does_not_fire_again(world: World) -> None:
    one = uuid4()
    push(world, one, date(2026, 10, 16))
    Reminder.objects.filter(object_id=one, rule="-5").update(state="fired")
    engine.cancel("toy", one)
    push(world, one, date(2026, 10, 16))
    assert "-5" not in live(one)
    assert "-1" in live(one)


def test_moving_away_and_back_revives_what_was_not_said(world: World) -> None:
    one = uuid4()
    push(world, one, date(2026, 10, 16))
    push(world, one, date(2026, 10, 23))
    push(world, one, date(2026, 10, 16))
    assert {row.due_on for row in Reminder.objects.filter(object_id=one, state="planned")} == {
        date(2026, 10, 16)
    }
    assert live(one)["-1"] == at(15)


def test_hours_count_from_the_moment_itself(world: World) -> None:
    one = uuid4()
    due = datetime(2026, 10, 7, 12, 0, tzinfo=UTC)
    rules = engine.Rules(remind=(-24, -2), days=OfficeDays(closed={}), hours=True)
    engine.plan("toy", one, world.a, engine.Moment(at=due), rules, engine.Holder(role="piket"), "")
    assert live(one)["-24u"] == datetime(2026, 10, 6, 12, 0, tzinfo=UTC)
    assert live(one)["-2u"] == datetime(2026, 10, 7, 10, 0, tzinfo=UTC)


def test_cancelling_ends_all(world: World) -> None:
    one = uuid4()
    push(world, one, date(2026, 10, 16))
    engine.cancel("toy", one)
    assert live(one) == {}


@pytest.mark.parametrize("due", [{}, {"on": date(2026, 1, 1), "at": datetime(2026, 1, 1, tzinfo=UTC)}])
def test_the_key_of_a_moment_is_a_date_or_a_moment(due: dict) -> None:
    if due:
        assert engine.Moment(**due).key == "2026-01-01"
    else:
        with pytest.raises(AssertionError):
            _ = engine.Moment().key
