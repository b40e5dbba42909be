"""What the look inside a file lets through and what it refuses; each in a process of its own."""

import io
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from portal.papers import child, convert, looking, pdf_words
from portal.papers.enums import Refusal
from portal.papers.looking import Seen
from tests.papers import files
from tests.processes import ROOT, until

ENTITY = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'


def seen(folder: Path, kind: str, data: bytes) -> Seen | Refusal:
    return looking.look(kind, files.laid(folder, data), folder)


def quick(folder: Path, kind: str, data: bytes) -> str:
    """The reason of a refusal, looked at in this process: the same rules, many times quicker."""
    found = child.look(kind, files.laid(folder, data), folder / "made")
    return str(found.get("refused", ""))


def test_a_decent_pdf_with_its_pages(tmp_path: Path) -> None:
    found = seen(tmp_path, "pdf", files.pdf(3, files.with_ordinary_links))
    assert isinstance(found, Seen)
    assert (found.media_type, found.pages, found.output) == ("application/pdf", 3, None)


def test_the_words_of_a_pdf_a_line_a_page(tmp_path: Path) -> None:
    found = seen(tmp_path, "pdf", files.pdf(2, files.saying("Aanpak  huiselijk geweld", "Café één")))
    assert isinstance(found, Seen)
    assert found.text == "Aanpak huiselijk geweld\nCafé één"


def test_a_scan_has_no_words_and_a_page_that_cannot_be_drawn_takes_no_other_along(tmp_path: Path) -> None:
    scan = seen(tmp_path, "pdf", files.pdf())
    assert isinstance(scan, Seen)
    assert scan.text == ""
    half = seen(tmp_path, "pdf", files.pdf(3, files.with_a_broken_page))
    assert isinstance(half, Seen)
    assert half.text.split()[0] == "Eerste"
    assert half.text.split()[-1] == "Laatste"


def test_no_more_words_of_a_pdf_are_kept_than_one_would_search_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_words, "MOST_TEXT", 30)
    path = files.laid(tmp_path, files.pdf(9, files.saying(*["twintig letters lang"] * 9)))
    assert len(pdf_words.words(path)) == 30


def test_what_breaks_the_reader_of_words_refuses_no_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(pdf_words, "__file__", str(broken))
    found = seen(tmp_path, "pdf", files.pdf(1, files.saying("Wel goed")))
    assert isinstance(found, Seen)
    assert (found.pages, found.text) == (1, "")


def test_a_word_broken_off_at_the_end_of_a_line_is_made_whole() -> None:
    assert pdf_words._plain("burge\ufffe\r\nmeester\tvan\x00 A\r\nen B") == "burgemeester van A en B"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (files.encrypted(), "encrypted"),
        (files.encrypted(owner_only=True), "encrypted"),
        (files.pdf()[:60], "corrupt"),
        (files.pdf(9)[: len(files.pdf(9)) // 2], "corrupt"),
        (files.pdf(9)[:-30], "corrupt"),
        (b"%PDF-1.7\n" + os.urandom(4000), "corrupt"),
        (files.pdf(0), "corrupt"),
        (files.pdf(change=files.with_script_at_opening), "active"),
        (files.pdf(change=files.with_named_script), "active"),
        (files.pdf(change=files.with_page_action), "active"),
        (files.pdf(change=files.with_launch), "active"),
        (files.pdf(change=files.with_submit), "active"),
        (files.pdf(change=files.with_attachment), "enclosed"),
        (files.pdf(change=files.with_xfa), "form"),
    ],
)
def test_a_pdf_that_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    assert quick(tmp_path, "pdf", data) == why


def test_what_is_refused_is_found_in_a_packed_object_too(tmp_path: Path) -> None:
    import pikepdf

    data = files.pdf(
        change=files.with_xfa, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True
    )
    assert b"XFA" not in data
    assert quick(tmp_path, "pdf", data) == "form"


