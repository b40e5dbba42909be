"""Briefings that were asked for or were due, and the files they became."""

import uuid6
from django.db import models
from django.db.models import Q

from portal import clock
from portal.municipalities.models import Scoped, one_scope


class Briefing(Scoped):
    """One briefing about one subject for one audience; equal content shares one file."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    document = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    audience = models.CharField(max_length=24)
    state = models.CharField(max_length=10, default="asked")
    asked_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    # Set for a briefing that a step leaves on its date: at most one a day.
    due_key = models.CharField(max_length=60, null=True, unique=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    file = models.CharField(max_length=120, blank=True, default="")
    pages = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            one_scope("briefing_scope"),
            models.CheckConstraint(
                name="briefing_state",
                condition=Q(state__in=["asked", "making", "ready", "failed"]),
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
