"""Papers can be searched by their title and the words in their newest checked version."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.papers.enums import State
from portal.papers.models import Paper, PaperVersion
from portal.papers.shelves import About, shelf, shelves
from portal.people.models import Person
from portal.search.registry import Hit, Searchable, Words, in_scope, own, searchables

PAPER = "paper"


def words(ids: Collection[Any]) -> dict[UUID, Words]:
    """Title and text; nothing of what was taken away or was never found good."""
    newest = PaperVersion.objects.filter(paper=OuterRef("pk"), state=State.READY).order_by("-number")
    papers: Any = Paper.objects.listed().filter(pk__in=list(ids))
    rows = list(papers.annotate(words=Subquery(newest.values("text")[:1])).filter(words__isnull=False))
    about = _about(rows)
    found = {}
    for row in rows:
        hangs_on = about.get((row.shelf, row.subject_id))
        if hangs_on is not None:
            marks = {in_scope(row.scope), in_scope(row.scope, hangs_on.kind), own(row.added_by_id)}
            found[row.pk] = Words(row.title, row.words, frozenset(marks))
    return found


def hits(rows: Iterable[Any]) -> dict[UUID, Hit]:
    """The answers of these papers: what they hang on and whose they are."""
    found: Any = rows
    papers = list(found.select_related("municipality", "driehoek"))
    about = _about(papers)
    answers = {}
    for row in papers:
        hangs_on = about.get((row.shelf, row.subject_id))
        if hangs_on is not None:
            where = f"{hangs_on.title} · {row.scope_name}"
            answers[row.pk] = Hit(row.title, where, reverse("papers:paper", args=[row.pk]))
    return answers


def readers(_person: Person) -> frozenset[str]:
    """None of its own: a paper is found under the marks of what it hangs on."""
    return frozenset()


def offered(_person: Person) -> bool:
    """Whoever finds papers has something to find them on."""
    return False


def _about(rows: Iterable[Paper]) -> dict[tuple[str, UUID], About]:
    """What these papers hang on, without what was a mistake; one query for each sort of subject."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        ids[row.shelf].add(row.subject_id)
    known = {one.key for one in shelves}
    return {
        (key, pk): about
        for key, subjects in ids.items()
        if key in known
        for pk, about in shelf(key).about(subjects).items()
    }


def _seen(person: Person) -> "QuerySet[Paper]":
    return Paper.objects.visible_to(person).listed()


def register() -> None:
    """Register papers; called once when the app is ready."""
    searchables.register(
        Searchable(PAPER, gettext_lazy("Stuk"), Paper, words, _seen, hits, readers, offered, order=30)
    )
