"""Keyset paging: every row once, ties and undated rows too, and no name in the address."""

import base64
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking.models import Action, Measure
from portal.people.models import Membership, Person
from portal.ui.paging import page_of
from tests.cast import World, step
from tests.toys import STEPS, toy

PATH = "/een/lijst/"


def token(url: str) -> str:
    return parse_qs(urlsplit(url).query)["na"][0]


def walk(rows: Any, key: str, **kwargs: Any) -> list[list[Any]]:
    url, pages = PATH, []
    while url:
        page = page_of(RequestFactory().get(url), rows, key=key, size=3, **kwargs)
        pages.append(list(page.rows))
        url = page.next_url
    return pages


def sort_of(rows: list[Any], *, descending: bool = False) -> list[Any]:
    return sorted(rows, key=lambda row: (row.name, row.pk), reverse=descending)


@pytest.fixture
def people(world: World) -> Any:
    names = ["A", "B", "B", "B", "B", "B", "C"]
    made = [Person.objects.create(email=f"p{nr}@x.example", name=name) for nr, name in enumerate(names)]
    return Person.objects.filter(pk__in=[one.pk for one in made])


@pytest.mark.parametrize("descending", [False, True])
def test_every_row_comes_once_and_ties_go_by_id(people: Any, descending: bool) -> None:
    pages = walk(people, "name", descending=descending)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [row for page in pages for row in page] == sort_of(list(people), descending=descending)


@pytest.mark.parametrize("descending", [False, True])
def test_rows_without_a_value_come_last(world: World, descending: bool) -> None:
    measure = toy(world.kabinet_a, world.a)
    Action.objects.filter(measure=measure, step__key__in=["store", "brief"]).update(
        due_on=None, late_from=None
    )
    for nr in range(4):
        act.add_action(
            by=world.kabinet_a,
            measure=measure,
            title="Zonder datum",
            description="",
            due_on=None,
            key=str(nr),
            holder_person=world.kabinet_a,
        )
    found = [row for page in walk(measure.actions.all(), "late_from", descending=descending) for row in page]
    assert len(found) == len({row.pk for row in found}) == 9
    assert [row.late_from is None for row in found] == [False] * 3 + [True] * 6
    dated = [row.late_from for row in found[:3]]
    assert dated == sorted(dated, reverse=descending)


def many_people(world: World, count: int = 30) -> None:
    for nr in range(count):
        person = Person.objects.create(email=f"m{nr}@x.example", name=f"Achternaam {nr:02}")
        Membership.objects.create(
            person=person, role="kabinet", starts_on=date(2026, 1, 1), **world.a.as_fields()
        )


def test_no_name_stands_in_the_address(world: World, sign_in: Callable[..., Client]) -> None:
    many_people(world)
    client = sign_in(world.beheerder_a)
    url = client.get(reverse("people:people")).context["page"].next_url
    signed = token(url).split(":")[0]
    raw = base64.urlsafe_b64decode(signed.lstrip(".") + "=" * (-len(signed) % 4)).decode()
    last = Membership.objects.get(pk=raw.strip('"'))
    assert last.person.name not in raw
    page = client.get(url).context["page"]
    assert page.rows
    assert all(row.person.name > last.person.name for row in page.rows)
    assert page.previous_url


def test_a_token_of_one_list_is_no_good_on_another(world: World, sign_in: Callable[..., Client]) -> None:
    many_people(world)
    for _ in range(30):
        toy(world.kabinet_a, world.a)
    urls = [reverse("people:people"), reverse("tracking:mine"), reverse("tracking:measures")]
    clients = [sign_in(world.beheerder_a), sign_in(world.kabinet_a), sign_in(world.kabinet_a)]
    first = [client.get(url).context["page"] for client, url in zip(clients, urls, strict=True)]
    for given in first:
        for page, client, url in zip(first, clients, urls, strict=True):
            answer = client.get(url, {"na": token(given.next_url)})
            assert answer.status_code == 200
            if given is not page:
                assert [row.pk for row in answer.context["page"].rows] == [row.pk for row in page.rows]
                assert not answer.context["page"].previous_url


