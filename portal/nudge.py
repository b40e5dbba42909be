"""A nudge to the worker after commit: its loss costs seconds, and it never waits for the broker."""

import os
import queue
import threading

import structlog
from django.db import transaction

log = structlog.get_logger("portal.nudge")

_waiting: "queue.Queue[str]" = queue.Queue(maxsize=50)
# What is in the queue already: one nudge does for all that asked before it is sent.
_asked: set[str] = set()
_thread: threading.Thread | None = None
_pid = 0


def nudge(task: str) -> None:
    """Ask the worker to run `task` soon, once this transaction is committed.

    The sending happens on a thread of its own: a broker that stands still holds up no request.
    What does not fit in the queue is dropped, because beat asks the database anyway.
    """
    transaction.on_commit(lambda: _put(task))


def _put(task: str) -> None:
    global _thread, _pid
    if _thread is None or _pid != os.getpid() or not _thread.is_alive():
        _pid = os.getpid()
        _asked.clear()
        _thread = threading.Thread(target=_send_all, name="nudge", daemon=True)
        _thread.start()
    if task in _asked:
        return
    try:
        _asked.add(task)
        _waiting.put_nowait(task)
    except queue.Full:
        _asked.discard(task)
        log.warning("nudge_dropped", task=task)


def _send_all() -> None:
    from portal.celery import app

    while True:
        task = _waiting.get()
        # Before it is sent: whoever asks from here on asks for one more.
        _asked.discard(task)
        try:
            app.send_task(task, retry=False, expires=60)
        except Exception as error:  # the broker is away; beat will find the work
            log.warning("nudge_failed", task=task, error=type(error).__name__)
