"""No log line holds a link that lets somebody in, or what somebody typed."""

import io
import logging
import re
from collections.abc import Callable

import pytest
import structlog
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from portal.log import without_links
from tests.cast import World
from tests.people.pages import invited

TOKEN = "Zx9-geheim_token"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f"GET /uitnodiging/{TOKEN}/", "GET /uitnodiging/..."),
        (f"request='GET /uitnodiging/{TOKEN}/?x=1' code=404", "request='GET /uitnodiging/...' code=404"),
        (f"GET /agenda/{TOKEN}.ics", "GET /agenda/..."),
        (f"webcal://portaal.example/agenda/{TOKEN}.ics", "webcal://portaal.example/agenda/..."),
        (f"POST /antwoord/{TOKEN}/ 302", "POST /antwoord/... 302"),
        ("POST /mijn-agenda/7/intrekken/ 302", "POST /mijn-agenda/7/intrekken/ 302"),
        (f"POST /wachtwoord/nieuw/1-{TOKEN}/ 403", "POST /wachtwoord/nieuw/... 403"),
        (f"next=%2Fuitnodiging%2F{TOKEN}%2F", "next=%2Fuitnodiging%2F..."),
        (f"GET /aanmelden/?next=%2Fuitnodiging%2F{TOKEN}%2F", "GET /aanmelden/"),
        ("request='GET /acties/?na=2026-10-05' code=200", "request='GET /acties/' code=200"),
        ('request="GET /acties/?zoek=it\'s+jan" code=200', 'request="GET /acties/" code=200'),
        ("https://elders.example/x?bewaard=1 does not match", "https://elders.example/x does not match"),
        ("event='Klaar?' code=200", "event='Klaar?' code=200"),
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
    client.post(f"/uitschrijven/{token}/")
    lines = written.getvalue()
    assert "/uitnodiging/..." in lines
    assert "/wachtwoord/nieuw/..." in lines
    assert "/uitschrijven/..." in lines
    assert token not in lines


def test_an_exception_is_cut_too(written: io.StringIO) -> None:
    try:
        raise ValueError(f"/uitnodiging/{TOKEN}/")
    except ValueError:
        logging.getLogger("portal").exception("mislukt %s", f"/uitnodiging/{TOKEN}/")
    assert "mislukt" in written.getvalue()
    assert TOKEN not in written.getvalue()


@pytest.mark.parametrize("query", ["next=/acties/geheim-woord/", "na=geheim-woord", "bewaard='geheim-woord'"])
def test_a_request_is_logged_by_its_path_alone(world: World, written: io.StringIO, query: str) -> None:
    Client().get(f"/aanmelden/?{query}")
    assert "GET /aanmelden/'" in written.getvalue()
    assert "geheim-woord" not in written.getvalue()


TYPED = "Jan de Vries, Dorpsstraat 1"


def _save(typed: str) -> None:
    """Fails as PostgreSQL does: the refused values stand in the message."""
    try:
        raise KeyError(typed)
    except KeyError as error:
        raise IntegrityError(f"duplicate key\nDETAIL:  Key (name)=({typed}) already exists.") from error


def _log_plainly(error: Exception) -> None:
    logging.getLogger("django.request").error("Internal Server Error: %s", "/acties/", exc_info=error)


def _log_current(_error: Exception) -> None:
    logging.getLogger("portal").exception("mislukt")


def _log_structured(_error: Exception) -> None:
    structlog.get_logger("portal.test").exception("mislukt")


def _log_structured_value(error: Exception) -> None:
    structlog.get_logger("portal.test").error("mislukt", error=error, exc_info=error)


def _log_as_argument(error: Exception) -> None:
    logging.getLogger("portal").error("mislukt: %r", error, exc_info=error)


def _log_as_message(error: Exception) -> None:
    logging.getLogger("django.security").error(str(error), exc_info=error)
    logging.getLogger("portal").error(error, exc_info=error)  # type: ignore[arg-type]


def _log_as_celery(error: Exception) -> None:
    """Celery tells the exception, its traceback and the arguments in the message itself."""
    from billiard.einfo import ExceptionInfo

    told = ExceptionInfo((type(error), error, error.__traceback__))
    told.exception = error
    context = {
        "id": "1",
        "name": "portal.tests.task",
        "exc": repr(error),
        "traceback": str(told.traceback),
        "args": repr((TYPED,)),
        "kwargs": "{}",
    }
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] raised: %(exc)s %(args)s\n%(traceback)s", context, exc_info=told.exc_info
    )


@pytest.mark.parametrize(
    "log",
    [
        _log_plainly,
        _log_current,
        _log_structured,
        _log_structured_value,
        _log_as_argument,
        _log_as_message,
        _log_as_celery,
    ],
)
def test_of_an_exception_the_type_and_the_places_are_logged_and_nothing_it_says(
    written: io.StringIO, log: Callable[[Exception], None]
) -> None:
    try:
        _save(TYPED)
    except IntegrityError as error:
        log(error)
    lines = written.getvalue()
    assert "django.db.utils.IntegrityError" in lines
    assert "KeyError" in lines
    assert re.search(r"test_log\.py:\d+ in _save", lines)
    assert "Jan" not in lines
    assert "Dorpsstraat" not in lines
    assert "exc_info=" not in lines


def test_an_exception_without_a_place_is_named(written: io.StringIO) -> None:
    error = ValueError(TYPED)
    error.__cause__ = error
    logging.getLogger("portal").error("een", exc_info=error)
    logging.getLogger("portal").error("twee", exc_info=(None, None, None))
    logging.getLogger("portal").exception("drie")
    lines = written.getvalue().splitlines()
    assert ["ValueError" in line for line in lines] == [True, False, False]
    assert TYPED not in written.getvalue()
