"""A hostile environment for every test: frozen clock, no network, strict templates."""

import io
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.people.models import Person
from tests.cast import World, build_world

# A working Monday morning, before the campaign week's usual chores and outside any recess.
NOON = "2026-10-05T10:00:00+00:00"


@pytest.fixture(autouse=True)
def frozen_clock(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Time stands still, except where a test runs real processes."""
    if request.node.get_closest_marker("faults") or request.node.get_closest_marker("browser"):
        yield None
        return
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family == socket.AF_UNIX or (
            isinstance(address, tuple) and address[0] in ("127.0.0.1", "::1", "localhost")
        ):
            return real(self, address)
        raise AssertionError(f"a test tried to reach {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The national lists, the library and the cast are laid once; every test starts from them."""
    from django.core.management import call_command

    with django_db_blocker.unblock(), time_machine.travel(NOON, tick=False):
        call_command("starter", verbosity=0, stdout=io.StringIO())
        build_world()


@pytest.fixture
def world(db: None) -> World:
    """The cast and their scopes, as laid before the tests."""
    return World.load()


@pytest.fixture
def sign_in() -> Any:
    """A browser-like client, signed in as a person; CSRF is checked."""

    def signed_in(person: Person, **kwargs: Any) -> Client:
        client = Client(**kwargs)
        client.force_login(person)
        return client

    return signed_in
