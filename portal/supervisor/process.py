"""Starting one process so that it, and whatever it starts, cannot outlive the supervisor."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LOG_LIMIT_BYTES = 5_000_000

_PR_SET_PDEATHSIG = 1
# Looked up now: between fork and exec as little as possible may happen.
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Ask Linux to kill this process as soon as the thread that started it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _in_child(parent: int) -> Callable[[], None]:
    def prepare() -> None:
        # The supervisor blocks the signals that it waits for; a blocked mask survives exec.
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        die_with_parent()
        if os.getppid() != parent:  # the parent died before the line above took effect
            os._exit(1)

    return prepare


def spawn(
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    fds: Sequence[int] = (),
    console: bool = False,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that Ctrl-C reaches the supervisor alone.

    Its output goes to `log`; with `console` only what it writes to standard error does.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=None if console else output,
            stderr=output,
            pass_fds=fds,
            start_new_session=True,
            preexec_fn=_in_child(os.getpid()),  # noqa: PLW1509  the supervisor has one thread
        )


def signal_group(leader: int, number: signal.Signals) -> None:
    """Signal the leader and all that it started; nothing left to signal is fine.

    Only for a leader that has not been reaped: until then its number cannot be another's.
    """
    with suppress(ProcessLookupError):
        os.killpg(leader, number)


def rotate(log: Path) -> None:
    """Put a log that has grown large aside as `<name>.1`."""
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_name(log.name + ".1"))
