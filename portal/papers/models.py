"""Papers and their versions; the files lie in private storage under names that say nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import uuid6
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.municipalities.models import Scoped, one_scope
from portal.papers.enums import Kind, State

if TYPE_CHECKING:
    from portal.people.models import Person


class PaperQuerySet(models.QuerySet["Paper"]):
    """Reads of papers."""

    def visible_to(self, person: Person) -> PaperQuerySet:
        """Seen by whoever sees the subject now; of a subject one only touches, what one added oneself."""
        from portal.papers.shelves import shelves

        condition = Q(pk__in=[])
        for one in shelves:
            condition |= Q(shelf=one.key, subject_id__in=one.visible_to(person).order_by().values("pk"))
            condition |= Q(
                shelf=one.key,
                added_by=person,
                subject_id__in=one.touched_by(person).order_by().values("pk"),
            )
        return self.filter(condition)

    def about(self, shelf: str, subject_id: UUID) -> PaperQuerySet:
        return self.filter(shelf=shelf, subject_id=subject_id)

    def listed(self) -> PaperQuerySet:
        """Without what was taken away."""
        return self.filter(withdrawn_at__isnull=True)


class Paper(Scoped):
    """One paper on one subject, in one or more versions."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    shelf = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    title = models.CharField(max_length=120)
    added_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            one_scope("paper_scope"),
            models.CheckConstraint(
                name="paper_withdrawn",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason=""),
                violation_error_message=_("Schrijf waarom u het stuk weghaalt."),
            ),
        ]
        indexes = [models.Index(fields=["shelf", "subject_id", "added_at"], name="paper_subject")]

    def __str__(self) -> str:
        return self.title


class PaperVersionQuerySet(models.QuerySet["PaperVersion"]):
    """Reads of versions."""

    def to_check(self, at: datetime) -> PaperVersionQuerySet:
        """What a worker may take now; what lost its worker comes first."""
        return self.filter(
            Q(lease_until__isnull=True) | Q(lease_until__lt=at), state__in=[State.WAITING, State.CHECKING]
        )


class PaperVersion(models.Model):
    """One upload of a paper: what came in, what is served of it, and how its check went."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=State.WAITING)
    refusal = models.CharField(max_length=20, blank=True, default="")
    # The file as it came, until the check is over; never served.
    received = models.CharField(max_length=80, blank=True, default="")
    # What is served, and its size and hash.
    file = models.CharField(max_length=80, blank=True, default="")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True, default="")
    media_type = models.CharField(max_length=100, blank=True, default="")
    pages = models.PositiveIntegerField(default=0)
    # An office file as PDF, where this machine could make one.
    converted = models.CharField(max_length=80, blank=True, default="")
    # The words in it, for search.
    text = models.TextField(blank=True, default="")
    uploaded_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    checked_at = models.DateTimeField(null=True)
    lease_id = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_unscanned = models.BooleanField(default=False)

    objects = PaperVersionQuerySet.as_manager()

    class Meta:
        ordering = ["paper_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="paper_version_number"),
            models.CheckConstraint(
                name="paper_version_state", condition=Q(state__in=[str(state) for state in State])
            ),
            models.CheckConstraint(
                name="paper_version_kind", condition=Q(kind__in=[str(kind) for kind in Kind])
            ),
            # Only what was checked is served, and what was refused keeps its reason.
            models.CheckConstraint(
                name="paper_version_served",
                condition=Q(state="ready", refusal="") & ~Q(file="")
                | Q(state="refused", file="") & ~Q(refusal="")
                | Q(state__in=["waiting", "checking"], file="", refusal=""),
            ),
            # One at a time over all workers: a heavy file never keeps the reminders waiting.
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="checking"), name="paper_version_one_checking"
            ),
        ]
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                name="paper_version_to_check",
                condition=Q(state__in=["waiting", "checking"]),
            ),
            models.Index(fields=["received"], name="paper_version_received", condition=~Q(received="")),
        ]

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in (State.READY, State.REFUSED)

    @property
    def can_be_bound(self) -> bool:
        """Whether it can go into a pack: a PDF, an image, or an office file that was converted."""
        return self.is_ready and (self.kind != Kind.OFFICE or bool(self.converted))


# Packs and texts for the press have folders of their own; Django finds their models here.
from portal.papers.packs.models import Pack, Piece  # noqa: E402
from portal.papers.press.models import Approval, PressText  # noqa: E402

__all__ = [
    "Approval",
    "Pack",
    "Paper",
    "PaperQuerySet",
    "PaperVersion",
    "PaperVersionQuerySet",
    "Piece",
    "PressText",
]
