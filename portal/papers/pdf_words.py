"""Reads the words of one PDF, as a process of its own with bounded memory and time.

Run as a script with the file: it knows no setting and no database. It prints one line of JSON with
the words, a line a page, as far as is worth searching in; a page that cannot be read is passed by.
"""

import contextlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

MB = 1024 * 1024
MEMORY = 1024 * MB
CPU_SECONDS = 30
MOST_TEXT = 500_000
# What PDFium writes where a word is broken off at the end of a line.
_BROKEN_OFF = "\ufffe"


def bound() -> None:
    """From here on this process gets no more memory or time than a decent file needs, and no disk."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def words(path: Path) -> str:
    """The words of the PDF, at most MOST_TEXT letters; empty when it holds none, as a scan does."""
    import pypdfium2

    found: list[str] = []
    length = 0
    document = pypdfium2.PdfDocument(path)
    try:
        for number in range(len(document)):
            found.append(_plain(_of_page(document, number)))
            length += len(found[-1])
            if length >= MOST_TEXT:
                break
    finally:
        document.close()
    return "\n".join(found)[:MOST_TEXT].strip()


def _of_page(document: Any, number: int) -> str:
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return ""
    try:
        # PDFium keeps what it read of a page until the page is closed.
        with contextlib.closing(page), contextlib.closing(page.get_textpage()) as text:
            return str(text.get_text_bounded())
    except pypdfium2.PdfiumError:
        return ""


def _plain(text: str) -> str:
    """The words of a page on one line, with what was broken off made whole."""
    whole = text.replace(_BROKEN_OFF + "\r\n", "").replace(_BROKEN_OFF, "")
    return " ".join("".join(one if one.isprintable() else " " for one in whole).split())


if __name__ == "__main__":
    bound()
    sys.stdout.write(json.dumps({"text": words(Path(sys.argv[1]))}))
