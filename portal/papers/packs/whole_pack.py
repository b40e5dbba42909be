"""The cover and the contents of a pack, and the binding of all its pieces behind them."""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, default_storage
from django.template.loader import render_to_string
from django.utils import translation

from portal.briefings.words import validity
from portal.papers.packs import faces, merge, rendered, warm, words
from portal.papers.packs.compose import LANGUAGE
from portal.papers.packs.enums import Sort
from portal.papers.packs.models import Pack, Piece
from portal.papers.packs.registry import Binder, Cover

MOST_PAGES = 3000
# Well under what the process that binds may write.
MOST_BYTES = 900 * merge.MB
# So many lines of the contents stand on a page: where the counting begins.
LINES = 28
# The number of its own pages decides every other number; it settles at once or nearly so.
_TRIES = 4
# Less than the lease of a pack.
SECONDS = 240


class Unbound(Exception):
    """The binding came to nothing, and no paper is to blame."""


class Broken(Exception):
    """A paper that cannot be bound after all."""

    def __init__(self, piece: Piece) -> None:
        super().__init__(str(piece.pk))
        self.piece = piece


@dataclass(frozen=True)
class Line:
    """One line of the contents."""

    piece: Piece
    page: int
    note: str

    @property
    def goes_to(self) -> str:
        return f"{merge.GOES_TO}{self.page}"


def bind(
    row: Pack, of: Binder, subject: Any, pieces: list[Piece], cover: Cover, now: datetime, folder: Path
) -> int:
    """Write `folder`/bundel; returns its number of pages. Broken names a paper that cannot be in it."""
    about = folder / "about.json"
    # In a file and not on the command line, which everybody on the machine can read.
    about.write_text(json.dumps([asdict(_part(one, pieces, folder)) for one in pieces]))
    job = json.dumps({"pieces": str(about), "out": str(folder / "bundel")}).encode()
    # It copies the pieces on another core while the cover is rendered here.
    with warm.told(job) as process:
        front = _front(row, of, subject, pieces, cover, now, folder / "front")
        first = merge.Part(str(folder / "front"), front["pages"], "", False, front["headings"])
        rest = folder / "rest.json"
        rest.write_bytes(_rest(first, _whole(row, of, subject, now)))
        status, said = process.answer(SECONDS, str(rest).encode())
    if status != 0:
        raise Unbound(f"status {status}")
    found: dict[str, Any] = json.loads(said)
    if "broken" not in found:
        return int(found["pages"])
    place = int(found["broken"])
    if place and pieces[place - 1].sort == Sort.PAPER:
        raise Broken(pieces[place - 1])
    raise Unbound(f"piece {place}")


def _whole(row: Pack, of: Binder, subject: Any, now: datetime) -> merge.Bound:
    with translation.override(LANGUAGE):
        name, mark = foot(row)
        return merge.Bound(title(of, subject), name, LANGUAGE, now.isoformat(timespec="seconds"), mark)


def _rest(front: merge.Part, whole: merge.Bound) -> bytes:
    """What the process that binds reads last: the cover, the whole and the letters to write with."""
    letters = {name: asdict(one) for name, one in faces.every().items()}
    return json.dumps({"front": asdict(front), "bound": asdict(whole), "faces": letters}).encode()


def title(of: Binder, subject: Any) -> str:
    return f"{of.title}: {subject.title}"


def foot(row: Pack) -> tuple[str, str]:
    """For whom it is, and a mark by which two packs can be told apart."""
    return f"Bundel voor {row.reader.name}", f"kenmerk {words.mark(row.content_hash)}"


def lines(pieces: list[Piece], front: int) -> list[Line]:
    """The contents, with `front` pages before the first piece."""
    found, page = [], front + 1
    for piece in pieces:
        found.append(Line(piece, page, words.note(piece)))
        page += piece.pages
    return found


def _front(
    row: Pack, of: Binder, subject: Any, pieces: list[Piece], cover: Cover, now: datetime, out: Path
) -> dict[str, Any]:
    pages = 1 + -(-(len(pieces) + 3) // LINES)
    total = sum(one.pages for one in pieces)
    for _try in range(_TRIES):
        with translation.override(LANGUAGE):
            html = render_to_string(
                "packs/front.html",
                {
                    "binder": of,
                    "subject": subject,
                    "reader": row.reader,
                    "facts": cover.facts,
                    "mark": words.mark(row.content_hash),
                    "made_at": now,
                    "validity": validity(row.valid_until),
                    "lines": lines(pieces, pages),
                    "total": total + pages,
                    "left": [one for one in pieces if one.left],
                },
            )
        made = rendered.render(html, out, 1, "front-")
        if made["pages"] == pages:
            break
        pages = made["pages"]
    return made


def _part(piece: Piece, pieces: list[Piece], folder: Path) -> merge.Part:
    item = next(one for one in pieces if one.number == piece.number and one.sort == Sort.ITEM)
    is_item = piece.sort == Sort.ITEM
    return merge.Part(
        str(_at_hand(piece, folder)),
        piece.pages,
        f"{piece.number}. {item.title}",
        is_item,
        [(int(level), str(said), int(page)) for level, said, page in piece.headings],
        piece.title if piece.sort == Sort.PAPER else "",
        "" if is_item else piece.title,
    )


def _at_hand(piece: Piece, folder: Path) -> Path:
    """Where the file of a piece lies on this machine; fetched where the storage is elsewhere."""
    if isinstance(default_storage, FileSystemStorage):
        return Path(default_storage.path(piece.file))
    fetched = folder / str(piece.pk)
    with default_storage.open(piece.file) as file, fetched.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    return fetched
