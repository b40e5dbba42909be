"""The walker: every route, for every person, with GET, HEAD and POST, against the written matrix.

`WRITE_MATRIX=1` writes the matrix anew; read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.access.rules import rule_of
from portal.people import cast
from portal.people.models import Person
from tests.access.routes import NESTED, NOBODYS, Objects, builders, walk
from tests.cast import World

MATRIX = Path(__file__).parents[1] / "access_matrix.txt"
METHODS = ("GET", "HEAD", "POST")
READ_ONLY = {
    "briefings:pdf",
    "briefings:status",
    "feeds:ics",
    "mail:test_state",
    "papers:file",
    "papers:pack_pdf",
    "papers:pack_status",
    "papers:status",
}
ROUTES = list(walk())
HOW_MANY = 177


def address(name: str, parameters: tuple[str, ...], built: dict) -> str:
    if parameters and name not in built:
        pytest.fail(f"the route {name} has no builder in tests/access/routes.py")
    return reverse(name, kwargs=built.get(name) if parameters else None)


def ask(client: Client, method: str, url: str) -> int:
    """The status of one request; what it wrote is rolled back."""
    with transaction.atomic():
        status = getattr(client, method.lower())(url).status_code
        transaction.set_rollback(True)
    return status


def session_of(person: Person) -> str:
    """The cookie of somebody who signed in once, for all that follows."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_how_many_routes_there_are() -> None:
    assert len(ROUTES) == HOW_MANY, "a route came or went: set HOW_MANY and read the new matrix"


def test_every_route_has_a_name_and_a_rule() -> None:
    for route in ROUTES:
        assert not route.name.endswith("None"), route
        assert rule_of(route.view, route.name.rpartition(":")[2]) is not None, route.name


def test_everybody_gets_what_the_matrix_says(world: World) -> None:
    built = builders(Objects.of(world.kabinet_a, world.a), world)
    cookies = {"anonymous": ""} | {part.key: session_of(getattr(world, part.key)) for part in cast.CAST}
    lines = []
    for route in sorted(ROUTES, key=lambda one: one.name):
        url = address(route.name, route.parameters, built)
        lines.append(route.name)
        seen: dict[str, list[str]] = {}
        for key, cookie in cookies.items():
            # Anew for each address: one of them ends the session.
            client = Client()
            if cookie:
                client.cookies[settings.SESSION_COOKIE_NAME] = cookie
            codes = " ".join(str(ask(client, method, url)) for method in METHODS)
            seen.setdefault(codes, []).append(key)
        lines += [f"    {codes}  {', '.join(keys)}" for codes, keys in sorted(seen.items())]
    text = "\n".join(["# route / GET HEAD POST of an object of municipality A  who", *lines, ""])
    if os.environ.get("WRITE_MATRIX"):
        MATRIX.write_text(text, encoding="utf-8")
    assert text == MATRIX.read_text(encoding="utf-8")
    assert " 500" not in text


def test_municipality_b_finds_nothing_of_a(world: World) -> None:
    built = builders(Objects.of(world.kabinet_a, world.a), world)
    for key in ("burgemeester_b", "kabinet_b"):
        client = Client()
        client.force_login(getattr(world, key))
        for route in ROUTES:
            if not route.parameters or route.name in NOBODYS:
                continue
            url = address(route.name, route.parameters, built)
            for method in METHODS:
                status = ask(client, method, url)
                # An address that nobody can post to says so before it looks at any object.
                nothing = {404, 405} if method == "POST" and route.name in READ_ONLY else {404}
                assert status in nothing, (key, method, route.name)


@pytest.mark.parametrize("name", sorted(NESTED))
def test_an_object_of_a_is_not_found_under_a_parent_of_b(world: World, name: str) -> None:
    theirs = builders(Objects.of(world.kabinet_b, world.b), world)[name]
    ours = builders(Objects.of(world.kabinet_a, world.a), world)[name]
    child = NESTED[name]
    client = Client()
    client.force_login(world.kabinet_b)
    assert ask(client, "GET", reverse(name, kwargs=theirs)) == 200
    for method in METHODS:
        nothing = {404, 405} if method == "POST" and name in READ_ONLY else {404}
        assert ask(client, method, reverse(name, kwargs={**theirs, child: ours[child]})) in nothing
