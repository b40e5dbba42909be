"""Figures in the briefing of a visit, each with where it comes from."""

import uuid6
from django.db import models

from visits.models.visits import Visit

MOST_FIGURES = 5


class Figure(models.Model):
    """One figure about the theme or the host, with source and the day it was looked up."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="figures")
    order = models.PositiveSmallIntegerField(default=0)
    # As it is printed: "1.240", "8 weken", "62 %".
    value = models.CharField(max_length=40)
    about = models.CharField(max_length=160)
    source = models.CharField(max_length=160)
    as_of = models.DateField()

    class Meta:
        ordering = ["visit_id", "order", "id"]

    def __str__(self) -> str:
        return f"{self.value} {self.about}"
