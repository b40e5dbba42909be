"""The real supervisor with all its parts: it restarts what dies, and leaves nothing behind."""

import base64
import os
import re
import signal
import smtplib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.supervisor.serve import claim
from tests.processes import ROOT, Absent, running, until
from tests.servers import environment, get, postgres, scratch, valkey

pytestmark = pytest.mark.faults

TICK = 1.0
STALE = 3 * TICK
COMMAND = (sys.executable, "-m", "portal.supervisor", "run")
WORDS = {
    "broker": r"valkey-server|redis-server",
    "sink": r"portal\.supervisor\.sink",
    "web": r"gunicorn",
    "worker": r"celery.* worker",
    "beat": r"celery.* beat",
    "watchdog": r"django watchdog",
}


def _read(path: Path) -> str:
    with suppress(OSError):
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


@dataclass(frozen=True)
class Portal:
    """A portal under its supervisor."""

    var_dir: Path
    port: int
    supervisor: subprocess.Popen[bytes]
    ready_after: float

    def is_ready(self) -> bool:
        return get(self.port, "/readyz")[0] == 200

    def pid_of(self, part: str) -> int | None:
        """The main process of a part: a child of the supervisor itself."""
        pid = self.supervisor.pid
        for child in _read(Path(f"/proc/{pid}/task/{pid}/children")).split():
            if re.search(WORDS[part], _read(Path(f"/proc/{child}/cmdline"))):
                return int(child)
        return None

    def processes(self) -> list[int]:
        """Everything that was started for this portal, whoever its parent is by now."""
        # The broker writes its own title over its environment, but then names its socket.
        mine = str(self.var_dir)
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            text = _read(folder / "environ") + _read(folder / "cmdline")
            state = _read(folder / "stat").rpartition(")")[2].split()
            if mine in text and state and state[0] != "Z":
                found.append(int(folder.name))
        return found

    def mail_port(self) -> int:
        text = _read(Path(f"/proc/{self.pid_of('worker')}/environ"))
        found = re.search(r"SMTP_SINK_PORT=(\d+)", text)
        assert found
        return int(found[1])


@contextmanager
def portal(var_dir: Path, **more: str) -> Iterator[Portal]:
    """A portal that answered /readyz with 200."""
    with claim(0) as free:
        port: int = free.getsockname()[1]
    env = environment(var_dir, PORT=str(port), TICK_SECONDS=str(TICK), PYTHONFAULTHANDLER="1", **more)
    began = time.monotonic()
    with running(COMMAND, env, var_dir / "supervisor.log") as process:
        until(lambda: get(port, "/readyz")[0] == 200, 60, "readyz")
        yield Portal(var_dir, port, process, time.monotonic() - began)


@pytest.fixture(scope="module")
def shared() -> Iterator[Portal]:
    with scratch() as folder, portal(folder) as started:
        yield started


@pytest.mark.parametrize("part", list(WORDS))
def test_a_killed_part_comes_back_and_works(shared: Portal, part: str) -> None:
    until(lambda: shared.pid_of(part), 20, "the watchdog starts after the others")
    before = shared.pid_of(part)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: shared.pid_of(part) not in (None, before), 35, f"{part} started again")
    # Signs of life from before the kill must have gone stale first.
    until(lambda: time.monotonic() > killed + STALE + TICK)
    until(shared.is_ready, 30, f"ready after {part} was killed")
    if part == "sink":
        with smtplib.SMTP("127.0.0.1", shared.mail_port(), timeout=10) as client:
            client.sendmail("a@voorbeeld.example", ["b@voorbeeld.example"], "Subject: na de val\n\n.")
        assert any("na de val" in _read(mail) for mail in (shared.var_dir / "postvak").glob("*.eml"))


def test_a_death_is_one_line_on_the_console(shared: Portal) -> None:
    log = shared.var_dir / "supervisor.log"
    before = shared.pid_of("web")
    assert before is not None
    seen = _read(log).count("web is gestopt (signaal 9)")
    os.kill(before, signal.SIGKILL)
    until(lambda: shared.pid_of("web") not in (None, before), 35)
    assert _read(log).count("web is gestopt (signaal 9)") == seen + 1


def test_nothing_listens_outside_this_machine(shared: Portal) -> None:
    until(shared.is_ready)
    owned = set()
    for pid in shared.processes():
        for fd in Path(f"/proc/{pid}/fd").glob("*"):
            with suppress(OSError):
                owned.add(os.readlink(fd))
    listening = []
    for table in ("tcp", "tcp6"):
        for line in _read(Path(f"/proc/self/net/{table}")).splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == "0A" and f"socket:[{rest[5]}]" in owned:
                address, _, port = local.partition(":")
                listening.append((address, int(port, 16)))
    assert sorted(set(listening)) == sorted([("0100007F", shared.port), ("0100007F", shared.mail_port())])