def test_three_thousand_pages_are_too_many(tmp_path: Path) -> None:
    assert quick(tmp_path, "pdf", files.pdf(3000)) == "too_long"
    assert quick(tmp_path, "pdf", files.pdf(2999)) == ""


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="util-linux is not there")
def test_what_looks_dies_with_the_worker_that_was_killed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from portal.papers import looking; "
        "looking.run([sys.executable, '-c', sys.argv[1]], Path(sys.argv[2]), 60)"
    )
    busy = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    worker = subprocess.Popen([sys.executable, "-c", script, busy, str(tmp_path)], cwd=ROOT)
    note = tmp_path / "pid"
    until(lambda: note.exists() and note.read_text())
    status = Path(f"/proc/{note.read_text()}/status")
    assert status.exists()
    worker.kill()
    worker.wait()
    until(lambda: not status.exists() or "zombie" in status.read_text())
    assert not status.exists() or "zombie" in status.read_text()


def test_a_scan_of_sixteen_bits_keeps_its_greys(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("I;16", (4, 4), 30_000).save(out, "PNG")
    found = seen(tmp_path, "image", out.getvalue())
    assert isinstance(found, Seen)
    assert found.output is not None
    with Image.open(found.output) as kept:
        grey = kept.convert("L").getpixel((1, 1))
    assert isinstance(grey, int)
    assert abs(grey - 30_000 // 256) <= 1


def test_a_photo_is_drawn_anew_upright_and_without_its_place(tmp_path: Path) -> None:
    data = files.photo_of_a_place()
    assert b"Exif" in data
    assert b"Geheim adres" in data
    found = seen(tmp_path, "image", data)
    assert isinstance(found, Seen)
    assert found.output is not None
    made = found.output.read_bytes()
    for word in (b"Exif", b"Merk", b"Geheim", b"2026:10", b"xmpmeta"):
        assert word not in made
    with Image.open(io.BytesIO(made)) as image:
        assert image.format == "JPEG"
        assert image.size == (40, 60)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("WEBP", "image/jpeg")])
def test_other_images(tmp_path: Path, form: str, media_type: str) -> None:
    found = seen(tmp_path, "image", files.photo(form=form))
    assert isinstance(found, Seen)
    assert found.media_type == media_type


def test_a_clear_png_stays_clear(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (5, 5), (1, 2, 3, 4)).save(out, "PNG", pnginfo=None)
    found = seen(tmp_path, "image", out.getvalue())
    assert isinstance(found, Seen)
    assert found.output is not None
    with Image.open(found.output) as image:
        assert image.getpixel((0, 0)) == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (files.pixel_bomb(), "too_many_pixels"),
        (files.pixel_bomb(4000), "corrupt"),
        (files.photo()[:200], "corrupt"),
        (b"\xff\xd8\xff" + os.urandom(500), "corrupt"),
    ],
)
def test_an_image_that_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    assert seen(tmp_path, "image", data) is Refusal(why)


