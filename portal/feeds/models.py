"""Secret calendar addresses of a person."""

import uuid6
from django.db import models
from django.db.models import Q

from portal import clock
from portal.feeds.enums import Level


class Feed(models.Model):
    """A secret address at which one device or calendar of a person reads what the person sees.

    Only a hash of the address is kept; it is shown once. A revoked feed stays, so that its address is
    known to have ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="feeds")
    label = models.CharField(max_length=40)
    token_hash = models.CharField(max_length=64, unique=True)
    level = models.CharField(max_length=8, default=Level.BUSY)
    # Keys of sources, and of alarms.
    contents = models.JSONField(default=list)
    alarms = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(name="feed_level", condition=Q(level__in=["busy", "kind", "titles"])),
        ]
        indexes = [models.Index(fields=["person"], name="feed_open", condition=Q(revoked_at__isnull=True))]

    def __str__(self) -> str:
        return self.label
