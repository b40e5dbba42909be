"""Every write to papers by a person; each function is one transaction."""

from typing import Any

import uuid6
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Max

from portal import clock
from portal.audit.record import record, text_change
from portal.nudge import nudge
from portal.papers.enums import Kind
from portal.papers.models import Paper, PaperVersion
from portal.papers.shelves import Subject
from portal.people.marks import made_id
from portal.people.models import Person
from portal.search import actions as index

TASK = "portal.papers.tasks.check"


class ChangedMeanwhile(Exception):
    """Somebody changed the paper after the page was shown."""


class Withdrawn(Exception):
    """The paper was taken away."""


def add(*, by: Person, shelf: str, subject: Subject, title: str, upload: Any, kind: Kind, key: str) -> Paper:
    """Hang a paper on a subject; the same one-time key leads to the one it added before."""
    made = made_id(by, key)
    before = Paper.objects.filter(pk=made, added_by=by).first()
    if before is not None:
        return before
    received = _store(upload)
    try:
        with transaction.atomic():
            # A second post at the same moment waits here for the first.
            Person.objects.select_for_update().get(pk=by.pk)
            before = Paper.objects.filter(pk=made, added_by=by).first()
            if before is not None:
                default_storage.delete(received)
                return before
            paper = Paper.objects.create(
                id=made,
                shelf=shelf,
                subject_id=subject.pk,
                title=title.strip(),
                added_by=by,
                **subject.scope.as_fields(),
            )
            _version(paper, by, received, upload, kind, number=1)
            record(
                "paper.added",
                by=by,
                about=paper,
                scope=paper.scope,
                changes={"kind": str(kind), "size": (None, upload.size)} | text_change("title", paper.title),
            )
            nudge(TASK)
    except BaseException:
        default_storage.delete(received)
        raise
    return paper


def add_version(
    *, by: Person, paper: Paper, upload: Any, kind: Kind, key: str, version: int | None
) -> PaperVersion:
    """Put a newer file under a paper; the older ones stay. The same key leads to the same version."""
    made = made_id(by, key)
    before = PaperVersion.objects.filter(pk=made, paper=paper).first()
    if before is not None:
        return before
    received = _store(upload)
    try:
        with transaction.atomic():
            _touch(paper, version)
            last = PaperVersion.objects.filter(paper=paper).aggregate(last=Max("number"))["last"] or 0
            row = _version(paper, by, received, upload, kind, number=last + 1, id=made)
            record(
                "paper.version_added",
                by=by,
                about=paper,
                scope=paper.scope,
                changes={"kind": str(kind), "number": (last, last + 1), "size": (None, upload.size)},
            )
            nudge(TASK)
    except BaseException:
        default_storage.delete(received)
        raise
    return row


@transaction.atomic
def withdraw(*, by: Person, paper: Paper, reason: str, version: int | None) -> None:
    """Take a paper away: nobody gets its files any more, its row and its versions stay."""
    now = clock.now()
    _touch(paper, version, withdrawn_by=by, withdrawn_at=now, withdraw_reason=reason.strip())
    index.changed("paper", [paper.pk])
    record(
        "paper.withdrawn",
        by=by,
        about=paper,
        scope=paper.scope,
        changes={"withdrawn_at": (None, now)} | text_change("withdraw_reason", reason.strip()),
    )


def _store(upload: Any) -> str:
    """Keep the file as it came under a name that says nothing."""
    upload.seek(0)
    return default_storage.save(f"stukken/{uuid6.uuid7()}", File(upload))


def _version(
    paper: Paper, by: Person, received: str, upload: Any, kind: Kind, *, number: int, **more: Any
) -> PaperVersion:
    return PaperVersion.objects.create(
        paper=paper, number=number, kind=kind, received=received, size=upload.size, uploaded_by=by, **more
    )


def _touch(paper: Paper, version: int | None, **fields: Any) -> None:
    """Compare and set: the paper as the page showed it, and not taken away."""
    shown = paper.version if version is None else version
    rows = Paper.objects.filter(pk=paper.pk, version=shown, withdrawn_at__isnull=True)
    if not rows.update(version=F("version") + 1, **fields):
        if Paper.objects.filter(pk=paper.pk, withdrawn_at__isnull=False).exists():
            raise Withdrawn
        raise ChangedMeanwhile