@pytest.mark.parametrize(
    ("data", "media_type", "text"),
    [
        (files.docx(), "wordprocessingml.document", "Voorstel voor het college"),
        (files.xlsx(), "spreadsheetml.sheet", "Begroting"),
        (files.xlsx_of_another_program(), "spreadsheetml.sheet", "Blad een\nUitgaven"),
        (files.odt(), "opendocument.text", "Verslag"),
    ],
)
def test_office_files_and_their_words(tmp_path: Path, data: bytes, media_type: str, text: str) -> None:
    found = seen(tmp_path, "office", data)
    assert isinstance(found, Seen)
    assert found.media_type.endswith(media_type)
    assert text in found.text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (files.packed({"a.txt": "a"}), "unknown"),
        (files.packed({"mimetype": "application/epub+zip", "content.xml": "<a/>"}), "unknown"),
        (files.docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        (files.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (files.odt(**{"Basic/Standard/a.xml": "<a/>"}), "macros"),
        (files.docx(**{"word/activeX/activeX1.xml": "<a/>"}), "active"),
        (files.docx(**{"word/embeddings/oleObject1.bin": b"x"}), "enclosed"),
        (files.docx(**{"word/_rels/settings.xml.rels": files.relation("attachedTemplate")}), "active"),
        (files.docx(**{"word/_rels/document.xml.rels": files.relation("hyperlink")}), ""),
        (files.docx(**{"word/header1.xml": ENTITY}), "active"),
        (files.docx(**{"word/header1.xml": "<a><b></a>"}), "corrupt"),
        (files.docx(**{"word/../../x": "x"}), "corrupt"),
        (files.docx(**{"word/media/a.bin": bytes(40 * 1024 * 1024)}), "swells"),
        (files.docx(**{"word/media/a.bin": bytes(301 * 1024 * 1024)}), "swells"),
        (files.packed({f"a{nr}": "" for nr in range(5001)}), "swells"),
        (files.docx()[:200], "corrupt"),
    ],
)
def test_an_office_file_is_looked_through(tmp_path: Path, data: bytes, why: str) -> None:
    assert quick(tmp_path, "office", data) == why


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(files.packed({"[Content_Types].xml": "<a>" + "x" * 9000 + "</a>"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert quick(tmp_path, "office", bytes(data)) in {"corrupt", "swells"}


def test_what_takes_too_much_memory_kills_only_the_process(tmp_path: Path) -> None:
    """An object stream of a few MB that unpacks to more than the process may have."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import child; child.bound(); x = bytearray(2 << 30)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(Path(child.__file__).parent)],
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert b"MemoryError" in done.stderr
    bomb = files.swelling_pdf()
    assert len(bomb) < 5_000_000
    assert isinstance(seen(tmp_path, "pdf", files.swelling_pdf(1 << 24)), Seen)
    assert seen(tmp_path, "pdf", bomb) in {Refusal.TOO_HEAVY, Refusal.CORRUPT}
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def test_what_takes_too_long_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    found = looking.look("pdf", files.laid(tmp_path, files.pdf(50)), tmp_path, seconds=0.001)
    assert found is Refusal.TOO_HEAVY


@pytest.mark.parametrize("how", ["told", "looking now and then"])
def test_the_end_of_a_process_is_seen_with_and_without_a_system_that_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how != "told":

        def refuse(_pid: int) -> int:
            raise OSError

        monkeypatch.setattr(os, "pidfd_open", refuse)
    folder = tmp_path / "looks"
    folder.mkdir()
    before = len(os.listdir("/proc/self/fd"))
    says = [sys.executable, "-c", "import sys; print(input(), end=''); sys.exit(3)"]
    with looking.Started(says, folder) as process:
        assert process.answer(60, b"gehoord") == (3, b"gehoord")
    with looking.Started([sys.executable, "-c", "import time; time.sleep(60)"], folder) as process:
        assert process.answer(0.01) == (-signal.SIGKILL, b"")
    assert len(os.listdir("/proc/self/fd")) == before
    assert list(folder.iterdir()) == []


def test_the_process_knows_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "geheim")
    status, said = looking.run([sys.executable, "-c", "import os; print(dict(os.environ))"], tmp_path, 20)
    assert status == 0
    assert b"geheim" not in said
    assert b"DJANGO" not in said


def soffice(folder: Path, body: str) -> Path:
    path = folder / "soffice"
    path.write_text(f"#!{sys.executable}\n{body}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


CONVERTS = """
import pathlib, shutil, sys
asked = sys.argv[sys.argv.index("--convert-to") + 1]
assert asked.startswith("pdf:writer_pdf_Export") and "UseTaggedPDF" in asked
out, path = sys.argv[sys.argv.index("--outdir") + 1 :]
shutil.copy(pathlib.Path(__file__).parent / "example.pdf", pathlib.Path(out) / (pathlib.Path(path).stem + ".pdf"))
"""


@pytest.mark.parametrize(
    ("example", "is_made"),
    [(files.pdf(2), True), (files.pdf(change=files.with_script_at_opening), False), (b"", False)],
)
def test_an_office_file_is_converted_where_soffice_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: bytes, is_made: bool
) -> None:
    tools, folder = tmp_path / "tools", tmp_path / "work"
    tools.mkdir()
    folder.mkdir()
    soffice(tools, CONVERTS)
    (tools / "example.pdf").write_bytes(example)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    media_type = "application/vnd.oasis.opendocument.text"
    made = looking.to_pdf(files.laid(folder, files.odt()), media_type, folder)
    assert (made is not None) is is_made


def test_each_office_file_is_converted_by_its_own_program() -> None:
    programs = {ending: convert.target(f"/x/paper.{ending}") for ending in convert.ENDINGS.values()}
    assert {ending: words.split("_")[0] for ending, words in programs.items()} == {
        "docx": "pdf:writer",
        "odt": "pdf:writer",
        "xlsx": "pdf:calc",
    }


def test_without_soffice_nothing_is_converted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = files.laid(tmp_path, files.odt())
    assert looking.to_pdf(path, "application/vnd.oasis.opendocument.text", tmp_path) is None