def test_a_token_of_one_list_is_no_good_on_another_at_the_same_path(
    world: World, sign_in: Callable[..., Client]
) -> None:
    many_people(world)
    client = sign_in(world.beheerder_a)
    given = token(client.get(reverse("people:people")).context["page"].next_url)
    answer = sign_in(world.landelijk).get(reverse("people:people"), {"na": given})
    assert answer.status_code == 200
    assert not answer.context["page"].previous_url


def test_a_row_that_left_the_list_still_marks_the_place(people: Any) -> None:
    first = page_of(RequestFactory().get(PATH), people, key="name", size=3)
    rest = people.exclude(pk=first.rows[-1].pk)
    after = page_of(RequestFactory().get(first.next_url), rest, key="name", size=10)
    assert list(after.rows) == sort_of(list(people))[3:]


def test_a_row_that_is_gone_leads_to_the_first_page(people: Any) -> None:
    first = page_of(RequestFactory().get(PATH), people, key="name", size=3)
    first.rows[-1].delete()
    after = page_of(RequestFactory().get(first.next_url), people, key="name", size=10)
    assert list(after.rows) == sort_of(list(people))
    assert not after.previous_url


def test_an_old_token_with_a_name_in_it_leads_to_the_first_page(people: Any) -> None:
    old = signing.dumps(["B", str(people[0].pk)], salt="portal.ui.paging")
    page = page_of(RequestFactory().get(PATH, {"na": old}), people, key="name", size=10)
    assert list(page.rows) == sort_of(list(people))


def undated(world: World, count: int) -> Measure:
    steps = tuple({"key": f"u{nr}", "anchor": "week_monday", "offset": -1} for nr in range(count))
    return toy(world.kabinet_a, world.a, monday=None, steps=steps, key=f"undated{count}")


def test_every_undated_action_can_be_reached_after_the_dated_ones(
    world: World, sign_in: Callable[..., Client]
) -> None:
    toy(world.kabinet_a, world.a)
    undated(world, 40)
    client = sign_in(world.kabinet_a)
    url, seen, titles = reverse("tracking:mine"), [], []
    while url:
        context = client.get(url).context
        seen += [action.pk for group in context["groups"] for action in group.actions]
        titles.append([group.key for group in context["groups"]])
        url = context["page"].next_url
    assert len(seen) == len(set(seen)) == len(STEPS) - 1 + 40
    assert titles == [["later", "undated"], ["undated"]]


@pytest.mark.parametrize("few", [3, 24])
def test_my_undated_actions_cost_the_same_queries(
    world: World, sign_in: Callable[..., Client], few: int
) -> None:
    client = sign_in(world.kabinet_a)

    def cost() -> int:
        client.get(reverse("tracking:mine"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("tracking:mine"))
        return len(queries)

    undated(world, few)
    before = cost()
    undated(world, 30)
    assert cost() == before


def test_a_later_page_costs_one_query_more(world: World, sign_in: Callable[..., Client]) -> None:
    undated(world, 60)
    client = sign_in(world.kabinet_a)
    url, costs = reverse("tracking:mine"), []
    client.get(url)
    while url:
        with CaptureQueriesContext(connection) as queries:
            url = client.get(url).context["page"].next_url
        costs.append(len(queries))
    assert costs == [costs[0], costs[0] + 1, costs[0] + 1]


def test_a_finished_action_as_the_last_of_a_page_does_not_lead_back(
    world: World, sign_in: Callable[..., Client]
) -> None:
    undated(world, 30)
    client = sign_in(world.kabinet_a)
    page = client.get(reverse("tracking:mine")).context["page"]
    last = step(page.rows[-1].measure, page.rows[-1].step.key)
    act.drop(by=world.kabinet_a, action=last, reason="Niet nodig")
    after = client.get(page.next_url).context["page"]
    assert len(after.rows) == 5
