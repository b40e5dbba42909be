"""A real Celery worker that kills itself and its whole group at one chosen point.

`python -m tests.faults.killed_worker POINT NTH LOG`: at the NTH passage of POINT the process group
gets SIGKILL, which nothing can catch. At "data" and "mark" the Message-ID in hand is first written
to LOG, because only there the server can have accepted what the row does not say yet.
"""

import os
import signal
import smtplib
import sys
from typing import Any

import django

POINTS = ("claim", "fire", "render", "data", "mark")


def _die(log: str, message_id: str = "") -> None:
    if message_id:
        fd = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(fd, f"{message_id}\n".encode())
        os.fsync(fd)
    os.killpg(os.getpgid(0), signal.SIGKILL)


def arm(point: str, nth: int, log: str) -> None:
    """Lay the charge at one point of the real code."""
    from portal.deadlines import notices, sweep
    from portal.mail import deliver, wire

    passed = 0

    def now() -> bool:
        nonlocal passed
        passed += 1
        return passed == nth

    if point == "claim":
        # After the claiming statement, before anything was done with what was claimed.
        real_claim = sweep.claim

        def claim(*args: Any, **kwargs: Any) -> Any:
            rows = real_claim(*args, **kwargs)
            if rows and now():
                _die(log)
            return rows

        sweep.claim = claim
    elif point == "fire":
        # The notices of a batch are written, its reminders not yet marked; inside the transaction.
        real_notices = sweep.write_notices

        def write_notices(*args: Any, **kwargs: Any) -> None:
            real_notices(*args, **kwargs)
            if now():
                _die(log)

        sweep.write_notices = write_notices
    elif point == "render":
        # In the middle of writing messages, inside the transaction.
        real_message = notices.message

        def message(*args: Any, **kwargs: Any) -> Any:
            made = real_message(*args, **kwargs)
            if now():
                _die(log)
            return made

        notices.message = message
    elif point == "data":
        # The content is on its way or just accepted; the answer was not read.
        real_put = wire.put

        def put(server: smtplib.SMTP, mail: bytes, more: bytes = b"") -> Any:
            if now():
                message_id = next(
                    line.split(b":", 1)[1].strip().decode()
                    for line in mail.splitlines()
                    if line.lower().startswith(b"message-id:")
                )
                if nth % 2:
                    real_put(server, mail, more)
                else:
                    server.send(mail[: len(mail) // 2])
                _die(log, message_id)
            return real_put(server, mail, more)

        wire.put = put
    elif point == "mark":
        # The server said yes; the row does not know it yet.
        real_sent = deliver.mark_sent

        def sent(row: Any) -> None:
            if now():
                _die(log, row.message_id)
            real_sent(row)

        deliver.mark_sent = sent


if __name__ == "__main__":
    where, which, journal = sys.argv[1:]
    assert where in POINTS
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    arm(where, int(which), journal)
    from portal.celery import app

    app.worker_main(
        [
            "--quiet",
            "worker",
            "--pool",
            "prefork",
            "--concurrency",
            "1",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )
