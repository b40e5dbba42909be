"""The nets that stand before every view, and the guard that keeps a reading request from writing."""

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from measures.tracking.models import Measure
from portal.access.guard import ReadingRequestWrote, door, refuse_writes
from portal.access.middleware import DeclaredRule
from portal.access.rules import only, open_to_all, rule_of, signed_in
from portal.people.models import Person
from tests.cast import World
from tests.toys import toy


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def nobody(person: Person) -> bool:
    return False


def through(view, user) -> None:
    request = RequestFactory().get("/")
    request.user = user
    request.resolver_match = None
    DeclaredRule(lambda _r: HttpResponse()).process_view(request, view, (), {})


def test_a_view_without_a_rule_is_refused(world: World) -> None:
    with pytest.raises(ImproperlyConfigured, match="declares no access rule"):
        through(bare, world.kabinet_a)


def test_a_declared_rule_is_kept(world: World) -> None:
    through(signed_in(lambda request: HttpResponse()), world.kabinet_a)
    through(open_to_all(lambda request: HttpResponse()), world.kabinet_a)
    with pytest.raises(PermissionDenied):
        through(only(nobody)(lambda request: HttpResponse()), world.kabinet_a)


def test_a_package_view_is_known_by_its_address_only() -> None:
    assert rule_of(bare, "account_login") is not None
    assert rule_of(bare, "account_email") is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tracking_measure SET title = 'x'",
        "  insert into tracking_note (id) values (1)",
        'DELETE FROM "tracking_note"',
        "INSERT OR IGNORE INTO tracking_note (id) VALUES (1)",
    ],
)
def test_a_reading_request_cannot_write(world: World, statement: str) -> None:
    with (
        connection.execute_wrapper(refuse_writes),
        connection.cursor() as cursor,
        pytest.raises(ReadingRequestWrote),
    ):
        cursor.execute(statement)


def test_the_guard_stands_around_every_get(world: World, sign_in, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = toy(world.kabinet_a, world.a)
    client = sign_in(world.kabinet_a)
    from measures.tracking.views import listing

    def writes(person: Person) -> list:
        Measure.objects.filter(pk=measure.pk).update(title="stil veranderd")
        return []

    monkeypatch.setattr(listing.queries, "scopes_of", writes)
    with pytest.raises(ReadingRequestWrote), transaction.atomic():
        client.get("/maatregelen/")
    measure.refresh_from_db()
    assert measure.title != "stil veranderd"


def test_a_named_door_opens_its_own_table_only(world: World) -> None:
    with connection.execute_wrapper(refuse_writes), door("audit_viewrow"), connection.cursor() as cursor:
        with pytest.raises(ReadingRequestWrote):
            cursor.execute("UPDATE tracking_measure SET title = 'x'")
        cursor.execute("SELECT 1")
    with (
        connection.execute_wrapper(refuse_writes),
        connection.cursor() as cursor,
        pytest.raises(ReadingRequestWrote),
    ):
        cursor.execute("INSERT INTO audit_viewrow (id) VALUES (1)")
