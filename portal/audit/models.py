"""Audit rows and their seals; the database refuses to change or delete either."""

from typing import Any

import uuid6
from django.db import models

from portal import clock
from portal.municipalities.models import Scope


class AuditQuerySet(models.QuerySet["AuditRow"]):
    """Reads of the audit record."""

    def about(self, object_type: str, object_id: Any) -> "AuditQuerySet":
        return self.filter(object_type=object_type, object_id=object_id).order_by("at", "id")


class AuditRow(models.Model):
    """One thing that happened: event, actor, moment, origin, object, scope, changes."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    event = models.CharField(max_length=60)
    actor = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    origin = models.CharField(max_length=12)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    # Ids, not foreign keys with cascade: the record outlives what it speaks of.
    municipality_id = models.UUIDField(null=True)
    driehoek_id = models.UUIDField(null=True)
    changes = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "at"], name="audit_object"),
            models.Index(fields=["municipality_id", "driehoek_id", "id"], name="audit_scope"),
        ]

    @property
    def scope(self) -> Scope | None:
        if self.municipality_id is None and self.driehoek_id is None:
            return None
        return Scope(self.municipality_id, self.driehoek_id)


class AuditSeal(models.Model):
    """The hash of one audit row chained to the seal before it in the same scope."""

    row = models.OneToOneField(AuditRow, primary_key=True, on_delete=models.PROTECT)
    chain = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["chain", "number"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="audit_seal_number"),
        ]


class ViewRow(models.Model):
    """That somebody read something; written by record_view on pages that declare it."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id", "at"], name="audit_view_object")]
