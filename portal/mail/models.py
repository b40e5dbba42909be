"""The outbox."""

import uuid6
from django.db import models
from django.db.models import Q

from portal import clock


class Message(models.Model):
    """One delivery to one address. Its Message-ID is fixed at birth, so a second try is the same mail.

    `state`: planned → claimed → sent, refused (for good) or cancelled (it must not go any more).
    The body is emptied once the mail is out: links that let somebody in do not stay in the database.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    message_id = models.CharField(max_length=120, unique=True)
    thread_id = models.CharField(max_length=120, blank=True, default="")
    # Where one press ends mails of this sort; it becomes the List-Unsubscribe headers.
    unsubscribe_url = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=10, default="planned")
    fires_at = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True)
    lease_id = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_state",
                condition=Q(state__in=["planned", "claimed", "sent", "refused", "cancelled"]),
            )
        ]
        indexes = [
            models.Index(
                fields=["fires_at"],
                name="message_due",
                condition=Q(state__in=["planned", "claimed"]),
            ),
        ]
