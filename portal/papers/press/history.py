"""What happened with texts for the press, in sentences: one for every audit event."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.people.history import Happened

SENTENCES: dict[str, str | Promise] = {
    "press.planned": gettext_lazy("plande deze tekst"),
    "press.written": gettext_lazy("schreef aan deze tekst"),
    "press.approval_asked": gettext_lazy("vroeg om akkoord"),
    "press.approved": gettext_lazy("gaf akkoord"),
    "press.objected": gettext_lazy("gaf geen akkoord"),
    "press.taken_back": gettext_lazy("nam de tekst terug als concept"),
    "press.released": gettext_lazy("gaf de tekst vrij"),
    "press.placed": gettext_lazy("noteerde dat de tekst is geplaatst"),
    "press.withdrawn": gettext_lazy("trok de tekst in"),
}


def history(row: Any) -> list[Happened]:
    """What happened with this text, the newest first."""
    rows = AuditRow.objects.about(row._meta.label_lower, row.pk).select_related("actor")
    return [
        Happened(one.at, one.actor.name if one.actor else _("Het portaal"), str(SENTENCES[one.event]))
        for one in reversed(list(rows))
        if one.event in SENTENCES
    ]


def last_change(row: Any) -> Happened:
    """Which person changed it last, for the page of somebody who was a moment too late."""
    found = next(iter(history(row)), None)
    return found or Happened(clock.now(), _("Iemand"), _("wijzigde dit"))
