"""Briefings that were asked for or were due, and the files they became."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import uuid6
from django.db import models
from django.db.models import Q

from portal import clock
from portal.briefings.enums import State
from portal.municipalities.models import Scoped, one_scope

if TYPE_CHECKING:
    from portal.people.models import Person


class BriefingQuerySet(models.QuerySet["Briefing"]):
    """Reads of briefings."""

    def visible_to(self, person: Person) -> BriefingQuerySet:
        """A briefing is seen by whoever sees its subject now; its document says who that is."""
        from portal.briefings.registry import documents

        condition = Q(pk__in=[])
        for one in documents:
            condition |= Q(document=one.key, subject_id__in=one.visible_to(person).values("pk"))
        return self.filter(condition)

    def about(self, document: str, subject_id: UUID) -> BriefingQuerySet:
        return self.filter(document=document, subject_id=subject_id)

    def waiting(self, at: datetime) -> BriefingQuerySet:
        """What a worker may take now: asked for, or claimed by a worker whose lease ran out."""
        return self.filter(
            Q(lease_until__isnull=True) | Q(lease_until__lt=at), state__in=[State.ASKED, State.MAKING]
        )


class Briefing(Scoped):
    """One briefing about one subject for one audience; equal content shares one file."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    document = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    audience = models.CharField(max_length=24)
    state = models.CharField(max_length=10, default=State.ASKED)
    asked_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    # The one-time key of the form that asked: the second post leads here too.
    ask_key = models.CharField(max_length=64, null=True, unique=True)
    # Set for a briefing that a step leaves on its date: once per action and date.
    due_key = models.CharField(max_length=60, null=True, unique=True)
    lease_id = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True, default="")
    # When its content was settled; with an equal content before it, later than what the file says.
    made_at = models.DateTimeField(null=True)
    # When its file was rendered: the moment that is printed in it.
    rendered_at = models.DateTimeField(null=True)
    # When time alone makes the content other; empty when only people can change it.
    valid_until = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    file = models.CharField(max_length=120, blank=True, default="")
    pages = models.PositiveSmallIntegerField(default=0)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            one_scope("briefing_scope"),
            models.CheckConstraint(
                name="briefing_state",
                condition=Q(state__in=[str(state) for state in State]),
            ),
            # Two workers never make the same briefing at once, so equal content is not rendered twice.
            models.UniqueConstraint(
                fields=["document", "subject_id", "audience"],
                condition=Q(state="making"),
                name="briefing_one_making",
            ),
        ]
        indexes = [
            models.Index(fields=["document", "subject_id", "asked_at"], name="briefing_subject"),
            models.Index(
                fields=["asked_at"],
                name="briefing_to_make",
                condition=Q(state__in=["asked", "making"]),
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
        """Whether it shares the file of an earlier briefing with the same content."""
        return self.rendered_at is not None and self.made_at is not None and self.rendered_at < self.made_at

    @property
    def is_expired(self) -> bool:
        """Whether time alone has made its words untrue."""
        return self.valid_until is not None and self.valid_until <= clock.now()
