"""What people did with their feeds and invitations, in sentences: one for every audit event."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.people.history import Happened

SENTENCES: dict[str, str | Promise] = {
    "feed.made": gettext_lazy("maakte een agenda-link"),
    "feed.changed": gettext_lazy("wijzigde een agenda-link"),
    "feed.revoked": gettext_lazy("trok een agenda-link in"),
    "guest.invited": gettext_lazy("nodigde iemand uit voor een afspraak"),
    "guest.answered": gettext_lazy("antwoordde op een uitnodiging"),
    "guest.withdrawn": gettext_lazy("trok een uitnodiging voor een afspraak in"),
}


def last_change(row: Any) -> Happened:
    """What changed this last, for a page that was shown before it."""
    rows = AuditRow.objects.about(row._meta.label_lower, row.pk).filter(event__in=list(SENTENCES))
    found = rows.select_related("actor").last()
    if found is None or found.actor is None:
        return Happened(clock.now(), _("Iemand"), _("wijzigde dit"))
    return Happened(found.at, found.actor.name, str(SENTENCES[found.event]))
