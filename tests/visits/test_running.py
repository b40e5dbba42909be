"""The day itself: what is on now and next, what runs over, and the times that are learned."""

from datetime import datetime, timedelta

import pytest

from portal import clock
from tests.cast import World
from tests.visits.make import a_stop, a_visit, at
from visits import actions as act
from visits.models import Stop, Visit
from visits.programme_queries import NowNext, learned, now_next, stops_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(world: World) -> Visit:
    """14:00 Ontvangst, 14:30 Gesprek, 15:00 break, 15:10 Afsluiting after ten minutes of travel."""
    made = a_visit(world)
    for title, facts in (
        ("Ontvangst", {}),
        ("Gesprek", {}),
        ("Afsluiting", {"starts": at(15, 20), "travel": 10}),
    ):
        if "starts" in facts:
            facts["starts"] = facts["starts"].astimezone(clock.AMSTERDAM).time()
        a_stop(made, title=title, **facts)
    return made


def seen(visit: Visit, moment: datetime) -> NowNext:
    return now_next(stops_of(visit), visit, moment)


def names(found: NowNext) -> tuple[str, str, str]:
    return (
        found.state,
        found.now.stop.title if found.now else "-",
        found.next.stop.title if found.next else "-",
    )


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(14) - timedelta(days=1), ("day_before", "-", "Ontvangst")),
        (at(9), ("before", "-", "Ontvangst")),
        (at(14), ("during", "Ontvangst", "Gesprek")),
        (at(14, 29), ("during", "Ontvangst", "Gesprek")),
        (at(14, 30), ("during", "Gesprek", "Afsluiting")),
        (at(15, 5), ("during", "-", "Afsluiting")),
        (at(15, 20), ("during", "Afsluiting", "-")),
        (at(15, 50), ("after", "-", "-")),
        (at(14) + timedelta(days=1), ("after", "-", "-")),
    ],
)
def test_where_nothing_was_pressed_the_clock_decides(
    visit: Visit, moment: datetime, expected: object
) -> None:
    assert names(seen(visit, moment)) == expected


def test_without_stops_or_day_or_when_cancelled_it_says_so(world: World, visit: Visit) -> None:
    assert seen(a_visit(world), at(14)).state == "empty"
    idea = a_visit(world, starts_at=None)
    a_stop(idea)
    assert seen(idea, at(14)).state == "no_day"
    act.cancel(by=world.kabinet_a, visit=visit, reason="De gastheer is verhinderd")
    assert seen(visit, at(14)).state == "cancelled"


def pressed(visit: Visit, **times: tuple[datetime, datetime | None]) -> None:
    for title, (began, ended) in times.items():
        visit.stops.filter(title=title).update(began_at=began, ended_at=ended)


def test_a_stop_that_runs_over_pushes_the_rest_as_far_as_no_free_time_takes_it_up(visit: Visit) -> None:
    pressed(visit, Ontvangst=(at(14), at(14, 30)), Gesprek=(at(14, 30), None))
    found = seen(visit, at(15, 15))
    assert names(found) == ("during", "Gesprek", "Afsluiting")
    assert (found.over, found.left) == (15, 0)
    assert found.next is not None
    # Ten minutes of the way there, of the twenty that were free: five are left to lose.
    assert found.next.starts == at(15, 25)
    assert found.next.is_moved
    assert (found.late, found.ends) == (5, at(15, 55))


def test_what_began_late_is_expected_to_end_late(visit: Visit) -> None:
    pressed(visit, Ontvangst=(at(14, 8), None))
    found = seen(visit, at(14, 20))
    assert names(found) == ("during", "Ontvangst", "Gesprek")
    assert found.now is not None
    assert (found.left, found.over, found.now.late) == (10, 0, 8)
    assert found.next is not None
    assert found.next.starts == at(14, 38)
    assert found.late == 0, "the free time takes it up"


def test_what_ended_early_pulls_nothing_forward(visit: Visit) -> None:
    pressed(visit, Ontvangst=(at(14), at(14, 10)))
    found = seen(visit, at(14, 15))
    assert names(found) == ("during", "-", "Gesprek")
    assert found.until_next_words == "15 min"


