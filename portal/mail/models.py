"""The outbox and the services through which it leaves."""

import uuid6
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.municipalities.models import Driehoek, Municipality


class Gateway(models.Model):
    """A service that takes messages over HTTPS: for one municipality, one driehoek, or the whole country.

    Of sms and voice at most one is in use for each owner; of webhooks as many as somebody needs. The
    headers and the signing secret are sealed and bound to the row; nobody reads them back on a page.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.PROTECT, related_name="+")
    driehoek = models.ForeignKey(Driehoek, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    method = models.CharField(max_length=4, default="POST")
    # "json" or "form": how the body is written, and with GET the query.
    encoding = models.CharField(max_length=4, default="json")
    body = models.TextField(blank=True, default="")
    sealed_headers = models.TextField(blank=True, default="")
    sealed_secret = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    last_ok_at = models.DateTimeField(null=True)
    last_failed_at = models.DateTimeField(null=True)
    # A status code or the type of an error; never what the other side wrote.
    last_error = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [
            models.CheckConstraint(
                name="gateway_scope",
                condition=Q(municipality__isnull=True) | Q(driehoek__isnull=True),
                violation_error_message=_("Kies één gemeente, één driehoek of landelijk."),
            ),
            models.CheckConstraint(
                name="gateway_words",
                condition=Q(
                    kind__in=["sms", "voice", "webhook"],
                    method__in=["POST", "GET", "PUT"],
                    encoding__in=["json", "form"],
                ),
            ),
            models.UniqueConstraint(
                fields=["kind", "municipality"],
                condition=Q(is_active=True, kind__in=["sms", "voice"], municipality__isnull=False),
                name="gateway_once_municipality",
            ),
            models.UniqueConstraint(
                fields=["kind", "driehoek"],
                condition=Q(is_active=True, kind__in=["sms", "voice"], driehoek__isnull=False),
                name="gateway_once_driehoek",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(
                    is_active=True,
                    kind__in=["sms", "voice"],
                    municipality__isnull=True,
                    driehoek__isnull=True,
                ),
                name="gateway_once_national",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """One delivery to one address. Its Message-ID is fixed at birth, so a second try is the same mail.

    `state`: planned → claimed → sent, refused (for good) or cancelled (it must not go any more).
    The body is emptied once it is out: links that let somebody in do not stay in the database.

    `channel` is "mail" unless said otherwise. Of "sms", "voice" and "webhook" `text` is the whole body
    (of a webhook its JSON), `subject` and `html` are empty, `gateway` says through which service it
    goes, and `address` is empty: the number is read from the person's telephone at the moment of
    delivery, so that it is copied nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, default="mail")
    gateway = models.ForeignKey("mail.Gateway", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField(blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    # An iCalendar object with a METHOD, for mail programs that put it in a calendar; none in most mails.
    calendar = models.TextField(blank=True, default="")
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
            ),
            models.CheckConstraint(
                name="message_channel",
                condition=(Q(channel="mail", gateway__isnull=True) & ~Q(address=""))
                | Q(channel__in=["sms", "voice"], address="", gateway__isnull=False, person__isnull=False)
                | Q(channel="webhook", address="", gateway__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["fires_at"],
                name="message_due",
                condition=Q(state__in=["planned", "claimed"]),
            ),
        ]


class Phone(models.Model):
    """Somebody's own number for urgent messages: sealed, bound to the row, and opened only to send.

    It counts once `verified_at` is set. Of the code that proves it only a keyed hash is kept, with the
    message that carries it; that one message may go to a number that is not verified yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="phone")
    sealed_number = models.TextField()
    verified_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True, default="")
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    code_message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
