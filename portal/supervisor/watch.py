"""The loop that keeps parts up: start, wait, restart with a growing pause, stop in reverse order."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portal.supervisor.parts import Part
from portal.supervisor.process import rotate, signal_group, spawn

SIGNALS = frozenset({signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STABLE_SECONDS = 60.0
_LOOK_EVERY = 0.2


def say(sentence: str) -> None:
    """One line on the console; a console that has gone away stops nothing."""
    with suppress(OSError):
        print(sentence, flush=True)  # noqa: T201  the console is where this belongs


def next_pause(previous: float, up_seconds: float) -> float:
    """How long to wait before starting again: twice as long each time, until it stayed up a while."""
    if previous == 0 or up_seconds >= STABLE_SECONDS:
        return FIRST_PAUSE
    return min(previous * 2, LONGEST_PAUSE)


def describe(code: int) -> str:
    """An exit code of a process in a few Dutch words."""
    return f"signaal {-code}" if code < 0 else f"code {code}"


@dataclass
class Watched:
    """A part, and how it fares."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    start_at: float = 0.0


class Watch:
    """All parts of one portal. Everything happens in one thread: parts die with that thread."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self.environment = environment
        self.logs = logs
        self.watched: list[Watched] = []
        self.stopping = False

    def log_of(self, name: str) -> Path:
        """Where the output of a part goes."""
        return self.logs / f"{name}.log"

    def add(self, *parts: Part) -> None:
        """Keep these parts up from now on."""
        now = time.monotonic()
        self.watched += [Watched(part, start_at=now + part.after_seconds) for part in parts]
        self._start_due()

    def wait(self, seconds: float | None = None) -> signal.Signals | None:
        """Wait for a signal to stop; meanwhile restart what dies. None when the time is over."""
        end = None if seconds is None else time.monotonic() + seconds
        while True:
            self._start_due()
            moments = [each.start_at for each in self.watched if each.process is None]
            if end is not None:
                moments.append(end)
            pause = max(0.0, min(moments) - time.monotonic()) if moments else 3600.0
            heard = signal.sigtimedwait(SIGNALS, pause)
            if heard is not None and heard.si_signo != signal.SIGCHLD:
                return signal.Signals(heard.si_signo)
            self._reap()
            if end is not None and time.monotonic() >= end:
                return None

    def run_once(self, name: str, command: Iterable[str]) -> int | signal.Signals:
        """Run a command to its end while the parts are kept up: its exit code, or the signal to stop."""
        log = self.log_of(name)
        rotate(log)
        process = spawn(list(command), self.environment, log, console=True)
        while process.poll() is None:
            heard = self.wait(_LOOK_EVERY / 4)
            if heard is not None:
                signal_group(process.pid, signal.SIGKILL)
                process.wait()
                return heard
        return process.returncode

    def stop(self) -> None:
        """Stop all parts, the last stage first; a second Ctrl-C, or too long a wait, kills."""
        self.stopping = True
        for stage in sorted({each.part.stage for each in self.watched}, reverse=True):
            group = [each for each in self.watched if each.part.stage == stage]
            for each in group:
                if each.process is not None:
                    os.kill(each.process.pid, signal.SIGTERM)
            self._await_end(group)
            for each in group:
                if each.process is not None:
                    signal_group(each.process.pid, signal.SIGKILL)
                    each.process.wait()
                    each.process = None

    def _await_end(self, group: list[Watched]) -> None:
        end = time.monotonic() + max(each.part.stop_seconds for each in group)
        while any(each.process is not None for each in group):
            left = end - time.monotonic()
            if left <= 0:
                return
            heard = signal.sigtimedwait(SIGNALS, min(left, _LOOK_EVERY))
            self._reap()
            if heard is not None and heard.si_signo != signal.SIGCHLD:
                return

    def _start_due(self) -> None:
        for each in self.watched:
            if each.process is None and not self.stopping and each.start_at <= time.monotonic():
                log = self.log_of(each.part.name)
                rotate(log)
                each.started = time.monotonic()
                try:
                    each.process = spawn(each.part.command, self.environment, log, fds=each.part.fds)
                except OSError as error:  # no memory or no processes left: later there may be
                    self._ended(each, str(error.strerror))

    def _reap(self) -> None:
        for each in self.watched:
            process = each.process
            if process is None:
                continue
            # First only look: until it is reaped its number is its own, so that what it leaves
            # behind can be killed without hitting a stranger.
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            signal_group(process.pid, signal.SIGKILL)
            each.process = None
            self._ended(each, describe(process.wait()))

    def _ended(self, each: Watched, why: str) -> None:
        if self.stopping:
            return
        now = time.monotonic()
        each.pause = next_pause(each.pause, now - each.started)
        each.start_at = now + each.pause
        say(
            f"{each.part.name} is gestopt ({why}) en start over {each.pause:.0f} s weer."
            f" Meer in {self.log_of(each.part.name)}"
        )
