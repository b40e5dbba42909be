"""Making packs: laid out in pieces, these made by as many workers as there are, the last of which binds."""

from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
import uuid6
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from portal import clock
from portal.briefings.pdf import NoRenderer
from portal.nudge import nudge
from portal.papers.packs import binding, claims, rendered, warm, whole_pack
from portal.papers.packs.actions import TASK
from portal.papers.packs.compose import Contents, Draft, compose
from portal.papers.packs.enums import Left, Problem, Sort, State
from portal.papers.packs.models import Pack, Piece
from portal.papers.packs.registry import binder

log = structlog.get_logger("portal.packs")

# One run leaves room for others; what is over is for the next.
MOST_AT_ONCE = 12
# The task ends before its time limit, also when what it takes up last takes as long as it may.
MOST_SECONDS = 180
# An item is a heading of the second level, what stands in the place of a paper one of the third.
_LEVELS = {Sort.ITEM: 2, Sort.SHEET: 3}


def make_waiting() -> int:
    """Take up what waits: packs to lay out or to bind first, then pieces; returns how much was taken up."""
    warm.tidy()
    claims.give_up()
    taken, began = 0, monotonic()
    while taken < MOST_AT_ONCE and (not taken or monotonic() - began < MOST_SECONDS):
        if (pack := claims.pack()) is not None:
            lead(pack)
        elif (piece := claims.piece()) is not None:
            make(piece)
        else:
            return taken
        taken += 1
    nudge(TASK)
    return taken


def lead(row: Pack) -> None:
    """Lay a claimed pack out in pieces, or bind it once these are all there."""
    try:
        if row.state == State.ASKED:
            _lay_out(row)
        else:
            _bind(row)
    except NoRenderer as error:
        log.error("pack_no_renderer", pack=str(row.pk), error=str(error))
        claims.settle(row, state=State.FAILED, problem=Problem.NO_RENDERER)
    except Exception as error:
        # Only the type: an exception's words may hold words of the pack.
        log.error("pack_failed", pack=str(row.pk), error=type(error).__name__, attempt=row.attempts)
        if not claims.put_back(row, State.ASKED):
            claims.settle(row, state=State.FAILED, problem=Problem.RENDER)


def _lay_out(row: Pack) -> None:
    of = binder(row.binder)
    subject = of.subject_for(row.reader, row.subject_id) if row.reader.is_active else None
    if subject is None:
        claims.settle(row, state=State.FAILED, problem=Problem.GONE)
        return
    contents = compose(of, subject, row.reader, row.left_out, clock.now())
    if not contents.drafts:
        claims.settle(row, state=State.FAILED, problem=Problem.NOTHING)
        return
    said = {
        "content_hash": contents.hash,
        "valid_until": contents.valid_until,
        "cover_needs": list(contents.cover.needs),
    }
    same = _same(row, contents)
    if same is None:
        warm.up()
    # Before its own are gone: what was made for a binding that failed is taken over too.
    pieces = list(_pieces(row, contents.drafts))
    with transaction.atomic():
        Piece.objects.filter(pack=row).delete()
        Piece.objects.bulk_create(pieces)
        if same is not None:
            now = clock.now()
            done = {"bound_at": same.bound_at, "file": same.file, "pages": same.pages, "made_at": now}
            claims.settle(row, state=State.READY, problem="", **said, **done)
        else:
            # Laying out is no attempt at binding; one that failed at that keeps its count.
            claims.settle(row, state=State.MAKING, attempts=row.attempts - 1, **said)
            # One for each core: the second worker takes every other piece.
            nudge(TASK)


def _same(row: Pack, contents: Contents) -> Pack | None:
    """An earlier pack of this reader that says exactly this and whose file is there."""
    rows = Pack.objects.about(row.binder, row.subject_id).filter(
        reader=row.reader, state=State.READY, content_hash=contents.hash
    )
    # A paper that broke on the way is tried again, as in any other pack.
    rows = rows.exclude(pieces__left__in=[Left.BROKEN, Left.TOO_HEAVY])
    same = rows.order_by("-bound_at", "-id").first()
    return same if same is not None and default_storage.exists(same.file) else None


