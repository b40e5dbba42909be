"""The engine, the broker or the database stands still: the admin hears it, by mail or because a ping stays away."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.engines import installation
from tests.processes import ROOT, Absent, running, until
from tests.servers import Mailbox, beat, environment, manage, scratch, smtp_sink, valkey, worker
from tests.watchdog.test_deadman import listening

pytestmark = pytest.mark.faults

ADMIN = "beheer@voorbeeld.example"
# A tick of half a second, late after three; two looks half a second apart must agree.
QUICK = {
    "TICK_SECONDS": "0.5",
    "ENGINE_LATE_SECONDS": "3",
    "WATCHDOG_SECONDS": "1",
    "WATCHDOG_PATIENCE_SECONDS": "4",
    "WATCHDOG_TO": ADMIN,
    "WORKER_CONCURRENCY": "1",
}
BEHEERDER = """
from portal import clock
from portal.people.models import Membership, Person
person = Person.objects.create_person(email="landelijk@voorbeeld.example", name="L. Beheer")
Membership.objects.create(person=person, role="beheerder_landelijk", starts_on=clock.today())
"""
COMMAND = (sys.executable, "manage.py", "watchdog")


@contextmanager
def watchdog(env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with running(COMMAND, env, Path(env["VAR_DIR"]) / "watchdog.log") as process:
        yield process


SENTENCES = {
    0: "Alles werkt.",
    1: "Er staat iets stil en de beheerder weet het: ",
    2: "Er is iets te melden en geen enkele mail ging weg: ",
}


def once(env: dict[str, str]) -> int:
    """The exit code of one round; what it says on the console fits it."""
    done = subprocess.run(
        [*COMMAND, "--once"], cwd=ROOT, env=env, capture_output=True, check=False, timeout=60
    )
    assert done.stdout.decode().startswith(SENTENCES[done.returncode])
    return done.returncode


def heard(sink: Mailbox) -> list[str]:
    """The subjects of what the admin was told, without the name of the portal."""
    mails = [mail for mail in sink.mails() if mail["To"] == ADMIN]
    return [str(mail["Subject"]).partition(": ")[2] for mail in mails]


def said(sink: Mailbox, *subjects: str) -> bool:
    return heard(sink) == list(subjects)


def sweeps(env: dict[str, str]) -> str:
    database = sqlite3.connect(Path(env["VAR_DIR"]) / "portaal.sqlite3", timeout=20)
    try:
        rows = database.execute("SELECT at FROM deadlines_heartbeat WHERE part = 'sweep'").fetchall()
        return rows[0][0] if rows else ""
    finally:
        database.close()


def freeze(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGSTOP) -> None:
    os.killpg(process.pid, number)


def test_beat_that_was_killed_is_mailed_and_its_return_too() -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        installation("sqlite", broker=broker.url, smtp_port=sink.port, **QUICK) as env,
        worker(env),
        watchdog(env),
    ):
        with beat(env) as ticks:
            until(lambda: sweeps(env), 20, "first sweep")
            time.sleep(4)  # longer than late: a fresh start must raise no alarm
            assert heard(sink) == []
            freeze(ticks, signal.SIGKILL)
            until(lambda: said(sink, "de klok staat stil"), 15, "told")
        with beat(env):
            until(lambda: said(sink, "de klok staat stil", "alles werkt weer"), 20, "told that it works")


def test_a_frozen_worker_is_mailed_once_and_again_while_it_lasts() -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        installation(
            "sqlite", broker=broker.url, smtp_port=sink.port, **QUICK, WATCHDOG_REPEAT_SECONDS="4"
        ) as env,
        worker(env) as works,
        beat(env),
        watchdog(env),
    ):
        until(lambda: sweeps(env), 20, "first sweep")
        freeze(works)
        until(lambda: said(sink, "de worker staat stil"), 15, "told")
        until(lambda: said(sink, *["de worker staat stil"] * 2), 15, "told again")
        freeze(works, signal.SIGCONT)
        until(lambda: heard(sink)[-1] == "alles werkt weer", 20, "told that it works")


def test_a_frozen_broker_is_mailed() -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        installation("sqlite", broker=broker.url, smtp_port=sink.port, **QUICK) as env,
    ):
        freeze(broker.process)
        assert once(env) == 1
        assert heard(sink) == ["de broker staat stil"]
        freeze(broker.process, signal.SIGCONT)
        # Nothing runs yet, but the watching has only begun.
        assert once(env) == 0
        assert heard(sink) == ["de broker staat stil", "alles werkt weer"]


def test_a_database_that_is_gone_is_mailed_to_who_was_known_before() -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        installation(
            "sqlite",
            broker=broker.url,
            smtp_port=sink.port,
            **QUICK | {"WATCHDOG_TO": "", "WATCHDOG_REPEAT_SECONDS": "0"},
        ) as env,
    ):
        manage(env, "shell", "--no-imports", "-c", BEHEERDER)
        assert once(env) == 0
        database = Path(env["VAR_DIR"]) / "portaal.sqlite3"
        for path in database.parent.glob("portaal.sqlite3*"):
            path.unlink()
        database.mkdir()
        assert once(env) == 1
        assert [mail["To"] for mail in sink.mails()] == ["landelijk@voorbeeld.example"]
        assert "de database staat stil" in str(sink.mails()[0]["Subject"])
        # The mail server goes as well: it is time to say it again, and the exit code tells that it failed.
        sink.process.send_signal(signal.SIGTERM)
        sink.process.wait(10)
        assert once(env) == 2


def test_a_postgresql_that_is_frozen_or_gone_is_mailed() -> None:
    # No worker runs here, and that is not what this is about.
    calm = QUICK | {"ENGINE_LATE_SECONDS": "600"}
    try:
        with (
            valkey() as broker,
            smtp_sink() as sink,
            installation("postgresql", broker=broker.url, smtp_port=sink.port, **calm) as env,
        ):
            assert once(env) == 0
            folder = env["DATABASE_URL"].partition("host=")[2]
            server = int((Path(folder) / "data" / "postmaster.pid").read_text().split()[0])
            os.kill(server, signal.SIGSTOP)  # accepts connections, answers nothing
            try:
                assert once(env) == 1
            finally:
                os.kill(server, signal.SIGCONT)
            assert once(env) == 0
            gone = env | {"DATABASE_URL": f"postgres://portaal@/postgres?host={env['VAR_DIR']}"}
            assert once(gone) == 1
            assert heard(sink) == ["de database staat stil", "alles werkt weer", "de database staat stil"]
    except Absent as reason:
        pytest.skip(str(reason))


def test_the_ping_comes_while_all_is_well_and_stays_away_with_the_worker() -> None:
    with (
        listening() as listener,
        valkey() as broker,
        smtp_sink() as sink,
        installation(
            "sqlite",
            broker=broker.url,
            smtp_port=sink.port,
            **QUICK,
            DEADMAN_URL=listener.url,
            DEADMAN_SECONDS="1",
        ) as env,
        worker(env) as works,
        beat(env),
    ):
        until(lambda: len(listener.paths) >= 3, 20, "pings")
        freeze(works)
        time.sleep(1)
        before = len(listener.paths)
        time.sleep(4)
        assert len(listener.paths) == before
        freeze(works, signal.SIGCONT)
        until(lambda: len(listener.paths) > before, 20, "pings again")


def test_a_ping_that_hangs_holds_up_no_sweep() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        valkey() as broker,
        smtp_sink() as sink,
        installation(
            "sqlite",
            broker=broker.url,
            smtp_port=sink.port,
            **QUICK,
            DEADMAN_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/",
            DEADMAN_SECONDS="0.1",
        ) as env,
        worker(env),
        beat(env),
    ):
        held, _ = silent.accept()  # the call is made, and gets no answer for five seconds
        with held:
            seen = set()
            end = time.monotonic() + 4
            while time.monotonic() < end:
                seen.add(sweeps(env))
                time.sleep(0.05)
        assert len(seen) >= 5


def test_the_embedded_watchdog_mails_who_answers_the_mail_when_there_is_no_beheerder() -> None:
    with scratch() as folder, smtp_sink() as sink:
        quick = QUICK | {"WATCHDOG_TO": "", "REPLY_TO": ADMIN, "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
        nobody = f"redis+socket://{folder / 'nobody.sock'}"
        env = environment(folder, REDIS_URL=nobody, **quick)
        assert once(env) == 1
        assert heard(sink) == ["de database staat stil, en meer"]
