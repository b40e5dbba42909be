"""No log line holds a link that lets somebody in."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from portal.log import formatter, without_links
from tests.cast import World
from tests.people.pages import invited

TOKEN = "Zx9-geheim_token"


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


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f"GET /uitnodiging/{TOKEN}/", "GET /uitnodiging/..."),
        (f"request='GET /uitnodiging/{TOKEN}/?x=1' code=404", "request='GET /uitnodiging/...' code=404"),
        (f"POST /wachtwoord/nieuw/1-{TOKEN}/ 403", "POST /wachtwoord/nieuw/... 403"),
        (f"GET /aanmelden/?next=%2Fuitnodiging%2F{TOKEN}%2F", "GET /aanmelden/?next=%2Fuitnodiging%2F..."),
        ("GET /mensen/uitnodigingen/7/opnieuw/", "GET /mensen/uitnodigingen/7/opnieuw/"),
        ("GET /wachtwoord/vergeten/", "GET /wachtwoord/vergeten/"),
    ],
)
def test_what_follows_such_an_address_is_cut(line: str, shown: str) -> None:
    assert without_links(line) == shown


def test_requests_are_logged_without_the_token(world: World, sign_in, written: io.StringIO) -> None:
    _invitation, path = invited(sign_in(world.beheerder_a))
    token = path.rstrip("/").rpartition("/")[2]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get(path, follow=True)
    client.post(path)
    client.post(reverse("people:accept"))
    client.get(f"{path}onzin/")
    client.get(f"/aanmelden/?next={path}")
    client.get(f"/wachtwoord/nieuw/1-{token}/", follow=True)
    lines = written.getvalue()
    assert "/uitnodiging/..." in lines
    assert "/wachtwoord/nieuw/..." in lines
    assert token not in lines


def test_an_exception_is_cut_too(written: io.StringIO) -> None:
    try:
        raise ValueError(f"/uitnodiging/{TOKEN}/")
    except ValueError:
        logging.getLogger("portal").exception("mislukt %s", f"/uitnodiging/{TOKEN}/")
    assert "mislukt" in written.getvalue()
    assert TOKEN not in written.getvalue()
