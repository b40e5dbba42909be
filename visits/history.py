"""What happened with visits and hosts, in sentences: one for every audit event."""

from django.db.models import Model
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
    "visit.written_down": gettext_lazy("schreef op wat het bezoek opleverde"),
    "visit.reported": gettext_lazy("legde vast wie is ingelicht"),
    "visit.resumed": gettext_lazy("pakte het bezoek weer op"),
    "visit.option_added": gettext_lazy("stelde een moment voor"),
    "visit.option_withdrawn": gettext_lazy("haalde een moment weg"),
    "visit.option_answered": gettext_lazy("noteerde een antwoord op een moment"),
    "visit.figures_written": gettext_lazy("wijzigde de cijfers in de briefing"),
    "sheet.sent": gettext_lazy("noteerde dat een blad van het programma is verstuurd"),
    "companion.added": gettext_lazy("liet iemand meegaan"),
    "companion.changed": gettext_lazy("wijzigde wat iemand die dag doet"),
    "companion.ended": gettext_lazy("haalde iemand van het bezoek"),
    "programme.changed": gettext_lazy("wijzigde het programma"),
    "stop.began": gettext_lazy("meldde dat een onderdeel begon"),
    "stop.ended": gettext_lazy("meldde dat een onderdeel klaar was"),
    "stop.undone": gettext_lazy("maakte ‘begonnen’ of ‘klaar’ ongedaan"),
    "visit.times_noted": gettext_lazy("noteerde hoe lang de onderdelen duurden"),
    "consent.given": gettext_lazy("legde een akkoord van de gastorganisatie vast"),
    "consent.withdrawn": gettext_lazy("legde vast dat een akkoord is ingetrokken"),
}


def history_of(visit: Model, *, limit: int = 30) -> list[Happened]:
    """What happened with a visit, the newest first; one query."""
    rows = AuditRow.objects.about(visit._meta.label_lower, visit.pk).select_related("actor")
    return [
        Happened(
            row.at,
            row.actor.name if row.actor else _("Het portaal"),
            str(SENTENCES.get(row.event, row.event)),
        )
        for row in rows.order_by("-at", "-id")[:limit]
    ]


def last_change(row: Model) -> Happened:
    """Which person changed it last, for the page of somebody who was a moment too late."""
    rows = AuditRow.objects.about(row._meta.label_lower, row.pk).select_related("actor")
    found = rows.filter(actor__isnull=False).last()
    if found is None or found.actor is None:
        return Happened(clock.now(), _("Iemand"), _("wijzigde dit"))
    return Happened(found.at, found.actor.name, str(SENTENCES[found.event]))
