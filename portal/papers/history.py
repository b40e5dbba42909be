"""What happened with papers, in sentences: one for every audit event."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.people.history import Happened

SENTENCES: dict[str, str | Promise] = {
    "paper.added": gettext_lazy("voegde dit stuk toe"),
    "paper.version_added": gettext_lazy("voegde een nieuwe versie van dit stuk toe"),
    "paper.checked": gettext_lazy("keek dit stuk na"),
    "paper.refused": gettext_lazy("weigerde dit stuk"),
    "paper.withdrawn": gettext_lazy("haalde dit stuk weg"),
    "pack.asked": gettext_lazy("vroeg om een bundel"),
    "pack.retried": gettext_lazy("liet de bundel opnieuw maken"),
}


def last_change(row: Any) -> Happened:
    """Which person changed it last, for the page of somebody who was a moment too late."""
    rows = AuditRow.objects.about(row._meta.label_lower, row.pk).select_related("actor")
    found = rows.filter(actor__isnull=False).last()
    if found is None or found.actor is None:
        return Happened(clock.now(), _("Iemand"), _("wijzigde dit"))
    return Happened(found.at, found.actor.name, str(SENTENCES[found.event]))
