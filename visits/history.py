"""What happened with visits and hosts, in sentences: one for every audit event."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.people.history import Happened

SENTENCES: dict[str, str | Promise] = {
    "host.added": gettext_lazy("zette de organisatie in de lijst"),
    "host.changed": gettext_lazy("wijzigde de gegevens van de organisatie"),
    "visit.started": gettext_lazy("begon het werkbezoek"),
    "visit.changed": gettext_lazy("wijzigde gegevens van het bezoek"),
    "visit.moved": gettext_lazy("koos een andere dag of tijd"),
    "visit.confirmed": gettext_lazy("legde vast dat de gastorganisatie akkoord is"),
    "visit.held": gettext_lazy("meldde dat het bezoek is gehouden"),
    "visit.taken_back": gettext_lazy("maakte ‘gehouden’ ongedaan"),
    "visit.followed_up": gettext_lazy("sloot het bezoek af"),
    "visit.cancelled": gettext_lazy("zegde het bezoek af"),
    "visit.resumed": gettext_lazy("pakte het bezoek weer op"),
    "visit.option_added": gettext_lazy("stelde een moment voor"),
    "visit.option_withdrawn": gettext_lazy("haalde een moment weg"),
    "visit.option_answered": gettext_lazy("noteerde een antwoord op een moment"),
    "visit.figures_written": gettext_lazy("wijzigde de cijfers in de briefing"),
    "sheet.sent": gettext_lazy("noteerde dat een blad van het programma is verstuurd"),
    "companion.added": gettext_lazy("liet iemand meegaan"),
    "companion.changed": gettext_lazy("wijzigde wat iemand die dag doet"),
    "companion.ended": gettext_lazy("haalde iemand van het bezoek"),
}


def last_change(row: object) -> Happened:
    """Which person changed it last, for the page of somebody who was a moment too late."""
    rows = AuditRow.objects.about(row._meta.label_lower, row.pk).select_related("actor")  # type: ignore[attr-defined]
    found = rows.filter(actor__isnull=False).last()
    if found is None or found.actor is None:
        return Happened(clock.now(), _("Iemand"), _("wijzigde dit"))
    return Happened(found.at, found.actor.name, str(SENTENCES[found.event]))
