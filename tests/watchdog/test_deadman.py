"""The dead-man ping: only while all is well, once a minute, and never in the way of anything."""

import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import structlog

from portal import clock
from portal.deadlines import heartbeat
from portal.deadlines.models import Heartbeat
from portal.mail.models import Message
from portal.watchdog import deadman


@dataclass
class Listener:
    """A web server on this machine that keeps which paths were asked for."""

    port: int = 0
    status: int = 200
    paths: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ping/geheim"


@contextmanager
def listening() -> Iterator[Listener]:
    found = Listener()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.paths.append(self.path)
            self.send_response(found.status)
            self.send_header("Location", f"http://127.0.0.1:{found.port}/elders")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


@pytest.fixture
def well(db: None, settings: Any, listener: Listener) -> Listener:
    """An engine that swept lately, and an address to ping."""
    settings.DEADMAN_URL = listener.url
    Message.objects.all().delete()
    heartbeat.beat("sweep")
    return listener


def ping() -> bool:
    """Ping and wait for the thread that calls."""
    pinged = deadman.ping()
    if deadman._thread is not None:
        deadman._thread.join(10)
    return pinged


def test_it_calls_the_address_while_all_is_well(well: Listener) -> None:
    assert ping()
    assert well.paths == ["/ping/geheim"]


def test_it_calls_once_in_a_minute_over_all_workers(well: Listener, frozen_clock: Any) -> None:
    for _ in range(5):
        ping()
        frozen_clock.shift(29)
        heartbeat.beat("sweep")
    assert len(well.paths) == 2  # at 0 and at 87 seconds


def test_a_clock_that_was_put_back_does_not_silence_it(well: Listener) -> None:
    Heartbeat.objects.create(part="deadman", at=clock.now() + timedelta(days=1))
    assert ping()


def test_only_one_worker_takes_a_turn(db: None) -> None:
    now = clock.now()
    assert [deadman.claim(now) for _ in range(3)] == [True, False, False]
    later = now + timedelta(seconds=60)
    assert [deadman.claim(later) for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize("at", [None, timedelta(minutes=-6), timedelta(hours=1)])
def test_it_stays_silent_when_no_sweep_was_finished_lately(well: Listener, at: timedelta | None) -> None:
    Heartbeat.objects.all().delete()
    heartbeat.beat("worker")
    if at is not None:
        Heartbeat.objects.create(part="sweep", at=clock.now() + at)
    assert not ping()
    assert well.paths == []


def test_it_stays_silent_when_mail_does_not_leave(well: Listener) -> None:
    Message.objects.create(
        address="a@voorbeeld.example", subject="", text="", message_id="<1@voorbeeld.example>", attempts=5
    )
    assert not ping()
    assert well.paths == []


def test_without_an_address_it_asks_nothing(settings: Any) -> None:
    # No database mark on this test: a query would fail it.
    settings.DEADMAN_URL = ""
    assert not deadman.ping()


def test_no_redirect_is_followed(well: Listener) -> None:
    well.status = 302
    with structlog.testing.capture_logs() as logs:
        ping()
    assert well.paths == ["/ping/geheim"]
    assert [(line["event"], line["status"]) for line in logs] == [("deadman_refused", 302)]


def test_a_failure_is_logged_by_its_type_alone() -> None:
    with socket.socket() as deaf, structlog.testing.capture_logs() as logs:
        deaf.bind(("127.0.0.1", 0))
        deadman.call(f"http://127.0.0.1:{deaf.getsockname()[1]}/ping/geheim")
    [line] = logs
    assert line["event"] == "deadman_failed"
    assert set(line) == {"event", "error", "log_level"}
    assert "geheim" not in str(line)


def test_an_address_that_hangs_holds_up_nothing(
    well: Listener, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadman, "SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.DEADMAN_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        began = time.perf_counter()
        assert deadman.ping()
        assert time.perf_counter() - began < 0.9
        assert not deadman.ping(), "no second call while the first hangs"
        assert deadman._thread is not None
        deadman._thread.join(10)
        assert not deadman._thread.is_alive()
