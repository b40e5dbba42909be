"""Mails a second: the outbox, each mail claimed and marked, against Django's own on one reused connection.

`python -m tests.bench.mail` prints the results. The floor sends the same texts by `send_mail` and keeps
no account of anything; ours reads the rows, asks the last look, sends, and marks each at once.
"""

import json
import os
import subprocess
import sys
import time

from portal.supervisor.serve import claim
from tests.bench import Result
from tests.bench.engines import ENGINES, installation
from tests.processes import ROOT, Absent, running, scratch, up

MAILS = 1000
ROUNDS = 3
OWED = 1.3
TEXT = "Beste lezer,\n\n" + "Bereid het bezoek voor: uiterlijk vrijdag 27 november, nog één dag.\n" * 12
HTML = "<!doctype html><html><body>" + "<p>Bereid het bezoek voor: nog één dag.</p>\n" * 40 + "</body></html>"


def _subject(number: int) -> str:
    return f"Herinnering {number}: één actie is uiterlijk vrijdag"


def _floor(port: int) -> float:
    """Django's send_mail, one connection kept open."""
    from django.conf import settings
    from django.core.mail import get_connection, send_mail

    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    with get_connection() as connection:
        began = time.perf_counter()
        for number in range(MAILS):
            send_mail(
                _subject(number),
                TEXT,
                settings.DEFAULT_FROM_EMAIL,
                [f"lezer{number}@voorbeeld.example"],
                html_message=HTML,
                connection=connection,
            )
        return MAILS / (time.perf_counter() - began)


def _ours(port: int) -> float:
    """The outbox."""
    from django.conf import settings

    from portal.mail.deliver import deliver
    from portal.mail.models import Message

    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    Message.objects.all().delete()
    Message.objects.bulk_create(
        Message(
            address=f"lezer{number}@voorbeeld.example",
            subject=_subject(number),
            text=TEXT,
            html=HTML,
            message_id=f"<{number}@voorbeeld.example>",
            thread_id="<action.1@voorbeeld.example>",
        )
        for number in range(MAILS)
    )
    began = time.perf_counter()
    sent = deliver()
    took = time.perf_counter() - began
    assert sent == MAILS
    assert not Message.objects.exclude(state="sent").exists()
    return MAILS / took


def _measure(port: int) -> list[tuple[float, float]]:
    """Ours and the floor by turns, after one round that warms up; within an installation."""
    import django

    django.setup()
    rounds = [(_ours(port), _floor(port)) for _ in range(ROUNDS + 1)]
    return rounds[1:]


def run() -> list[Result]:
    """One result for each engine that is there: the middle of the rounds."""
    found = []
    for engine in ENGINES:
        try:
            with installation(engine) as env, claim(0) as listener, scratch() as folder:
                log = folder / "sink.log"
                fd = listener.fileno()
                command = [sys.executable, "-m", "tests.bench.mail_sink", str(fd)]
                with running(command, os.environ, log, fds=[fd]) as process:
                    up(process, log, lambda: True)
                    port = listener.getsockname()[1]
                    told = subprocess.run(
                        [sys.executable, "-m", "tests.bench.mail", str(port)],
                        cwd=ROOT,
                        env=env,
                        check=True,
                        capture_output=True,
                        text=True,
                    ).stdout
        except Absent:
            continue
        rounds = sorted(json.loads(told.splitlines()[-1]), key=lambda pair: pair[0] / pair[1])
        ours, floor = rounds[len(rounds) // 2]
        found.append(Result(f"mails a second, {engine}", ours, floor, ours / floor, OWED, at_least=True))
    return found


if __name__ == "__main__":
    if len(sys.argv) > 1:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        print(json.dumps(_measure(int(sys.argv[1]))))  # noqa: T201
    else:
        for one in run():
            print(f"{one.name}: {one.ours:.0f} against {one.floor:.0f}, {one.ratio:.2f} (owed {one.owed})")  # noqa: T201
