"""What was told afterwards, and to whom."""

import uuid6
from django.db import models
from django.db.models import Q

from portal import clock
from visits.enums import ReportTo
from visits.models.visits import Visit


class Report(models.Model):
    """Somebody was told what the visit brought: to whom, on which day, and where the paper is kept."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="reports")
    to = models.CharField(max_length=10)
    on = models.DateField()
    kept_in = models.CharField(max_length=160, blank=True, default="")
    recorded_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    create_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["visit_id", "on", "id"]
        constraints = [
            models.CheckConstraint(name="report_to", condition=Q(to__in=[str(one) for one in ReportTo])),
        ]

    @property
    def to_label(self) -> str:
        return str(ReportTo(self.to).label)