def test_a_second_supervisor_refuses_in_one_sentence(shared: Portal) -> None:
    env = environment(shared.var_dir, PORT="8999")
    second = subprocess.run(COMMAND, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr.count("\n") == 1
    assert f"draait al (proces {shared.supervisor.pid})" in second.stderr


def test_a_port_in_use_is_one_sentence_before_anything_starts() -> None:
    with scratch() as folder, claim(0) as taken:
        port = taken.getsockname()[1]
        env = environment(folder, PORT=str(port))
        refused = subprocess.run(COMMAND, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert refused.returncode == 1
        assert refused.stdout == ""
        assert refused.stderr.count("\n") == 1
        assert f"poort {port} is al in gebruik" in refused.stderr
        assert not (folder / "log").exists()


def is_free(port: int) -> bool:
    try:
        claim(port).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM", "SIGKILL"])
def test_stopping_leaves_no_process_and_frees_the_port(how: str) -> None:
    with scratch() as folder, portal(folder) as started:
        assert len(started.processes()) > len(WORDS)
        pid = started.supervisor.pid
        if how == "Ctrl-C":
            os.killpg(pid, signal.SIGINT)
        else:
            os.kill(pid, getattr(signal, how))
        code = started.supervisor.wait(timeout=10)
        until(lambda: not started.processes(), 5, "all processes gone")
        assert code == (-signal.SIGKILL if how == "SIGKILL" else 0)
        if how == "SIGKILL":
            # Nobody waited for the children here; once the port was seen taken for a moment, why was not found.
            until(lambda: is_free(started.port), 5, "the port is free")
        else:
            claim(started.port).close()


def test_parts_that_do_not_listen_are_killed_within_ten_seconds() -> None:
    with scratch() as folder, portal(folder) as started:
        for part in ("broker", "worker", "web"):
            pid = started.pid_of(part)
            assert pid is not None
            os.kill(pid, signal.SIGSTOP)
        os.kill(started.supervisor.pid, signal.SIGTERM)
        assert started.supervisor.wait(timeout=10) == 0
        until(lambda: not started.processes(), 1, "all processes gone")


def test_a_worker_that_froze_is_nobodys_to_restart_and_is_mailed() -> None:
    quick = {"ENGINE_LATE_SECONDS": "5", "WATCHDOG_SECONDS": "1", "WATCHDOG_TO": "beheer@voorbeeld.example"}

    def heard(folder: Path) -> bool:
        mails = [_read(mail) for mail in (folder / "postvak").glob("[!.]*.eml")]
        return any(
            "To: beheer@voorbeeld.example" in mail and "de worker staat stil" in mail for mail in mails
        )

    with scratch() as folder, portal(folder, **quick) as started:
        worker = started.pid_of("worker")
        assert worker is not None
        os.killpg(worker, signal.SIGSTOP)
        until(lambda: heard(folder), 30, "mailed")
        assert started.pid_of("worker") == worker


def test_ctrl_c_during_the_preparation_stops_all() -> None:
    with scratch() as folder, claim(0) as free:
        port: int = free.getsockname()[1]
        free.close()
        env = environment(folder, PORT=str(port))
        with running(COMMAND, env, folder / "supervisor.log") as process:
            until((folder / "log" / "prepare.log").exists, 10)
            os.killpg(process.pid, signal.SIGINT)
            assert process.wait(timeout=10) == 0
            left = Portal(folder, port, process, 0)
            until(lambda: not left.processes(), 5)


def test_a_second_start_keeps_the_data_and_is_quick() -> None:
    with scratch() as folder:
        with portal(folder):
            with sqlite3.connect(folder / "portaal.sqlite3", timeout=20) as database:
                database.execute(
                    "INSERT INTO django_session (session_key, session_data, expire_date)"
                    " VALUES ('blijft', '', '2999-01-01')"
                )
            database.close()
        took = []
        for _ in range(2):
            with portal(folder) as again:
                took.append(again.ready_after)
        with sqlite3.connect(folder / "portaal.sqlite3") as database:
            kept = database.execute("SELECT session_key FROM django_session").fetchall()
        database.close()
        assert ("blijft",) in kept
        assert min(took) <= 6


def test_in_production_it_starts_no_broker_and_no_mail_server_of_its_own() -> None:
    with scratch() as folder, claim(0) as free, valkey() as broker, _or_skip(postgres()) as database:
        port: int = free.getsockname()[1]
        free.close()
        env = environment(
            folder,
            PORT=str(port),
            TICK_SECONDS=str(TICK),
            DATABASE_URL=database,
            REDIS_URL=broker.url,
            EMAIL_URL="smtp://127.0.0.1:9",
            REPLY_TO="kabinet@voorbeeld.example",
            PORTAL_URL="https://portaal.voorbeeld.example",
            ALLOWED_HOSTS="portaal.voorbeeld.example",
            SECRET_KEY="alleen-voor-tests-" * 4,
            FIELD_KEYS="k1:" + base64.urlsafe_b64encode(b"k" * 32).decode(),
        )
        log = folder / "supervisor.log"
        with running(COMMAND, env, log) as process:
            until(lambda: "Het portaal draait" in _read(log), 60, "ready")
            started = Portal(folder, port, process, 0)
            until(lambda: started.pid_of("watchdog"), 20, "watchdog")
            assert [part for part in WORDS if started.pid_of(part)] == ["web", "worker", "beat", "watchdog"]
            assert not (folder / "broker").exists()


@contextmanager
def _or_skip(part: AbstractContextManager[str]) -> Iterator[str]:
    """A part of the machine, or else a skip that names what is missing."""
    with ExitStack() as stack:
        try:
            made = stack.enter_context(part)
        except Absent as reason:
            pytest.skip(str(reason))
        yield made


def test_a_preparation_that_fails_ends_the_start_with_its_log() -> None:
    with scratch() as folder, claim(0) as free:
        port: int = free.getsockname()[1]
        free.close()
        (folder / "portaal.sqlite3").write_text("this is no database")
        env = environment(folder, PORT=str(port))
        ended = subprocess.run(
            COMMAND, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60
        )
        assert ended.returncode == 1
        assert "klaarzetten mislukte (code 1)" in ended.stderr
        assert "file is not a database" in ended.stderr
