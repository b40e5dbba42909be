"""Reminders, notices, what people chose to hear and when, and the heartbeat of the engine."""

from datetime import time

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
    # "-5" … "+2": office days from the due day; "-5u": hours from the due moment;
    # "lead" and "role": escalations;
    # "to:…": the new holder hears once; "re:…": the mail of a person was refused;
    # "later:…": `holder_person` asked to hear it again on this day.
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
    # Goes out at once, also at night, through every channel a person has; cannot be put off.
    urgent = models.BooleanField(default=False)
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
            # By scope within a moment: what is claimed together then asks about few people.
            models.Index(
                fields=["fires_at", "municipality", "driehoek"],
                name="reminder_due",
                condition=Q(state__in=["planned", "claimed"]),
            ),
        ]


class Notice(models.Model):
    """What one person must hear because one reminder fired.

    `state`: waiting (for its moment, `speaks_at`) → told (in `message`), shown (in the portal only),
    or gone (it did not hold any more, or another must hear it).
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    reminder = models.ForeignKey(Reminder, null=True, on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="notices")
    message = models.ForeignKey("mail.Message", null=True, on_delete=models.PROTECT, related_name="notices")
    # Which of the known texts it is; the words come from a fixed vocabulary, never from a person.
    name = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="waiting")
    speaks_at = models.DateTimeField(default=clock.now)
    # Who hears it stands in for somebody who is away.
    stands_in = models.BooleanField(default=False)
    # What goes over other channels beside the mail.
    also = models.ManyToManyField("mail.Message", related_name="also_of")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["reminder", "person"], name="notice_once"),
            models.CheckConstraint(
                name="notice_state", condition=Q(state__in=["waiting", "told", "shown", "gone"])
            ),
        ]
        indexes = [
            models.Index(fields=["speaks_at"], name="notice_waiting", condition=Q(state="waiting")),
            models.Index(fields=["person", "-created_at"], name="notice_of_person"),
        ]


class Choices(models.Model):
    """When one person wants to hear what is not urgent; no row means the defaults.

    Times are on the Amsterdam wall clock. Quiet hours may pass midnight; equal ends mean none.
    """

    person = models.OneToOneField(
        "people.Person", primary_key=True, on_delete=models.CASCADE, related_name="choices"
    )
    digest_at = models.TimeField(default=time(7, 15))
    every_day = models.BooleanField(default=False)
    quiet_from = models.TimeField(default=time(20, 0))
    quiet_until = models.TimeField(default=time(7, 0))
    # False after "uitschrijven": ordinary reminders then stand in the portal only.
    by_mail = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)


class Silence(models.Model):
    """One person hears one thing again later, because: ordinary reminders wait, no date moves."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    source = models.CharField(max_length=20)
    object_id = models.UUIDField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=clock.now)
    create_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["source", "object_id", "person"], name="silence_of_object")]


class Heartbeat(models.Model):
    """When a part of the engine last showed itself."""

    part = models.CharField(max_length=12, primary_key=True)
    at = models.DateTimeField()
