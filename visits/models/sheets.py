"""Which sheet of the programme was sent to host or press, and when."""

import uuid6
from django.db import models
from django.db.models import Q

from portal import clock
from visits.enums import Sheet
from visits.models.visits import Visit


class SheetSent(models.Model):
    """Somebody of the office sent a sheet by file; the briefing row keeps what it said."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="sheets_sent")
    audience = models.CharField(max_length=12)
    briefing = models.ForeignKey("briefings.Briefing", on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    sent_on = models.DateField()
    recorded_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    create_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["visit_id", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="sheet_sent_audience", condition=Q(audience__in=[str(one) for one in Sheet])
            ),
        ]
