"""What happened with services and telephones, in sentences: one for every audit event."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.people.history import Happened

SENTENCES: dict[str, str | Promise] = {
    "gateway.added": gettext_lazy("voegde dit kanaal toe"),
    "gateway.changed": gettext_lazy("wijzigde dit kanaal"),
    "gateway.switched_on": gettext_lazy("zette dit kanaal aan"),
    "gateway.switched_off": gettext_lazy("zette dit kanaal uit"),
    "gateway.tested": gettext_lazy("stuurde een proef over dit kanaal"),
    "phone.set": gettext_lazy("vulde het eigen mobiele nummer in"),
    "phone.code_sent": gettext_lazy("vroeg een nieuwe code voor het eigen nummer"),
    "phone.verified": gettext_lazy("bevestigde het eigen mobiele nummer"),
    "phone.removed": gettext_lazy("haalde het eigen mobiele nummer weg"),
}


def last_change(row: Any) -> Happened:
    """Who changed it last, for the page of somebody who was a moment too late."""
    found = AuditRow.objects.about(row._meta.label_lower, row.pk).select_related("actor").last()
    if found is None or found.actor is None:
        return Happened(clock.now(), _("Iemand"), _("wijzigde dit"))
    return Happened(found.at, found.actor.name, str(SENTENCES[found.event]))
