"""Reminders, notices and the heartbeat of the engine."""

import uuid6
from django.db import models
from django.db.models import Q

from portal import clock
from portal.municipalities.models import Scoped, one_scope


class Reminder(Scoped):
    """A planned moment at which somebody must hear about one deadline, by one rule.

    `state`: planned → claimed → fired, or cancelled. A claim is a lease: after `lease_until` a
    sweep may claim the row again, so a killed worker loses nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    source = models.CharField(max_length=20)
    object_id = models.UUIDField()
    # "-5" … "+2": office days (or hours) from the due moment; "lead" and "role": escalations;
    # "to:…": the new holder hears once; "re:…": the mail of a person was refused.
    rule = models.CharField(max_length=16)
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    # One text for either due, so that the unique key also holds where one of them is null.
    due_key = models.CharField(max_length=32)
    fires_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="planned")
    lease_until = models.DateTimeField(null=True)
    lease_id = models.UUIDField(null=True)
    holder_role = models.CharField(max_length=24, blank=True, default="")
    holder_person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    # What happens if nobody acts: published words of a step, never typed by hand.
    consequence = models.CharField(max_length=300, blank=True, default="")
    replaces_due = models.CharField(max_length=32, blank=True, default="")
    fired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_scope("reminder_scope"),
            models.UniqueConstraint(fields=["source", "object_id", "rule", "due_key"], name="reminder_once"),
            models.CheckConstraint(
                name="reminder_state",
                condition=Q(state__in=["planned", "claimed", "fired", "cancelled"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["fires_at"],
                name="reminder_due",
                condition=Q(state__in=["planned", "claimed"]),
            ),
        ]


class Notice(models.Model):
    """What one person must hear because one reminder fired (or an invitation was made, and so on)."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    reminder = models.ForeignKey(Reminder, null=True, on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="notices")
    message = models.ForeignKey("mail.Message", null=True, on_delete=models.PROTECT, related_name="notices")
    # Which of the known texts it is; the words come from a fixed vocabulary, never from a person.
    name = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["reminder", "person"], name="notice_once"),
        ]


class Heartbeat(models.Model):
    """When a part of the engine last showed itself."""

    part = models.CharField(max_length=12, primary_key=True)
    at = models.DateTimeField()
