"""Uploading: what is stopped at the door, with one sentence, and nothing half stored."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from measures.tracking.models import Action, Measure
from portal.papers import kinds, uploading
from portal.papers.models import Paper, PaperVersion
from portal.ui.held import reader_mark
from tests.cast import World
from tests.papers import files
from tests.papers.conftest import add_url, errors, post, stored

SignIn = Callable[..., Client]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def lying_about() -> list[Path]:
    return list(Path(settings.WORK_DIR).iterdir())


def test_an_upload_waits_under_a_name_that_says_nothing(
    world: World, sign_in: SignIn, action: Action
) -> None:
    before = stored()
    answer = post(sign_in(world.kabinet_a), add_url(action), files.pdf(), "Verslag over J. Jansen.pdf")
    paper = Paper.objects.get()
    assert answer.url == f"/stukken/{paper.pk}/"
    row = paper.versions.get()
    assert (row.state, row.kind, row.number, row.size) == ("waiting", "pdf", 1, len(files.pdf()))
    assert stored() - before == {row.received}
    assert "ansen" not in f"{row.received} {row.__dict__} {paper.__dict__}"
    assert paper.scope == world.a


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (files.EXE, "verslag.pdf", "Dit soort bestand kan hier niet"),
        (b"MZ", "verslag.pdf", "Dit soort bestand kan hier niet"),
        (b"<html><script>alert(1)</script></html>" * 9, "verslag.pdf", "Dit soort bestand kan hier niet"),
        (b"   %PDF-1.7", "verslag.pdf", "Dit soort bestand kan hier niet"),
        (b"", "verslag.pdf", "leeg"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(99), "foto.jpg", "Bewaar de foto eerst als JPEG"),
        (OLE, "brief.docx", "oude soort of heeft een wachtwoord"),
    ],
)
def test_what_is_no_paper_is_refused_at_once(
    world: World, sign_in: SignIn, action: Action, data: bytes, name: str, words: str
) -> None:
    before = stored()
    answer = post(sign_in(world.kabinet_a), add_url(action), data, name)
    assert answer.status_code == 422
    said = errors(answer)
    assert len(said) == 1
    assert words in said[0]
    assert 'value="Voorstel"' in answer.content.decode()
    assert not Paper.objects.exists()
    assert stored() == before
    assert lying_about() == []


def test_no_file_at_all(world: World, sign_in: SignIn, action: Action) -> None:
    client = sign_in(world.kabinet_a)
    answer = client.post(add_url(action), {"title": "Voorstel", "key": "k"})
    assert errors(answer) == ["Fout: Kies een bestand."]


class Counted(io.BytesIO):
    """A body that is made while it is read, and notes how much of it lies on disk meanwhile."""

    most = 0

    def read(self, *size: int) -> bytes:
        on_disk = sum(path.stat().st_size for path in lying_about())
        self.most = max(self.most, on_disk)
        return super().read(*size)


def send(client: Client, url: str, data: bytes, said: int | None = None) -> tuple[int, list[str], int]:
    body = encode_multipart(BOUNDARY, {"title": "Voorstel", "key": "k", "upload": named(data)})
    source = Counted(body)
    more = {"wsgi.input": source, "CONTENT_TYPE": MULTIPART_CONTENT}
    answer = client.generic("POST", url, CONTENT_LENGTH=str(said or len(body)), **more)
    return answer.status_code, errors(answer), source.most


def named(data: bytes) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = "groot.bin"
    return file


@pytest.mark.parametrize(
    ("start", "size", "words"),
    [
        (b"%PDF-1.7 ", kinds.MOST_BYTES + 1, "groter dan 50 MB"),
        (b"\xff\xd8\xff", kinds.MOST_PHOTO_BYTES + 1, "groter dan 15 MB"),
    ],
)
def test_a_file_is_stopped_at_its_limit(
    world: World, sign_in: SignIn, action: Action, start: bytes, size: int, words: str
) -> None:
    status, said, most = send(sign_in(world.kabinet_a), add_url(action), start.ljust(size, b"x"))
    assert status == 422
    assert len(said) == 1
    assert words in said[0]
    assert size // 2 < most < size
    assert lying_about() == []
    assert not Paper.objects.exists()


def test_a_body_that_says_it_is_too_big_is_kept_nowhere(
    world: World, sign_in: SignIn, action: Action
) -> None:
    data = b"%PDF-1.7".ljust(3_000_000, b"x")
    status, said, most = send(sign_in(world.kabinet_a), add_url(action), data, said=500 * kinds.MB)
    assert status == 422
    assert "groter dan 50 MB" in said[0]
    assert most == 0


def test_a_body_without_end_is_not_read_to_its_end(world: World, sign_in: SignIn, action: Action) -> None:
    data = b"%PDF-1.7".ljust(3_000_000, b"x")
    more = uploading.MOST_READ_PAST + 1
    status, said, most = send(sign_in(world.kabinet_a), add_url(action), data, said=more)
    assert (status, most) == (422, 0)
    assert "groter dan 50 MB" in said[0]


def test_a_file_at_the_limit_is_taken(world: World, sign_in: SignIn, action: Action) -> None:
    status, said, _most = send(
        sign_in(world.kabinet_a), add_url(action), b"%PDF-1.7 ".ljust(kinds.MOST_BYTES, b"x")
    )
    assert (status, said) == (302, [])
    assert lying_about() == []


def test_a_file_that_breaks_off_is_not_kept(world: World, sign_in: SignIn, action: Action) -> None:
    whole = encode_multipart(BOUNDARY, {"title": "Voorstel", "key": "k", "upload": named(files.pdf())})
    answer = sign_in(world.kabinet_a).generic(
        "POST", add_url(action), whole[: len(whole) - 300], content_type=MULTIPART_CONTENT
    )
    assert answer.status_code == 422
    assert not Paper.objects.exists()
    assert lying_about() == []


@pytest.mark.parametrize("who", ["nobody", "kabinet_a"])
def test_nowhere_else_is_a_file_taken(world: World, action: Action, who: str) -> None:
    client, url = Client(), add_url(action)
    if who != "nobody":
        client.force_login(getattr(world, who))
        url = f"/acties/{action.pk}/notitie/"
    body = encode_multipart(
        BOUNDARY,
        {
            "title": "Voorstel",
            "lezer": reader_mark(world.kabinet_a.pk),
            "upload": named(b"%PDF-1.7".ljust(3_000_000)),
        },
    )
    source = Counted(body)
    more = {"wsgi.input": source, "CONTENT_TYPE": MULTIPART_CONTENT}
    client.generic("POST", url, CONTENT_LENGTH=str(len(body)), **more)
    assert source.most == 0


def test_the_second_press_leads_to_the_same_paper(world: World, sign_in: SignIn, action: Action) -> None:
    client = sign_in(world.kabinet_a)
    first = post(client, add_url(action), files.pdf(), key="een-keer")
    before = stored()
    assert post(client, add_url(action), files.pdf(), key="een-keer").url == first.url
    assert Paper.objects.count() == PaperVersion.objects.count() == 1
    assert stored() == before


def test_a_title_with_a_bsn_is_refused(world: World, sign_in: SignIn, action: Action) -> None:
    answer = post(sign_in(world.kabinet_a), add_url(action), files.pdf(), title="Over 111222333")
    assert "burgerservicenummer" in errors(answer)[0]


def test_on_a_measure_whoever_steers_may_add(world: World, sign_in: SignIn, measure: Measure) -> None:
    for who, status in (("burgemeester_a", 302), ("kabinet_a", 302)):
        assert post(sign_in(getattr(world, who)), add_url(measure), files.pdf()).status_code == status
    assert sign_in(world.piket_a).get(add_url(measure)).status_code == 403
