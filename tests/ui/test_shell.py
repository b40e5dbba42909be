"""What every page shows around its content, and what is said when a request cannot be answered."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory

from portal import clock
from portal.deadlines.models import Heartbeat
from portal.ui import checks, errors
from portal.ui.context import Shell, scopes_text
from portal.ui.registry import NavItem, Registry
from tests.cast import World


class Grant:
    def __init__(self, municipality: str = "", driehoek: str = "") -> None:
        self.municipality_name, self.driehoek_name = municipality, driehoek


@pytest.mark.parametrize(
    ("grants", "words"),
    [
        ([], ""),
        ([Grant("Voorbeeldstad")], "Gemeente Voorbeeldstad"),
        ([Grant("Voorbeeldstad"), Grant("Voorbeeldstad"), Grant("", "Driehoek X")], "Gemeente Voorbeeldstad"),
        ([Grant("A"), Grant("B"), Grant("C")], "3 gemeenten"),
        ([Grant("", "Driehoek Voorbeeldstad")], "Driehoek Voorbeeldstad"),
        ([Grant("", "Regio Oost")], "Driehoek Regio Oost"),
        ([Grant("", "A"), Grant("", "B")], "2 driehoeken"),
        ([Grant()], "Landelijk"),
    ],
)
def test_the_header_says_where_somebody_works(grants: Any, words: str) -> None:
    assert scopes_text(grants) == words


@pytest.fixture
def request_of(rf: RequestFactory) -> Any:
    def made(path: str, user: Any) -> Any:
        request = rf.get(path)
        request.user = user
        return request

    return made


def marks(shell: Shell) -> dict[str, str]:
    return {str(link.href): link.current for group in shell.nav for link in group.links}


def test_nobody_signed_in_has_no_navigation_and_costs_one_query(
    request_of: Any, django_assert_num_queries: Any, db: None
) -> None:
    shell = Shell(request_of("/", AnonymousUser()))
    with django_assert_num_queries(1):
        assert (shell.nav, shell.scopes, shell.roles, shell.person) == ([], "", [], None)
        assert shell.engine_is_late
        assert shell.engine_last_ran is None


def test_a_request_without_a_user_is_nobody(rf: RequestFactory) -> None:
    assert Shell(rf.get("/")).nav == []


def test_the_entry_of_the_page_is_marked_and_that_of_a_page_below_it_too(
    request_of: Any, world: World
) -> None:
    person = world.kabinet_a
    assert marks(Shell(request_of("/acties/", person)))["/acties/"] == "page"
    below = marks(Shell(request_of("/acties/een/twee/", person)))
    assert below["/acties/"] == "true"
    assert [href for href, current in below.items() if current] == ["/acties/"]
    assert not any(marks(Shell(request_of("/elders/", person))).values())
    assert marks(Shell(request_of("/", person)))["/"] == "page"


def test_a_menu_entry_without_an_address_is_found_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    toys: Registry[NavItem] = Registry("Navigation entry")
    toys.register(NavItem("here", "Hier", "account_login", 1, "work", lambda person: True))
    monkeypatch.setattr(checks, "nav", toys)
    assert checks.navigation_has_addresses(None) == []
    toys.register(NavItem("gone", "Weg", "elders:weg", 2, "work", lambda person: True))
    assert [error.id for error in checks.navigation_has_addresses(None)] == ["portal.W010"]


def showed(**minutes_ago: float) -> None:
    """The parts that ever showed themselves, and how many minutes ago that was."""
    Heartbeat.objects.all().delete()
    for part, minutes in minutes_ago.items():
        Heartbeat.objects.create(part=part, at=clock.now() - timedelta(minutes=minutes))


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (5, False), (6, True), (600, True)])
def test_the_engine_is_late_after_ten_ticks(request_of: Any, db: None, minutes: int, late: bool) -> None:
    showed(beat=minutes, worker=minutes, sweep=minutes)
    assert Shell(request_of("/", AnonymousUser())).engine_is_late is late


def test_how_late_is_late_goes_with_the_tick(request_of: Any, db: None, settings: Any) -> None:
    settings.ENGINE_LATE_SECONDS = 3600
    showed(beat=59, worker=59, sweep=59)
    assert not Shell(request_of("/", AnonymousUser())).engine_is_late


LATE = "Herinneringen staan stil: 3 uur geleden voor het laatst gecontroleerd. Waarschuw de beheerder."
NEVER = "Herinneringen: nog nooit gecontroleerd. Waarschuw de beheerder."


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"beat": 2, "worker": 2, "sweep": 2}, "Herinneringen: 2 minuten geleden gecontroleerd"),
        # A worker nudged by hand, or a sweep that never ends well, hides nothing.
        ({"beat": 180, "worker": 0, "sweep": 0}, LATE),
        ({"beat": 0, "worker": 0, "sweep": 180}, LATE),
        ({"beat": 0, "worker": 180, "sweep": 180}, LATE),
        ({}, NEVER),
        ({"worker": 0, "sweep": 0}, NEVER),
        ({"beat": 0, "worker": 0}, NEVER),
        ({"beat": -0.3, "worker": 0, "sweep": 0}, "Herinneringen: zojuist gecontroleerd"),
        (
            {"beat": -60, "worker": 0, "sweep": 0},
            "Herinneringen: niet meer gecontroleerd sinds de klok is teruggezet. Waarschuw de beheerder.",
        ),
    ],
)
def test_the_footer_says_when_the_reminders_last_ran(
    client: Client, db: None, parts: dict[str, float], words: str
) -> None:
    showed(**parts)
    html = client.get("/aanmelden/").content.decode()
    assert words in " ".join(html.split())
    assert ("engine--late" in html) is ("Waarschuw" in words)


def test_a_broken_heartbeat_table_does_not_break_the_page(
    request_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def broken(**kwargs: Any) -> None:
        raise OperationalError("no such table")

    monkeypatch.setattr(Heartbeat.objects, "filter", broken)
    assert Shell(request_of("/", AnonymousUser())).engine_last_ran is None


def test_every_page_of_a_person_carries_the_mark_of_its_reader(request_of: Any, world: World) -> None:
    one = Shell(request_of("/", world.kabinet_a)).reader_field
    other = Shell(request_of("/", world.oov_a)).reader_field
    assert re.match(r'<input type="hidden" name="lezer" value="[^"]+">$', one)
    assert one != other
    assert Shell(request_of("/", AnonymousUser())).reader_field == ""


@pytest.mark.parametrize(
    ("answer", "status", "heading"),
    [
        (lambda request: errors.not_found(request, Http404()), 404, "Deze pagina is er niet"),
        (lambda request: errors.forbidden(request, PermissionDenied()), 403, "Dit hoort niet bij uw rol"),
        (lambda request: errors.bad_request(request, Exception()), 400, "Dit verzoek begrijpen we niet"),
        (errors.csrf_failure, 403, "Deze pagina stond te lang open"),
        (errors.server_error, 500, "Hier ging iets mis"),
    ],
)
def test_an_error_page_says_what_is_so_and_what_one_can_do(
    request_of: Any, db: None, answer: Any, status: int, heading: str
) -> None:
    response = answer(request_of("/ergens/", AnonymousUser()))
    html = response.content.decode()
    assert response.status_code == status
    assert re.findall(r"<h1>\s*(.*?)\s*</h1>", html) == [heading]
    assert 'class="button button--primary"' in html
    assert "style=" not in html


def test_the_last_page_asks_for_nothing(rf: RequestFactory) -> None:
    """No database mark on this test: a query would fail it."""
    assert errors.server_error(rf.get("/")).status_code == 500


def test_when_even_the_last_page_breaks_one_sentence_is_left(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str) -> str:
        raise ValueError(name)

    monkeypatch.setattr(errors, "render_to_string", broken)
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert response.content.decode().startswith("Hier ging iets mis.")


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://testserver/acties/?soort=visits", "/acties/?soort=visits"),
        ("http://testserver", "/"),
        ("https://elders.example/acties/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_stays_on_this_site(rf: RequestFactory, referrer: str, back: str) -> None:
    assert errors.page_before(rf.post("/x/", HTTP_REFERER=referrer)) == back
