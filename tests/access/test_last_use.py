"""The last use of a session: noted once in five minutes, and no page breaks when it cannot be written."""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.http import HttpResponse

from portal import clock
from tests.cast import World

LATER = timedelta(minutes=6)


def full(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A database without room: no session can be written any more."""
    if sql.startswith("UPDATE") and "django_session" in sql:
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)


def used_at() -> float:
    return float(Session.objects.get().get_decoded()["used_at"])


def test_the_last_use_is_written_after_five_minutes(world: World, sign_in: Any, frozen_clock: Any) -> None:
    client = sign_in(world.kabinet_a)
    client.get("/acties/")
    before = used_at()
    frozen_clock.shift(timedelta(minutes=4))
    client.get("/acties/")
    assert used_at() == before
    frozen_clock.shift(LATER)
    client.get("/acties/")
    assert used_at() == clock.now().timestamp()


def test_a_page_that_can_be_read_is_shown_when_the_last_use_cannot_be_written(
    world: World, sign_in: Any, frozen_clock: Any
) -> None:
    client = sign_in(world.kabinet_a)
    client.get("/acties/")
    before = used_at()
    frozen_clock.shift(LATER)
    with connection.execute_wrapper(full):
        answer = client.get("/acties/")
    assert answer.status_code == 200
    assert used_at() == before


def test_a_session_that_is_gone_meanwhile_stays_gone(world: World, sign_in: Any, frozen_clock: Any) -> None:
    client = sign_in(world.kabinet_a)
    client.get("/acties/")
    frozen_clock.shift(LATER)

    def signed_out_elsewhere(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if "people_person" in sql:  # the session was read, its last use not yet written
            Session.objects.all().delete()
        return done

    with connection.execute_wrapper(signed_out_elsewhere):
        answer: HttpResponse = client.get("/acties/")
    assert answer.status_code == 400
    assert not Session.objects.exists()