def test_what_was_passed_over_is_over(visit: Visit) -> None:
    pressed(visit, Gesprek=(at(14, 10), None))
    found = seen(visit, at(14, 15))
    assert names(found) == ("during", "Gesprek", "Afsluiting")
    assert [one.is_over for one in found.rows] == [True, False, False]


def test_a_few_seconds_are_no_delay(visit: Visit) -> None:
    pressed(visit, Ontvangst=(at(14) + timedelta(seconds=40), None))
    assert not any(one.late for one in seen(visit, at(14, 5)).rows)


def one_of(visit: Visit, title: str) -> Stop:
    found: Stop = visit.stops.get(title=title)
    return found


def test_to_begin_the_next_ends_what_ran_and_undoing_brings_it_back(
    world: World, visit: Visit, frozen_clock
) -> None:
    by = world.kabinet_a
    frozen_clock.move_to(at(14))
    assert act.begin_stop(by=by, visit=visit, stop=one_of(visit, "Ontvangst")) is True
    frozen_clock.move_to(at(14, 35))
    act.begin_stop(by=by, visit=visit, stop=one_of(visit, "Gesprek"))
    assert one_of(visit, "Ontvangst").ended_at == at(14, 35)
    act.undo_stop(by=by, visit=visit, stop=one_of(visit, "Gesprek"))
    assert one_of(visit, "Gesprek").began_at is None
    assert one_of(visit, "Ontvangst").ended_at is None
    act.end_stop(by=by, visit=visit, stop=one_of(visit, "Ontvangst"))
    act.undo_stop(by=by, visit=visit, stop=one_of(visit, "Ontvangst"))
    assert (one_of(visit, "Ontvangst").began_at, one_of(visit, "Ontvangst").ended_at) == (at(14), None)


def test_a_second_press_changes_nothing(world: World, visit: Visit, frozen_clock) -> None:
    frozen_clock.move_to(at(14))
    for act_on in (act.begin_stop, act.end_stop):
        stop = one_of(visit, "Ontvangst")
        assert act_on(by=world.kabinet_a, visit=visit, stop=stop) is True
        frozen_clock.shift(60)
        assert act_on(by=world.kabinet_a, visit=visit, stop=stop) is False
    assert (one_of(visit, "Ontvangst").began_at, one_of(visit, "Ontvangst").ended_at) == (at(14), at(14, 1))


def test_done_without_begun_took_what_was_planned_from_its_start(
    world: World, visit: Visit, frozen_clock
) -> None:
    frozen_clock.move_to(at(14, 25))
    act.end_stop(by=world.kabinet_a, visit=visit, stop=one_of(visit, "Ontvangst"))
    assert one_of(visit, "Ontvangst").began_at == at(14)


@pytest.mark.parametrize("moment", [at(14) - timedelta(days=1), at(14) + timedelta(days=1)])
def test_stops_run_on_the_day_alone(world: World, visit: Visit, frozen_clock, moment: datetime) -> None:
    frozen_clock.move_to(moment)
    with pytest.raises(act.NotToday):
        act.begin_stop(by=world.kabinet_a, visit=visit, stop=one_of(visit, "Ontvangst"))


def test_times_noted_afterwards_are_learned(world: World, visit: Visit, frozen_clock) -> None:
    times = {one_of(visit, "Ontvangst").pk: (at(14), at(14, 40)), one_of(visit, "Gesprek").pk: (None, None)}
    with pytest.raises(act.NotOver):
        act.write_times(by=world.kabinet_a, visit=visit, times=times)
    frozen_clock.move_to(at(17))
    assert act.write_times(by=world.kabinet_a, visit=visit, times=times, version=visit.version) is True
    assert [(one.stop.title, one.planned, one.took, one.differs) for one in learned(visit)] == [
        ("Ontvangst", 30, 40, 10),
        ("Gesprek", 30, None, 0),
        ("Afsluiting", 30, None, 0),
    ]
    assert act.write_times(by=world.kabinet_a, visit=visit, times=times) is False


def test_learning_and_looking_cost_one_query(visit: Visit, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        learned(visit)
    with django_assert_num_queries(1):
        seen(visit, at(14))
