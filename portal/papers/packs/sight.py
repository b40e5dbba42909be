"""What of a pack its reader may still see, and what changed since it was made."""

from dataclasses import dataclass
from typing import Any

from portal import clock
from portal.papers.packs.compose import Contents, compose, offer, paper_key
from portal.papers.packs.enums import Sort
from portal.papers.packs.models import Pack, Piece
from portal.papers.packs.registry import Binder


def is_all_seen(pack: Pack, of: Binder, subject: Any, pieces: list[Piece]) -> bool:
    """Whether the reader may now see every item and paper of it, and what its cover says."""
    seen = offer(of, subject, pack.reader, clock.now()).keys()
    held = {paper_key(one.paper_id) if one.paper_id else one.item for one in pieces}
    return held | set(pack.cover_needs) <= seen


@dataclass(frozen=True)
class Changes:
    """What is otherwise now, by title."""

    new: list[str]
    changed: list[str]
    gone: list[str]
    is_same: bool


def changes(pack: Pack, of: Binder, subject: Any, pieces: list[Piece]) -> Changes:
    """What a pack made now would hold that this one does not, and the reverse."""
    now: Contents = compose(of, subject, pack.reader, pack.left_out, clock.now())
    before = {_key(one.paper_id, one.item): one for one in pieces}
    after = {_key(one.paper.pk if one.paper else None, one.item): one for one in now.drafts}
    both = before.keys() & after.keys()
    return Changes(
        new=[one.title for key, one in after.items() if key not in before],
        changed=[after[key].title for key in after if key in both and _differs(before[key], after[key])],
        gone=[one.title for key, one in before.items() if key not in after],
        is_same=now.hash == pack.content_hash,
    )


def _key(paper: Any, item: str) -> str:
    return paper_key(paper) if paper else item


def _differs(before: Piece, after: Any) -> bool:
    # A paper that broke while it was bound is still the same paper.
    if before.sort == Sort.SHEET and after.sort == Sort.PAPER:
        return bool(before.version_id != after.version.pk or before.left in ("checking", "refused", "office"))
    return bool(before.hash != after.hash or before.title != after.title)
