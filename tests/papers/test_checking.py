"""The check by the worker: what it makes of an upload, whom it asks, and what it leaves behind."""

import io
import os
import shutil
import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from measures.tracking.models import Action
from portal import clock
from portal.audit.models import AuditRow
from portal.papers import checking, looking
from portal.papers.models import PaperVersion
from tests.cast import World
from tests.papers import files
from tests.papers.conftest import add_url, added, newest, post, stored

SignIn = Callable[..., Client]


@pytest.fixture
def client(world: World, sign_in: SignIn) -> Client:
    return sign_in(world.kabinet_a)


def state_of(row: PaperVersion) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.refusal


def test_a_pdf_is_served_as_it_came(client: Client, action: Action) -> None:
    data = files.pdf(2)
    row = newest(added(client, action, data))
    assert state_of(row) == ("ready", "")
    assert (row.pages, row.media_type, row.received) == (2, "application/pdf", "")
    with default_storage.open(row.file) as file:
        assert sha256(file.read()).hexdigest() == row.sha256 == sha256(data).hexdigest()
    assert row.can_be_bound


def test_of_a_photo_only_the_clean_one_stays(client: Client, action: Action) -> None:
    before = stored()
    row = newest(added(client, action, files.photo_of_a_place()))
    checking.tidy()
    row.refresh_from_db()
    assert (row.state, row.media_type, row.received) == ("ready", "image/jpeg", "")
    assert stored() - before == {row.file}
    with default_storage.open(row.file) as file:
        data = file.read()
    assert b"Geheim" not in data
    assert len(data) == row.size
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (40, 60)


def test_the_words_of_an_office_file_are_kept_for_search(
    client: Client, action: Action, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    row = newest(added(client, action, files.docx("Plan van aanpak")))
    assert row.text == "Plan van aanpak"
    assert not row.can_be_bound
    page = client.get(f"/stukken/{row.paper_id}/").content.decode()
    assert "kan niet in een bundel; lever een PDF aan" in page


@pytest.mark.parametrize(
    ("data", "why", "words"),
    [
        (files.encrypted(), "encrypted", "wachtwoord"),
        (files.pdf()[:80], "corrupt", "beschadigd"),
        (files.pdf(change=files.with_script_at_opening), "active", "script"),
        (files.pixel_bomb(), "too_many_pixels", "beeldpunten"),
        (files.docx(**{"word/media/a.bin": bytes(40 << 20)}), "swells", "Uitgepakt"),
    ],
)
def test_a_refused_file_is_removed_and_the_page_says_why(
    client: Client, action: Action, data: bytes, why: str, words: str
) -> None:
    before = stored()
    paper = added(client, action, data)
    row = newest(paper)
    assert state_of(row) == ("refused", why)
    checking.tidy()
    assert stored() == before
    page = client.get(f"/stukken/{paper.pk}/").content.decode()
    assert words in page
    assert f"/stukken/{paper.pk}/{row.pk}/bestand/" not in page
    assert client.get(f"/stukken/{paper.pk}/{row.pk}/bestand/").status_code == 404
    event = AuditRow.objects.get(event="paper.refused", object_id=paper.pk)
    assert (event.actor, event.changes["refusal"]) == (None, why)


def test_one_at_a_time_over_all_workers(client: Client, action: Action) -> None:
    for _ in range(2):
        post(client, add_url(action), files.pdf())
    first = checking.claim()
    assert first is not None
    assert checking.claim() is None
    checking.check(first)
    second = checking.claim()
    assert second is not None
    assert second.pk != first.pk


def test_what_lost_its_worker_is_taken_again_and_after_three_times_refused(
    client: Client, action: Action, frozen_clock: Any
) -> None:
    post(client, add_url(action), files.pdf())
    post(client, add_url(action), files.pdf())
    taken = set()
    for _ in range(3):
        row = checking.claim()
        assert row is not None
        taken.add(row.pk)
        frozen_clock.shift(checking.LEASE + timedelta(seconds=1))
    assert len(taken) == 1
    checking.check_waiting()
    states = {row.pk: (row.state, row.refusal) for row in PaperVersion.objects.all()}
    assert states.pop(taken.pop()) == ("refused", "too_heavy")
    assert set(states.values()) == {("ready", "")}


def test_a_worker_whose_lease_ran_out_changes_nothing(
    client: Client, action: Action, frozen_clock: Any
) -> None:
    post(client, add_url(action), files.photo())
    slow = checking.claim()
    assert slow is not None
    frozen_clock.shift(checking.LEASE + timedelta(seconds=1))
    quick = checking.claim()
    assert quick is not None
    before = stored()
    checking.check(slow)
    assert stored() == before
    assert state_of(slow) == ("checking", "")
    checking.check(quick)
    assert state_of(quick) == ("ready", "")


def test_a_machine_that_fails_is_tried_again_later(
    client: Client, action: Action, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_about: Any) -> None:
        raise OSError("geen schijf")

    post(client, add_url(action), files.pdf())
    real = looking.look
    monkeypatch.setattr(looking, "look", broken)
    assert checking.check_waiting() == 1
    row = PaperVersion.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    monkeypatch.setattr(looking, "look", real)
    assert checking.check_waiting() == 0
    frozen_clock.shift(timedelta(seconds=21))
    checking.check_waiting()
    assert state_of(row) == ("ready", "")


def test_what_a_killed_process_left_is_removed_and_what_is_busy_is_not(settings: Any, db: None) -> None:
    old, busy, cut_off = (settings.WORK_DIR / name for name in ("oud", "bezig", "half.upload"))
    now = clock.now().timestamp()
    for folder in (old, busy):
        folder.mkdir()
        (folder / "paper").write_bytes(b"x")
    cut_off.write_bytes(b"x")
    for path in (old, cut_off):
        os.utime(path, (now - 4 * 3600, now - 4 * 3600))
    os.utime(busy, (now, now))
    checking.check_waiting()
    assert [path.exists() for path in (old, busy, cut_off)] == [False, True, False]


@dataclass
class Scanner:
    """A small server that speaks the INSTREAM command, and what it was given."""

    where: str
    answer: bytes = b"stream: OK\0"
    seen: list[bytes] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link, link.makefile("rb") as reads:
                if reads.read(10) != b"zINSTREAM\0":
                    continue
                data = b""
                while size := struct.unpack("!L", reads.read(4))[0]:
                    data += reads.read(size)
                self.seen.append(data)
                link.sendall(self.answer)


@pytest.fixture(params=["port", "socket"])
def scanner(request: pytest.FixtureRequest, settings: Any) -> Iterator[Scanner]:
    if request.param == "port":
        listener = socket.create_server(("127.0.0.1", 0))
        made = Scanner(f"127.0.0.1:{listener.getsockname()[1]}")
    else:
        path = Path(tempfile.mkdtemp()) / "clamd.sock"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        made = Scanner(str(path))
    thread = threading.Thread(target=made.serve, args=(listener,), daemon=True)
    thread.start()
    settings.CLAMAV = made.where
    yield made
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)
    if request.param == "socket":
        shutil.rmtree(Path(made.where).parent)


