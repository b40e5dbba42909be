"""Secret calendar addresses of a person, and invitations that are answered on a page."""

import uuid6
from django.db import models
from django.db.models import Q

from portal import clock
from portal.feeds.enums import Level
from portal.mail.models import Message
from portal.municipalities.models import Scoped, one_scope


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


class Invitation(Scoped):
    """One person, or one guest from outside, asked for one occasion of a source; and the answer.

    What was last written stands here: with which sequence, and what it said (hours, and a hash of the
    place), so that each change is told once. Of a mail that waits still: what the last one said that did
    leave, and what was answered to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    source = models.CharField(max_length=20)
    object_id = models.UUIDField()
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    # Of a guest without an account; a person's are read from the person.
    name = models.CharField(max_length=120, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=2, default="nl")
    answer = models.CharField(max_length=5, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    invited_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    # How many mails went or will go; one that was taken back before it left does not count.
    mails = models.PositiveSmallIntegerField(default=0)
    sent_sequence = models.PositiveIntegerField(default=0)
    sent_facts = models.CharField(max_length=160, blank=True, default="")
    left_facts = models.CharField(max_length=160, blank=True, default="")
    left_answer = models.CharField(max_length=5, blank=True, default="")
    left_answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            one_scope("invited_scope"),
            models.CheckConstraint(name="invited_answer", condition=Q(answer__in=["", "yes", "no", "maybe"])),
            models.CheckConstraint(
                name="invited_who",
                condition=Q(person__isnull=False, email="") | Q(person=None) & ~Q(email=""),
            ),
            models.UniqueConstraint(
                fields=["source", "object_id", "person"],
                condition=Q(withdrawn_at__isnull=True, person__isnull=False),
                name="invited_person_once",
            ),
            models.UniqueConstraint(
                fields=["source", "object_id", "email"],
                condition=Q(withdrawn_at__isnull=True, person__isnull=True),
                name="invited_guest_once",
            ),
        ]
        indexes = [models.Index(fields=["source", "object_id"], name="invited_of_object")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def who(self) -> str:
        """The name; join the person before you list."""
        return self.person.name if self.person else self.name

    @property
    def address(self) -> str:
        return self.person.email if self.person else self.email

    @property
    def reads(self) -> str:
        """The language of the mails and the page."""
        return self.person.language if self.person else self.language

    @property
    def mail_was_refused(self) -> bool:
        return self.message is not None and self.message.state == "refused"
