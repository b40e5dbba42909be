"""Closed days and recess of a municipality, or of all when none is named."""

import uuid6
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.municipalities.models import Municipality


class ClosedDay(models.Model):
    """A day on which the town hall is shut, on top of weekends and holidays."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="closed_days")
    day = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "day"],
                name="closed_day_once",
                violation_error_message=_("Deze dag staat al in de lijst."),
            )
        ]


class Recess(models.Model):
    """A period in which the council or college does not meet: named in plans, never skipped."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="recesses")
    starts_on = models.DateField()
    ends_on = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="recess_period",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("De einddatum ligt vóór de begindatum."),
            )
        ]
