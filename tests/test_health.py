"""The two addresses that tell whether the portal works."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from portal import clock
from portal.deadlines.models import Heartbeat
from tests.servers import Broker, scratch, valkey


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with valkey() as running:
        yield running


@pytest.fixture
def settings_with_broker(settings: Any, broker: Broker) -> Any:
    settings.REDIS_URL = broker.url
    return settings


def beat_now(*parts: str, seconds_ago: float = 0) -> None:
    for part in parts:
        Heartbeat.objects.update_or_create(
            part=part, defaults={"at": clock.now() - timedelta(seconds=seconds_ago)}
        )


def test_healthz_answers_without_database(client: Client) -> None:
    # No django_db mark: a query would fail this test.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_healthz_takes_no_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_readyz_is_content_when_all_parts_work(client: Client, settings_with_broker: Any) -> None:
    beat_now("worker", "beat")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "broker": True, "worker": True, "beat": True}


@pytest.mark.django_db
@pytest.mark.parametrize("silent", ["worker", "beat"])
def test_readyz_names_the_part_that_missed_three_ticks(
    client: Client, settings_with_broker: Any, silent: str
) -> None:
    beat_now("worker", "beat")
    beat_now(silent, seconds_ago=3 * settings_with_broker.TICK_SECONDS + 1)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name, is_up in answer.json().items() if not is_up] == [silent]


@pytest.mark.django_db
def test_readyz_forgives_two_missed_ticks(client: Client, settings_with_broker: Any) -> None:
    beat_now("worker", "beat", seconds_ago=2 * settings_with_broker.TICK_SECONDS)
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("silent", ["worker", "beat"])
def test_readyz_takes_no_sign_of_life_from_a_clock_that_was_put_back(
    client: Client, settings_with_broker: Any, silent: str
) -> None:
    beat_now("worker", "beat")
    beat_now(silent, seconds_ago=-settings_with_broker.TICK_SECONDS)
    assert client.get("/readyz").status_code == 200, "clocks of two machines differ a little"
    beat_now(silent, seconds_ago=-3600)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name, is_up in answer.json().items() if not is_up] == [silent]


@pytest.mark.django_db
def test_readyz_answers_soon_while_the_broker_is_frozen(
    client: Client, settings_with_broker: Any, broker: Broker
) -> None:
    beat_now("worker", "beat")
    os.kill(broker.process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        answer = client.get("/readyz")
        took = time.monotonic() - began
    finally:
        os.kill(broker.process.pid, signal.SIGCONT)
    assert answer.status_code == 503
    assert answer.json()["broker"] is False
    assert took < 1
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_sees_that_the_broker_is_gone(client: Client, settings: Any) -> None:
    with scratch() as folder:
        settings.REDIS_URL = f"redis+socket://{folder / 'nobody.sock'}"
        assert client.get("/readyz").json()["broker"] is False


@pytest.mark.django_db
def test_readyz_sees_that_what_listens_is_no_broker(client: Client, settings: Any) -> None:
    with scratch() as folder, socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(folder / "deaf.sock"))
        deaf.listen()
        settings.REDIS_URL = f"redis+socket://{folder / 'deaf.sock'}"
        assert client.get("/readyz").json()["broker"] is False


@pytest.mark.django_db
def test_readyz_says_so_when_the_database_fails(
    client: Client, settings_with_broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(Heartbeat.objects, "filter", fails)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": False, "broker": True, "worker": False, "beat": False}
