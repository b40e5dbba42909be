"""What the pages of papers show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from portal.papers.models import Paper, PaperVersion
from portal.papers.shelves import shelf
from portal.people.models import Person


@dataclass(frozen=True)
class Line:
    """One paper in a list: its newest version and the one that can be fetched."""

    paper: Paper
    newest: PaperVersion
    ready: PaperVersion | None


@dataclass(frozen=True)
class OnSubject:
    """The papers of one subject as this person sees them, and whether the person may add one."""

    lines: list[Line]
    may_add: bool
    add_url: str


def with_versions(rows: Any) -> Any:
    """Papers with their versions, newest first; without the words of them, which may be long."""
    versions = PaperVersion.objects.select_related("uploaded_by").defer("text").order_by("-number")
    return rows.prefetch_related(Prefetch("versions", versions))


def on(key: str, subject: Any, person: Person, add_url: str) -> OnSubject:
    """Two queries, however many papers; one when there are none."""
    rows = Paper.objects.visible_to(person).about(key, subject.pk).listed()
    lines = []
    for paper in with_versions(rows):
        versions = list(paper.versions.all())
        ready = next((one for one in versions if one.is_ready), None)
        lines.append(Line(paper, versions[0], ready))
    return OnSubject(lines, shelf(key).may_add(person, subject), add_url)
