"""What a pack holds for one reader on this moment: its items, their papers, and a hash of each."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from portal.briefings import pdf as briefing
from portal.papers.enums import Kind
from portal.papers.enums import State as Check
from portal.papers.models import Paper, PaperVersion
from portal.papers.packs.enums import Left, Sort
from portal.papers.packs.registry import Binder, Cover, Item
from portal.papers.queries import with_versions
from portal.people.models import Person

# A pack stays Dutch, whoever reads it.
LANGUAGE = "nl"
# Part of every hash: higher whenever pieces come out otherwise.
EDITION = "2"


@dataclass(frozen=True)
class Draft:
    """One piece as it will be."""

    sort: Sort
    item: str
    number: int
    title: str
    hash: str
    html: str = ""
    url: str = ""
    paper: Paper | None = None
    version: PaperVersion | None = None
    left: str = ""

    @property
    def key(self) -> str:
        """What it is in a list of choices."""
        return paper_key(self.paper.pk) if self.paper else self.item


@dataclass(frozen=True)
class Offer:
    """What the reader can have: the items, and the papers of each as he sees them now."""

    items: list[Item]
    papers: dict[str, list[Paper]]

    def keys(self) -> set[str]:
        """Everything in it that he may see now."""
        papers = {paper_key(paper.pk) for rows in self.papers.values() for paper in rows}
        return {item.key for item in self.items} | papers


@dataclass(frozen=True)
class Contents:
    """A pack before it is made; `hash` is the same as long as it would say the same."""

    subject: Any
    cover: Cover
    drafts: list[Draft]
    valid_until: datetime | None
    hash: str = field(default="")


def paper_key(pk: UUID) -> str:
    return f"paper:{pk}"


def offer(binder: Binder, subject: Any, reader: Person, as_of: datetime) -> Offer:
    """The items a reader sees and, asked of the papers themselves, the papers he sees with them."""
    with translation.override(LANGUAGE):
        items = binder.items(subject, reader, as_of)
    places = Q(pk__in=[])
    for item in items:
        for shelf, pk in item.shelves:
            places |= Q(shelf=shelf, subject_id=pk)
    rows = Paper.objects.visible_to(reader).listed().filter(places).order_by("added_at", "id")
    on: dict[tuple[str, UUID], list[Paper]] = {}
    for paper in with_versions(rows):
        on.setdefault((paper.shelf, paper.subject_id), []).append(paper)
    return Offer(items, {item.key: [one for at in item.shelves for one in on.get(at, [])] for item in items})


def compose(
    binder: Binder, subject: Any, reader: Person, left_out: Collection[str], as_of: datetime
) -> Contents:
    """The pieces in their order, without what the reader left out."""
    found = offer(binder, subject, reader, as_of)
    out, drafts, changes = set(left_out), [], []
    with translation.override(LANGUAGE):
        cover = binder.cover(subject, reader)
        chosen = [item for item in found.items if item.key not in out]
        said_before: Counter[str] = Counter()
        for number, item in enumerate(chosen, 1):
            words = item.build()
            if words.changes_at is not None:
                changes.append(words.changes_at)
            html = render_to_string("packs/item.html", {"title": item.title, "body": words.body})
            digest = html_hash(html)
            said_before[digest] += 1
            if said_before[digest] > 1:
                # Its ids begin with its hash, and those of two items in one pack may not be the same.
                digest = _hash("again", digest, str(said_before[digest]))
            drafts.append(Draft(Sort.ITEM, item.key, number, item.title, digest, html, item.url))
            papers = [one for one in found.papers[item.key] if paper_key(one.pk) not in out]
            drafts += [draft_of(one, item, number) for one in papers]
    valid_until = min(changes, default=None)
    said = [binder.key, str(subject.pk), subject.title, str(reader.pk), reader.name, str(valid_until)]
    said += [part for fact in cover.facts for part in fact]
    said += [f"{one.number}\0{one.title}\0{one.hash}" for one in drafts]
    return Contents(subject, cover, drafts, valid_until, _hash("pack", *said))


def draft_of(paper: Paper, item: Item, number: int) -> Draft:
    """The newest version of a paper, or the sheet that says why it is not there."""
    version = paper.versions.all()[0]
    why = _left(version)
    if why:
        html = sheet(paper.title, why)
        return Draft(
            Sort.SHEET, item.key, number, paper.title, html_hash(html), html, "", paper, version, why
        )
    # All that a bound piece is made of: the bytes that were checked, and the name that is written on them.
    source = _hash("paper", version.sha256, version.kind, paper.title, str(version.pk))
    return Draft(Sort.PAPER, item.key, number, paper.title, source, "", "", paper, version)


def _left(version: PaperVersion) -> str:
    if version.state == Check.REFUSED:
        return Left.REFUSED
    if version.state != Check.READY:
        return Left.CHECKING
    return Left.OFFICE if version.kind == Kind.OFFICE and not version.converted else ""


def sheet(title: str, why: str) -> str:
    """The page in the place of a paper that is not bound in."""
    with translation.override(LANGUAGE):
        return render_to_string("packs/sheet.html", {"title": title, "why": Left(why).label})


def html_hash(html: str) -> str:
    return _hash("html", html)


def _hash(*words: str) -> str:
    """Over the words, how pieces are made, and how they look."""
    return sha256("\0".join((EDITION, _looks(), *words)).encode()).hexdigest()


@lru_cache(maxsize=1)
def _looks() -> str:
    sheets = briefing.css_text() + briefing.asset("css/pack.css").read_text(encoding="utf-8")
    return sha256(sheets.encode()).hexdigest()
