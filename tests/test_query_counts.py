"""Every list and page costs the same number of queries with 3 rows and with 30."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking.models import Measure
from tests.cast import World, step
from tests.toys import STEPS, toy
from tests.tracking.test_appointments import plan as arrange


def cost(client: Client, url: str) -> int:
    client.get(url)  # sessions and caches warm up
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def more_actions(world: World, measure: Measure, count: int) -> None:
    for nr in range(count):
        act.add_action(
            by=world.kabinet_a,
            measure=measure,
            title=f"Eigen actie {nr}",
            description="",
            due_on=date(2026, 10, 6),
            key=f"{measure.pk}-{nr}-{count}",
            holder_person=world.kabinet_a,
        )


def grow_measures(world: World, count: int) -> None:
    for _ in range(count):
        toy(world.kabinet_a, world.a)


@pytest.mark.parametrize(
    "name", ["today", "tracking:mine", "tracking:measures", "tracking:choose", "tracking:templates"]
)
def test_lists(world: World, sign_in: Callable[..., Client], name: str) -> None:
    client = sign_in(world.kabinet_a)
    grow_measures(world, 3)
    few = cost(client, reverse(name))
    grow_measures(world, 27)
    assert cost(client, reverse(name)) == few


def test_the_page_of_a_measure(world: World, sign_in: Callable[..., Client]) -> None:
    client = sign_in(world.kabinet_a)
    measure = toy(world.kabinet_a, world.a)
    more_actions(world, measure, 3)
    few = cost(client, reverse("tracking:measure", args=[measure.pk]))
    more_actions(world, measure, 27)
    assert cost(client, reverse("tracking:measure", args=[measure.pk])) == few


def test_the_appointments_of_a_measure(world: World, sign_in: Callable[..., Client]) -> None:
    client = sign_in(world.kabinet_a)
    measure = toy(world.kabinet_a, world.a)
    url = reverse("tracking:measure", args=[measure.pk])
    costs = []
    for count in (3, 27):
        for _ in range(count):
            arrange(world.kabinet_a, measure)
        costs.append(cost(client, url))
    assert costs[0] == costs[1]


def test_the_page_of_an_action(world: World, sign_in: Callable[..., Client]) -> None:
    client = sign_in(world.kabinet_a)
    lines = [
        {**STEPS[0], "checklist": [f"Regel {nr}" for nr in range(count)], "key": f"p{count}"}
        for count in (3, 20)
    ]
    costs = []
    for nr, line in enumerate(lines):
        measure = toy(world.kabinet_a, world.a, steps=(line,), key=f"toy{nr}")
        action = step(measure, line["key"])
        for note in range(3 * (nr * 9 + 1)):
            act.write_note(by=world.kabinet_a, action=action, text=f"Notitie {note}", key=f"{nr}-{note}")
        for check in action.checks.all():
            act.tick(by=world.kabinet_a, check=check, done=True)
        costs.append(cost(client, reverse("tracking:action", args=[action.pk])))
    assert costs[0] == costs[1]


def test_previewing_a_move(world: World, sign_in: Callable[..., Client]) -> None:
    client = sign_in(world.kabinet_a)
    client.get("/")
    costs = []
    for nr, count in enumerate((3, 30)):
        steps = tuple({"key": f"s{n}", "anchor": "week_monday", "offset": -n - 1} for n in range(count))
        measure = toy(world.kabinet_a, world.a, steps=steps, key=f"toy{nr}")
        url = reverse("tracking:anchor", args=[measure.pk, "week_monday"])
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(url, {"to": "2026-12-07", "version": "1"})
        assert "verschuiven" in answer.content.decode()
        costs.append(len(seen))
    assert costs[0] == costs[1]
