"""Makes of one uploaded file a piece that can be bound: A4 pages, tagged, nothing on it that does anything.

Run as a script, in a process of its own with bounded memory and time, like the look of the check. It
reads from a file what to make of what, and prints one line of JSON.
"""

import contextlib
import json
import resource
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

if __name__ == "__main__":
    # Started without any path: the portal is found by its folder, without what it loads by itself (Celery).
    sys.modules["portal"] = ModuleType("portal")
    sys.modules["portal"].__path__ = [str(Path(__file__).resolve().parents[2])]

import pikepdf

from portal.papers.packs import image, reading, tagged, whole

MB = 1024 * 1024
MEMORY = 1024 * MB
CPU_SECONDS = 150
LARGEST_OUTPUT = 200 * MB
_KEPT = {"/Type", "/Pages", "/StructTreeRoot", "/OCProperties", "/MarkInfo"}
_BROKEN = (pikepdf.PdfError, ValueError, RuntimeError, TypeError, LookupError, AttributeError, OSError)


def bound() -> None:
    """From here on this process gets no more memory, time or disk than a decent file needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def bind(kind: str, source: Path, out: Path, title: str, prefix: str) -> dict[str, Any]:
    """The piece in `out`, and what it holds; {"refused": reason} when the file breaks on the way."""
    try:
        if kind == "image":
            return image.bind(source, out, title)
        return bind_pdf(source, out, title, prefix)
    except MemoryError:
        return {"refused": "too_heavy"}
    except _BROKEN as error:
        return {"refused": "broken", "why": type(error).__name__}


def bind_pdf(source: Path, out: Path, title: str, prefix: str) -> dict[str, Any]:
    """A PDF keeps its tags where all that it paints is tagged; otherwise each page becomes one whole."""
    with pikepdf.open(source) as pdf:
        kept = None
        # What cannot be read through cannot be vouched for; as a whole it can still be shown.
        with contextlib.suppress(*reading.STUMBLES):
            kept = tagged.keep(pdf, prefix)
        if kept is not None:
            _save(pdf, out)
            return {**kept, "pages": len(pdf.pages)}
    # Anew from the file: what was tried changed it halfway.
    with pikepdf.open(source) as pdf:
        wrapped = whole.wrap(pdf, title)
        _save(pdf, out)
        return {**wrapped, "pages": len(pdf.pages)}


def _save(pdf: pikepdf.Pdf, out: Path) -> None:
    """Without anything that a page or the tree does not need: no names, no outline, no metadata."""
    for name in list(pdf.Root.keys()):
        if name not in _KEPT:
            del pdf.Root[name]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)


if __name__ == "__main__":
    about = json.loads(Path(sys.argv[1]).read_text())
    bound()
    made = bind(about["kind"], Path(about["source"]), Path(about["out"]), about["title"], about["prefix"])
    sys.stdout.write(json.dumps(made))
