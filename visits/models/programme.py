"""The programme of a visit: its stops, and for what the host gave its go."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import uuid6
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal import clock
from visits.enums import Meets, StopPress, Use
from visits.models.visits import Visit

LONGEST_STOP = 480
MIDNIGHT = 24 * 60


def minutes_of(at: time) -> int:
    """Minutes after midnight on the wall clock."""
    return at.hour * 60 + at.minute


class StopQuerySet(models.QuerySet["Stop"]):
    """Reads of stops."""

    def standing(self) -> StopQuerySet:
        """Those of the present programme, in their order."""
        return self.filter(removed_at__isnull=True).order_by("order", "id")


class Stop(models.Model):
    """One part of the day. `starts` is on the wall clock, so that it goes along with another date.

    `travel` is how many minutes one needs to get there from the stop before it.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="stops")
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=120)
    starts = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    travel = models.PositiveSmallIntegerField(default=0)
    # A room or a spot; never a secret address.
    place = models.CharField(max_length=120, blank=True, default="")
    leads = models.CharField(max_length=80, blank=True, default="")
    speaks = models.CharField(max_length=120, blank=True, default="")
    aim = models.CharField(max_length=300, blank=True, default="")
    meets = models.CharField(max_length=8, default=Meets.STAFF)
    press = models.CharField(max_length=16, default=StopPress.NO)
    # The go of the host without which press is not welcome where victims are.
    press_go = models.ForeignKey("visits.Consent", null=True, on_delete=models.PROTECT, related_name="+")
    # How it went: set on the day, or afterwards.
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = StopQuerySet.as_manager()

    class Meta:
        ordering = ["visit_id", "order", "id"]
        constraints = [
            models.CheckConstraint(name="stop_meets", condition=Q(meets__in=[str(one) for one in Meets])),
            models.CheckConstraint(name="stop_press", condition=Q(press__in=[str(one) for one in StopPress])),
            models.CheckConstraint(
                name="stop_minutes", condition=Q(minutes__gte=1, minutes__lte=LONGEST_STOP, travel__lte=240)
            ),
            models.CheckConstraint(
                name="stop_press_where_victims_are",
                condition=~Q(meets=str(Meets.VICTIMS), press=str(StopPress.WELCOME))
                | Q(press_go__isnull=False),
                violation_error_message=_(
                    "Leg eerst vast dat de gastorganisatie akkoord is met pers bij dit onderdeel."
                ),
            ),
            models.CheckConstraint(
                name="stop_no_press_where_minors_are",
                condition=~Q(meets=str(Meets.MINORS)) | Q(press=str(StopPress.NO)),
                violation_error_message=_("Bij minderjarigen is geen pers. Kies bij pers: nee."),
            ),
            models.CheckConstraint(
                name="stop_went",
                condition=Q(ended_at__isnull=True) | Q(began_at__isnull=False, ended_at__gte=F("began_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def starts_minute(self) -> int:
        return minutes_of(self.starts)

    @property
    def ends_minute(self) -> int:
        return self.starts_minute + self.minutes

    @property
    def ends(self) -> time:
        """On the wall clock; no stop goes past midnight, 24:00 shows as 00:00."""
        return time(*divmod(self.ends_minute % MIDNIGHT, 60))

    @property
    def meets_label(self) -> str:
        return str(Meets(self.meets).label)

    def starts_on(self, visit: Visit) -> datetime | None:
        """The moment it begins, once the visit has a day."""
        return clock.at(visit.day, self.starts) if visit.day else None

    def ends_on(self, visit: Visit) -> datetime | None:
        begins = self.starts_on(visit)
        return begins + timedelta(minutes=self.minutes) if begins else None


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Reads of consents."""

    def standing(self) -> ConsentQuerySet:
        return self.filter(withdrawn_on__isnull=True)


class Consent(models.Model):
    """The go of the host for one use, at one stop or for the whole visit; never whose go it passes on.

    The host asks and keeps the consent of the people themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="consents")
    stop = models.ForeignKey(Stop, null=True, on_delete=models.PROTECT, related_name="consents")
    use = models.CharField(max_length=12)
    given_on = models.DateField()
    # As what somebody at the host said so.
    said_by = models.CharField(max_length=80)
    recorded_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    create_key = models.CharField(max_length=64, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["visit_id", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(name="consent_use", condition=Q(use__in=[str(one) for one in Use])),
            models.CheckConstraint(
                name="consent_withdrawn",
                condition=Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_on__gte=F("given_on"), withdrawn_by__isnull=False),
                violation_error_message=_("De dag van intrekken ligt niet voor de dag van het akkoord."),
            ),
            models.UniqueConstraint(
                fields=["stop", "use"],
                condition=Q(withdrawn_on__isnull=True, stop__isnull=False),
                name="consent_at_stop_once",
                violation_error_message=_("Dit akkoord staat er al."),
            ),
            models.UniqueConstraint(
                fields=["visit", "use"],
                condition=Q(withdrawn_on__isnull=True, stop__isnull=True),
                name="consent_of_visit_once",
                violation_error_message=_("Dit akkoord staat er al."),
            ),
        ]

    @property
    def use_label(self) -> str:
        return str(Use(self.use).label)

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_on is None
