"""Processes of tests: started in a group of their own and stopped for sure."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.supervisor.process import die_with_parent, signal_group

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30.0
_LOOK = os.WEXITED | os.WNOHANG | os.WNOWAIT


class Absent(Exception):
    """This machine lacks a part; the text says which, in Dutch."""


class Failed(Exception):
    """A part did not come up; the text holds the end of its output."""


def until(holds: Callable[[], object], seconds: float = START_SECONDS, what: str = "") -> None:
    """Wait until `holds()` is true; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise Failed(f"not within {seconds:.0f} s: {what or holds}")
        time.sleep(0.05)


@contextmanager
def scratch(owner: str | None = None) -> Iterator[Path]:
    """A folder with a short path (a socket of more than 107 bytes does not bind), gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pk-", dir="/tmp"))
    try:
        if owner is not None:
            shutil.chown(folder, owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it ended. Unlike poll() this does not reap it: until then its number names its group."""
    return os.waitid(os.P_PID, process.pid, _LOOK) is not None


@contextmanager
def running(
    command: Sequence[str],
    env: Mapping[str, str],
    log: Path,
    *,
    fds: Sequence[int] = (),
    stop: signal.Signals = signal.SIGTERM,
    user: str | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own; it and its children are gone when the block is left."""
    account = pwd.getpwnam(user) if user else None
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            cwd=ROOT if account is None else log.parent,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=fds,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=die_with_parent,  # noqa: PLW1509  nothing but one call of the kernel
        )
    try:
        yield process
    finally:
        _end(process, stop)


def _end(process: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    if process.returncode is not None:  # the test itself waited for it
        return
    if not has_ended(process):
        os.kill(process.pid, signal.SIGCONT)  # a test may have frozen it
        os.kill(process.pid, stop)
        with suppress(Failed):
            until(lambda: has_ended(process), 10)
    signal_group(process.pid, signal.SIGKILL)
    process.wait()


def up(process: subprocess.Popen[bytes], log: Path, holds: Callable[[], object]) -> None:
    """Wait until it is up; a process that ends meanwhile is a failure at once."""
    with suppress(Failed):
        until(lambda: has_ended(process) or holds())
        if not has_ended(process):
            return
    raise Failed(f"{process.args!r} did not come up:\n{log.read_text(errors='replace')[-2000:]}")


def accepts(path: Path) -> bool:
    """Whether somebody listens on this unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(str(path)) == 0
