"""What happened to briefings and when they come, in sentences."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.people.history import Happened

SENTENCES: dict[str, str | Promise] = {
    "briefing.asked": gettext_lazy("vroeg om een briefing"),
    "briefing.retried": gettext_lazy("liet de briefing opnieuw maken"),
    "timetable.changed": gettext_lazy("veranderde wanneer een briefing komt"),
}


def last_change(row: Any) -> Happened:
    """Who changed it last, for the page of somebody who was a moment too late."""
    found = AuditRow.objects.about(row._meta.label_lower, row.pk).select_related("actor").last()
    if found is None or found.actor is None:
        return Happened(clock.now(), _("Iemand"), _("wijzigde dit"))
    return Happened(found.at, found.actor.name, str(SENTENCES[found.event]))
