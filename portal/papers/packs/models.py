"""Packs that were asked for, and the pieces they are bound from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import uuid6
from django.db import models
from django.db.models import Exists, OuterRef, Q

from portal import clock
from portal.municipalities.models import Scoped, one_scope
from portal.papers.packs.enums import Sort, State

if TYPE_CHECKING:
    from portal.people.models import Person


def _free(at: datetime) -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lt=at)


class PackQuerySet(models.QuerySet["Pack"]):
    """Reads of packs."""

    def visible_to(self, person: Person) -> PackQuerySet:
        """A pack is for one reader, and only as long as he sees its subject."""
        from portal.papers.packs.registry import binders

        condition = Q(pk__in=[])
        for one in binders:
            rows = one.visible_to(person).order_by().values("pk")
            condition |= Q(binder=one.key, subject_id__in=rows)
        return self.filter(condition, reader=person)

    def about(self, binder: str, subject_id: UUID) -> PackQuerySet:
        return self.filter(binder=binder, subject_id=subject_id)

    def to_lead(self, at: datetime) -> PackQuerySet:
        """What asks for a hand: one to be laid out in pieces, or one whose pieces are all settled."""
        busy = Piece.objects.filter(pack=OuterRef("pk"), state__in=[State.ASKED, State.MAKING])
        return self.filter(_free(at), Q(state=State.ASKED) | Q(state=State.MAKING) & ~Exists(busy))


class Pack(Scoped):
    """One pack about one subject for one reader; equal content shares one file."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    binder = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    reader = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    # What the reader left out: keys of items and papers.
    left_out = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=State.ASKED)
    asked_at = models.DateTimeField(default=clock.now)
    # The one-time key of the form that asked: the second post leads here too.
    ask_key = models.CharField(max_length=64, null=True, unique=True)
    lease_id = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True, default="")
    made_at = models.DateTimeField(null=True)
    # When its file was bound: the moment that is printed in it.
    bound_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    # Which items the reader must still see for the cover to be his to read.
    cover_needs = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    file = models.CharField(max_length=120, blank=True, default="")
    pages = models.PositiveIntegerField(default=0)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            one_scope("pack_scope"),
            models.CheckConstraint(name="pack_state", condition=Q(state__in=[str(one) for one in State])),
        ]
        indexes = [
            models.Index(fields=["reader", "binder", "subject_id", "asked_at"], name="pack_of_reader"),
            models.Index(
                fields=["asked_at"], name="pack_to_lead", condition=Q(state__in=["asked", "making"])
            ),
        ]

    def __str__(self) -> str:
        made = self.made_at or self.asked_at
        return f"{made.astimezone(clock.AMSTERDAM):%d-%m-%Y %H:%M}"

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in (State.READY, State.FAILED)

    @property
    def is_unchanged(self) -> bool:
        """Whether it shares the file of an earlier pack with the same content."""
        return self.bound_at is not None and self.made_at is not None and self.bound_at < self.made_at

    @property
    def is_expired(self) -> bool:
        """Whether time alone has made its words untrue."""
        return self.valid_until is not None and self.valid_until <= clock.now()


class PieceQuerySet(models.QuerySet["Piece"]):
    """Reads of pieces."""

    def to_make(self, at: datetime) -> PieceQuerySet:
        """What a worker may take now."""
        wanted = Pack.objects.filter(pk=OuterRef("pack_id"), state=State.MAKING)
        return self.filter(_free(at), Exists(wanted), state__in=[State.ASKED, State.MAKING])


class Piece(models.Model):
    """A part of one pack: an item that is rendered, a paper that is bound, or a sheet in its place."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="pieces")
    order = models.PositiveSmallIntegerField()
    sort = models.CharField(max_length=10)
    # The item it is or belongs to, and its number in the contents.
    item = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=200, blank=True, default="")
    paper = models.ForeignKey("papers.Paper", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("papers.PaperVersion", null=True, on_delete=models.PROTECT, related_name="+")
    # Why a sheet stands here instead of the paper.
    left = models.CharField(max_length=20, blank=True, default="")
    hash = models.CharField(max_length=64)
    # What is still to be rendered; empty once it is.
    html = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, default=State.ASKED)
    lease_id = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    file = models.CharField(max_length=120, blank=True, default="")
    pages = models.PositiveIntegerField(default=0)
    # Of each its level, its words and its page.
    headings = models.JSONField(default=list)
    is_tagged = models.BooleanField(default=True)
    flaws = models.PositiveIntegerField(default=0)
    scans = models.PositiveIntegerField(default=0)

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["pack_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "order"], name="piece_order"),
            models.CheckConstraint(name="piece_state", condition=Q(state__in=[str(one) for one in State])),
            models.CheckConstraint(name="piece_sort", condition=Q(sort__in=[str(one) for one in Sort])),
            # One paper at a time over all workers: heavy files never keep the reminders waiting.
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="making", sort="paper"), name="piece_one_paper"
            ),
        ]
        indexes = [
            models.Index(fields=["hash"], name="piece_hash", condition=Q(state="ready")),
            models.Index(
                fields=["pack", "order"], name="piece_to_make", condition=Q(state__in=["asked", "making"])
            ),
        ]

    def __str__(self) -> str:
        return self.title
