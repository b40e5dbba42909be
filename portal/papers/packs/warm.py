"""The one process in each worker that waits for a pack to bind, started while its last pieces are made.

Starting Python and the library that binds takes about as long as binding a short pack. What waits ends
by itself when nobody comes; what has ended is let go of at the worker's next round.
"""

import os
import sys
from dataclasses import dataclass
from time import monotonic

from django.conf import settings

from portal.papers.looking import Started
from portal.papers.packs import merge

# Whoever is about to leave is not given work any more.
_LEAVES_SOON = 10


@dataclass(frozen=True)
class _Waiting:
    """A process without work; it belongs to the worker with this number, and no fork of that one."""

    process: Started
    worker: int
    until: float

    @property
    def is_usable(self) -> bool:
        return monotonic() < self.until and self.process.is_running


_waiting: _Waiting | None = None


def up() -> None:
    """Let one wait from here on, when none does."""
    global _waiting
    if (one := _own()) is not None and one.is_usable:
        return
    end()
    _waiting = _Waiting(_started(), os.getpid(), monotonic() + merge.IDLE_SECONDS - _LEAVES_SOON)


def told(job: bytes) -> Started:
    """The process that waits, or else a new one, with its work; whoever takes it ends it."""
    global _waiting
    if (one := _own()) is not None and one.is_usable:
        _waiting = None
        try:
            one.process.tell(job)
        except BrokenPipeError:
            one.process.end()
        else:
            return one.process
    end()
    new = _started()
    try:
        new.tell(job)
    except BaseException:
        new.end()
        raise
    return new


def tidy() -> None:
    """Let go of what ended by itself."""
    if (one := _own()) is not None and not one.process.is_running:
        end()


def end() -> None:
    """Let none wait any more."""
    global _waiting
    one, _waiting = _own(), None
    if one is not None:
        one.process.end()


def _own() -> _Waiting | None:
    """What waits for this worker; in a fork what it was born with is dropped, and not ended."""
    global _waiting
    if _waiting is not None and _waiting.worker != os.getpid():
        _waiting.process.forget()
        _waiting = None
    return _waiting


def _started() -> Started:
    words = [sys.executable, "-I", merge.__file__, str(merge.IDLE_SECONDS)]
    return Started(words, settings.WORK_DIR)
