"""A hostile environment for every test: frozen clock, no network, strict templates."""

import io
import logging
import shutil
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from portal.log import formatter
from portal.people.models import Person
from tests.cast import World, build_world

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Without these a headless Chromium tries to reach its maker at every start.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
)

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


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Every line of every logger as the portal writes it, also those it leaves out by level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that the machine has."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("geen Chromium gevonden")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()
