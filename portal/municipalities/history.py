"""What happened with telephone numbers and mailboxes, in sentences: one for every audit event."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.municipalities.actions import Recorded
from portal.municipalities.models import Municipality, PhoneNumber
from portal.people.history import Happened

SENTENCES: dict[str, str | Promise] = {
    "number.changed": gettext_lazy("wijzigde dit nummer"),
    "number.checked": gettext_lazy("controleerde dit nummer"),
    "municipality.mailbox_changed": gettext_lazy("wijzigde de postbus"),
}


def last_change(row: PhoneNumber) -> Happened:
    """Who changed or checked the number last, for the page of somebody who was a moment too late."""
    found = AuditRow.objects.about(row._meta.label_lower, Recorded(row).pk).select_related("actor").last()
    if found is None or found.actor is None:
        return Happened(clock.now(), _("Iemand"), str(SENTENCES["number.changed"]))
    return Happened(found.at, found.actor.name, str(SENTENCES[found.event]))


def last_mailbox_change(municipality: Municipality) -> Happened:
    """Who changed the mailbox last, for the page of somebody who was a moment too late."""
    event = "municipality.mailbox_changed"
    rows = AuditRow.objects.about(municipality._meta.label_lower, municipality.pk).filter(event=event)
    found = rows.select_related("actor").last()
    if found is None or found.actor is None:
        return Happened(clock.now(), _("Iemand"), str(SENTENCES[event]))
    return Happened(found.at, found.actor.name, str(SENTENCES[event]))
