"""Runs the processes that look inside a file or convert it, each with a bound on memory and time."""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import structlog

from portal.papers import child, convert, pdf_words
from portal.papers.enums import Kind, Refusal

log = structlog.get_logger("portal.papers")

SECONDS = 60
CONVERT_SECONDS = 60
# The words of a file, each letter written as twelve at most.
MOST_SAID = 8 * 1024 * 1024


@dataclass(frozen=True)
class Seen:
    """What a look found: the type, pages and words, and the file that was made anew, if one was."""

    media_type: str
    pages: int
    text: str
    output: Path | None


class Started:
    """A process that knows nothing of the portal; killed with its children when its block ends.

    Its environment holds no setting, so neither a secret; it works and has its home in `folder`. Where
    util-linux is there it dies with the worker, also with one that was killed.
    """

    def __init__(self, words: list[str], folder: Path) -> None:
        if setpriv := shutil.which("setpriv"):
            words = [setpriv, "--pdeathsig", "KILL", "--", *words]
        env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder)}
        env |= {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}
        # Without a name: nothing stays behind of a process that outlives the work in its folder.
        self._said = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        try:
            self._process = subprocess.Popen(
                words,
                cwd=folder,
                env=env,
                stdin=subprocess.PIPE,
                stdout=self._said,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except BaseException:
            self._said.close()
            raise
        self._is_over = False

    def __enter__(self) -> "Started":
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    @property
    def is_running(self) -> bool:
        return not self._is_over and self._process.poll() is None

    def tell(self, line: bytes) -> None:
        """Write a line that fits in the pipe, so that nobody waits; BrokenPipeError when it has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + b"\n")
        self._process.stdin.flush()

    def answer(self, seconds: float, last: bytes = b"") -> tuple[int, bytes]:
        """Exit status and output, after one last line; after so many seconds it is killed."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            if last:
                self.tell(last)
            self._process.stdin.close()
        self._wait(seconds)
        self._kill()
        self._said.seek(0)
        return self._process.returncode, self._said.read(MOST_SAID)

    def end(self) -> None:
        """Whatever it was doing, and with all that it holds here."""
        self._kill()
        self._said.close()

    def forget(self) -> None:
        """Close what a fork holds of the process of another, which goes on."""
        self._is_over = True
        self._said.close()
        if self._process.stdin is not None:
            self._process.stdin.close()
        # Its status is for the one that started it.
        self._process.returncode = 0

    def _wait(self, seconds: float) -> None:
        """Until it ends, and not up to fifty milliseconds more, as Popen waits that looks now and then."""
        try:
            watch = os.pidfd_open(self._process.pid)
        except (AttributeError, OSError):
            # A system that has no such thing, or whose process was seen to end already.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
            return
        try:
            ended = select.poll()
            ended.register(watch, select.POLLIN)
            ended.poll(seconds * 1000)
        finally:
            os.close(watch)

    def _kill(self) -> None:
        """Also what it left behind: nothing of a file outlives its look."""
        if self._is_over:
            return
        self._is_over = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin is not None:
            # What was not read of a word is lost with its reader.
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()


def run(words: list[str], folder: Path, seconds: float) -> tuple[int, bytes]:
    """Exit status and output of a process that knows nothing of the portal, and is told nothing."""
    with Started(words, folder) as process:
        return process.answer(seconds)


def look(kind: str, path: Path, folder: Path, *, seconds: float = SECONDS) -> Seen | Refusal:
    """What is in the file, or why it is refused. Whatever kills the process makes the file too heavy."""
    out = folder / "made"
    words = [sys.executable, "-I", child.__file__, Kind(kind).value, str(path), str(out)]
    status, said = run(words, folder, seconds)
    if status != 0:
        return Refusal.TOO_HEAVY
    try:
        found = json.loads(said)
        if "refused" in found:
            return Refusal(found["refused"])
        made = out if found.get("output") else None
        text = words_of_pdf(path, folder) if kind == Kind.PDF else str(found.get("text", ""))
        return Seen(str(found["media_type"]), int(found["pages"]), text, made)
    except (ValueError, KeyError, TypeError):
        return Refusal.TOO_HEAVY


def words_of_pdf(path: Path, folder: Path, *, seconds: float = SECONDS) -> str:
    """The words of a PDF that was found good; empty where they cannot be read.

    In a process apart from the look: a page on which the reader of words stumbles is no reason to
    refuse the paper.
    """
    status, said = run([sys.executable, "-I", pdf_words.__file__, str(path)], folder, seconds)
    if status != 0:
        log.warning("paper_words_not_read", status=status)
        return ""
    try:
        return str(json.loads(said)["text"])
    except (ValueError, KeyError, TypeError):
        return ""


def to_pdf(path: Path, media_type: str, folder: Path, *, seconds: float = CONVERT_SECONDS) -> Path | None:
    """The office file as a PDF that was looked at like any other, or None where that cannot be made."""
    program = shutil.which("soffice")
    if program is None:
        return None
    named = folder / f"paper.{convert.ENDINGS[media_type]}"
    shutil.copyfile(path, named)
    run([sys.executable, "-I", convert.__file__, program, str(named), str(folder)], folder, seconds)
    made = named.with_suffix(".pdf")
    if not made.is_file() or not isinstance(look(Kind.PDF, made, folder), Seen):
        return None
    return made