def _pieces(row: Pack, drafts: list[Draft]) -> Iterable[Piece]:
    """The pieces of a pack; what was made before of exactly the same is taken over."""
    made = {}
    known = Piece.objects.filter(state=State.READY, hash__in=[one.hash for one in drafts])
    for piece in known.select_related("pack").order_by("pk"):
        # What the portal wrote for one reader is never taken over for another, whatever its hash.
        if piece.sort == Sort.PAPER or piece.pack.reader_id == row.reader_id:
            made[(piece.sort, piece.hash)] = piece
    for order, draft in enumerate(drafts):
        same = made.get((draft.sort, draft.hash))
        piece = Piece(
            pack=row,
            order=order,
            sort=draft.sort,
            item=draft.item,
            number=draft.number,
            title=draft.title,
            url=draft.url,
            paper=draft.paper,
            version=draft.version,
            left=draft.left,
            hash=draft.hash,
            html=draft.html,
        )
        if same is not None and default_storage.exists(same.file):
            piece.html, piece.state, piece.file, piece.pages = "", State.READY, same.file, same.pages
            piece.headings, piece.is_tagged = same.headings, same.is_tagged
            piece.flaws, piece.scans = same.flaws, same.scans
        yield piece


def make(row: Piece) -> None:
    """Make one claimed piece; a paper that breaks leaves a sheet behind, and the pack goes on."""
    try:
        warm.up()
        with binding.work_folder() as name:
            folder = Path(name)
            if row.sort == Sort.PAPER:
                made = binding.bind(row, folder)
                if isinstance(made, Left):
                    binding.leave_out(row, made)
                    return
            else:
                prefix = f"{row.hash[:16]}-"
                made = rendered.render(row.html, folder / "made", _LEVELS[Sort(row.sort)], prefix)
            _keep(row, folder / "made", made)
    except NoRenderer as error:
        log.error("pack_no_renderer", pack=str(row.pack_id), error=str(error))
        _fail(row, Problem.NO_RENDERER)
    except Exception as error:
        log.error("pack_piece_failed", piece=str(row.pk), error=type(error).__name__, attempt=row.attempts)
        if not claims.put_back(row, State.ASKED):
            if row.sort == Sort.PAPER:
                binding.leave_out(row, Left.BROKEN)
            else:
                _fail(row, Problem.RENDER)


def _keep(row: Piece, path: Path, made: dict[str, Any]) -> None:
    file = stored(path)
    kept = claims.settle(
        row,
        state=State.READY,
        html="",
        file=file,
        pages=made["pages"],
        headings=made["headings"],
        is_tagged=made["tagged"],
        flaws=made["flaws"],
        scans=made["scans"],
    )
    if not kept:
        default_storage.delete(file)


def _fail(row: Piece, why: Problem) -> None:
    """Without something that the portal itself writes there is no pack."""
    with transaction.atomic():
        claims.settle(row, state=State.FAILED)
        Pack.objects.filter(pk=row.pack_id, state=State.MAKING).update(state=State.FAILED, problem=why)


def stored(path: Path) -> str:
    """Keep a file under a name that says nothing."""
    with path.open("rb") as file:
        return default_storage.save(f"bundels/{uuid6.uuid7()}.pdf", File(file))


def _bind(row: Pack) -> None:
    pieces = list(row.pieces.order_by("order"))
    if sum(one.pages for one in pieces) > whole_pack.MOST_PAGES:
        claims.settle(row, state=State.FAILED, problem=Problem.TOO_LONG)
        return
    if sum(default_storage.size(one.file) for one in pieces) > whole_pack.MOST_BYTES:
        claims.settle(row, state=State.FAILED, problem=Problem.TOO_LARGE)
        return
    of = binder(row.binder)
    subject = of.subject_for(row.reader, row.subject_id)
    if subject is None:
        claims.settle(row, state=State.FAILED, problem=Problem.GONE)
        return
    cover = of.cover(subject, row.reader)
    if list(cover.needs) != row.cover_needs:
        # What the reader sees became more or less meanwhile: laid out anew, as it is now.
        claims.settle(row, state=State.ASKED)
        return
    now = clock.now()
    with binding.work_folder() as name:
        try:
            pages = whole_pack.bind(row, of, subject, pieces, cover, now, Path(name))
        except whole_pack.Broken as broken:
            # Not again for this one; the others are there already.
            binding.leave_out(broken.piece, Left.BROKEN)
            claims.settle(row, state=State.MAKING, attempts=row.attempts - 1)
            return
        file = stored(Path(name) / "bundel")
    done = {"made_at": now, "bound_at": now, "file": file, "pages": pages}
    if not claims.settle(row, state=State.READY, problem="", **done):
        default_storage.delete(file)
