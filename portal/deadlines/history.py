"""What people changed in how they hear, in sentences: one for every audit event."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.people.history import Happened
from portal.people.models import Person

SENTENCES: dict[str, str | Promise] = {
    "choices.changed": gettext_lazy("wijzigde wanneer herinneringen komen"),
    "choices.unsubscribed": gettext_lazy("schreef zich uit voor de verzamelmail"),
}


def last_change(person: Person) -> Happened:
    """What changed these choices last, for a page that was shown before it."""
    rows = AuditRow.objects.about(person._meta.label_lower, person.pk).filter(event__in=list(SENTENCES))
    found = rows.select_related("actor").last()
    if found is None or found.actor is None:
        return Happened(clock.now(), _("Iemand"), _("wijzigde dit"))
    return Happened(found.at, found.actor.name, str(SENTENCES[found.event]))
