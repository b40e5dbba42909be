"""Real parts for tests: each with its own folder, on unix sockets or 127.0.0.1, and stopped for sure."""

import email
import email.policy
import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import redis

from portal.supervisor import parts
from portal.supervisor.serve import claim
from tests.postgres import postgres
from tests.processes import ROOT, Absent, Failed, accepts, has_ended, running, scratch, until, up

__all__ = [
    "Absent",
    "Broker",
    "Failed",
    "Mailbox",
    "beat",
    "environment",
    "get",
    "kept",
    "manage",
    "postgres",
    "scratch",
    "smtp_sink",
    "until",
    "valkey",
    "web",
    "worker",
]


class Broker:
    """A private Valkey that can be stopped and started again on what it wrote down."""

    process: subprocess.Popen[bytes]

    def __init__(self, folder: Path) -> None:
        self._path = folder / "broker.sock"
        self._log = folder / "broker.log"
        self._part = parts.broker(self._path, folder)
        self._running = ExitStack()
        self.url = f"redis+socket://{self._path}"

    def start(self) -> None:
        """Start it; it is up when this returns."""
        self.process = self._running.enter_context(running(self._part.command, os.environ, self._log))
        up(self.process, self._log, lambda: accepts(self._path))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it with this signal; it is gone when this returns."""
        if not has_ended(self.process):
            self.process.send_signal(number)
            until(lambda: has_ended(self.process), 10, "the broker ended")
        self._running.close()

    def is_idle(self) -> bool:
        """No task waits here or is in a worker's hands."""
        with redis.Redis(unix_socket_path=str(self._path)) as client:
            return not client.llen("celery") and not client.hlen("unacked")

    def close(self) -> None:
        self._running.close()


@contextmanager
def valkey() -> Iterator[Broker]:
    """A broker of its own, on a unix socket, with its tasks on disk as in `make run`."""
    with scratch() as folder, closing(Broker(folder)) as broker:
        broker.start()
        yield broker


@dataclass(frozen=True)
class Mailbox:
    """A private mail server and what it accepted."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def mails(self) -> list[EmailMessage]:
        """All accepted mails, in the order in which they came."""
        found = []
        for path in sorted(self.folder.glob("[!.]*.eml")):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            found.append(mail)
        return found


@contextmanager
def smtp_sink() -> Iterator[Mailbox]:
    """A mail server on 127.0.0.1 that keeps what it accepts as files."""
    with scratch() as folder, claim(0) as listener:
        mailbox = folder / "postvak"
        part = parts.sink(listener.fileno(), mailbox)
        log = folder / "sink.log"
        with running(part.command, os.environ, log, fds=part.fds) as process:
            up(process, log, mailbox.exists)
            yield Mailbox(listener.getsockname()[1], mailbox, process)


def environment(var_dir: Path, **more: str) -> dict[str, str]:
    """What a part of an embedded portal is started with; nothing of the test run's own portal."""
    ours = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PORTAL_URL", "PORT", "DEMO", "SMTP_SINK_PORT")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    fixed = {"VAR_DIR": str(var_dir), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    return kept | fixed | more


def manage(env: Mapping[str, str], *words: str) -> str:
    """Run a management command to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=dict(env), capture_output=True, check=False
    )
    if done.returncode:
        raise Failed(f"manage.py {' '.join(words)}:\n{done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()


@contextmanager
def worker(env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker, not necessarily connected yet."""
    log = Path(env["VAR_DIR"]) / "worker.log"
    with running(parts.worker().command, env, log) as process:
        yield process


@contextmanager
def beat(env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Celery's clock."""
    log = Path(env["VAR_DIR"]) / "beat.log"
    with running(parts.beat().command, env, log) as process:
        yield process


@contextmanager
def kept(part: Callable[[], AbstractContextManager[subprocess.Popen[bytes]]]) -> Iterator[None]:
    """A part that is started again each time it ends, as every supervisor does."""
    stop = threading.Event()

    def keep() -> None:
        while not stop.is_set():
            with part() as process:
                while not (stop.wait(0.2) or has_ended(process)):
                    pass

    # The kernel ends a part when the thread that started it is gone, so this one lives as long as the part.
    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


def get(port: int, path: str, seconds: float = 5) -> tuple[int, bytes]:
    """Status and body of a GET on 127.0.0.1; status 0 when nobody answers in time."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        asked.request("GET", path, headers={"Host": "localhost"})
        answer = asked.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        asked.close()


@contextmanager
def web(env: Mapping[str, str]) -> Iterator[int]:
    """Gunicorn on a free port of 127.0.0.1; yields the port."""
    with claim(0) as listener:
        port: int = listener.getsockname()[1]
        part = parts.web(listener.fileno())
        log = Path(env["VAR_DIR"]) / "web.log"
        with running(part.command, dict(env) | {"PORT": str(port)}, log, fds=part.fds) as process:
            up(process, log, lambda: get(port, "/healthz")[0] == http.HTTPStatus.OK)
            yield port
