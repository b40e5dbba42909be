"""Lays one uploaded paper out for a pack, in a process that may die; what does not go in leaves a sheet."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from portal.papers.enums import Kind
from portal.papers.looking import run
from portal.papers.packs import bindable
from portal.papers.packs.compose import html_hash, sheet
from portal.papers.packs.enums import Left, Sort, State
from portal.papers.packs.models import Piece

SECONDS = 180
_PART = 1024 * 1024


def bind(row: Piece, folder: Path) -> dict[str, Any] | Left:
    """What the piece became, in `folder`/made; or why the paper is left out."""
    version = row.version
    assert version is not None
    source = folder / "paper"
    with default_storage.open(version.converted or version.file) as stored, source.open("wb") as copy:
        while part := stored.read(_PART):
            copy.write(part)
    about = folder / "about.json"
    kind = Kind.IMAGE if version.kind == Kind.IMAGE else Kind.PDF
    # In a file and not on the command line, which everybody on the machine can read.
    about.write_text(
        json.dumps(
            {
                "kind": kind.value,
                "source": str(source),
                "out": str(folder / "made"),
                "title": row.title,
                "prefix": f"{row.hash[:16]}-",
            }
        )
    )
    status, said = run([sys.executable, "-I", bindable.__file__, str(about)], folder, SECONDS)
    if status != 0:
        return Left.TOO_HEAVY
    try:
        found: dict[str, Any] = json.loads(said)
        if "refused" in found:
            return Left(found["refused"])
        return {name: found[name] for name in ("pages", "headings", "tagged", "flaws", "scans")}
    except (ValueError, KeyError, TypeError):
        return Left.TOO_HEAVY


def leave_out(row: Piece, why: str) -> None:
    """Put a sheet in the place of the paper, still to be rendered."""
    html = sheet(row.title, why)
    Piece.objects.filter(pk=row.pk).update(
        sort=Sort.SHEET,
        left=why,
        html=html,
        hash=html_hash(html),
        state=State.ASKED,
        attempts=0,
        lease_id=None,
        lease_until=None,
        file="",
    )


def work_folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(dir=settings.WORK_DIR)