def test_a_clean_file_is_scanned_whole_and_then_looked_at(
    client: Client, action: Action, scanner: Scanner
) -> None:
    data = files.pdf(40)
    row = newest(added(client, action, data))
    assert state_of(row) == ("ready", "")
    assert scanner.seen == [data]


def test_a_file_in_which_something_is_found_is_refused(
    client: Client, action: Action, scanner: Scanner
) -> None:
    scanner.answer = b"stream: Eicar-Test-Signature FOUND\0"
    row = newest(added(client, action))
    assert state_of(row) == ("refused", "virus")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK\0 FOUND?"])
def test_any_other_answer_is_no_answer(
    client: Client, action: Action, scanner: Scanner, answer: bytes
) -> None:
    scanner.answer = answer
    row = newest(added(client, action))
    assert state_of(row) == ("waiting", "")


def test_without_the_scanner_a_paper_waits_and_never_gets_ready(
    client: Client, action: Action, settings: Any, frozen_clock: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.CLAMAV = f"127.0.0.1:{port}"
    paper = added(client, action)
    for _ in range(5):
        frozen_clock.shift(checking.SCAN_AGAIN_AFTER + timedelta(seconds=1))
        checking.check_waiting()
        assert state_of(newest(paper)) == ("waiting", "")
    page = client.get(f"/stukken/{paper.pk}/").content.decode()
    assert "De virusscanner antwoordt niet" in page
    settings.CLAMAV = ""
    frozen_clock.shift(checking.SCAN_AGAIN_AFTER + timedelta(seconds=1))
    checking.check_waiting()
    assert state_of(newest(paper)) == ("ready", "")
