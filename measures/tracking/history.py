"""What happened, in sentences: one for every audit event of measures and actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.people.enums import Role
from portal.people.models import Person

SENTENCES: dict[str, str | Promise] = {
    "measure.started": gettext_lazy("startte de maatregel"),
    "measure.completed": gettext_lazy("rondde de maatregel af"),
    "measure.renamed": gettext_lazy("gaf de maatregel een andere titel"),
    "measure.stopped": gettext_lazy("stopte de maatregel"),
    "measure.reopened": gettext_lazy("heropende de maatregel"),
    "measure.anchor_moved": gettext_lazy("verzette een ijkdatum"),
    "action.added": gettext_lazy("voegde deze actie toe"),
    "action.begun": gettext_lazy("pakte de actie op"),
    "action.finished": gettext_lazy("meldde de actie klaar"),
    "action.undone": gettext_lazy("maakte ‘klaar’ ongedaan"),
    "action.dropped": gettext_lazy("liet de actie vervallen"),
    "action.reopened": gettext_lazy("heropende de actie"),
    "action.put_off": gettext_lazy("wil dit later weer horen"),
    "action.handed_over": gettext_lazy("droeg de actie over"),
    "action.moved": gettext_lazy("verschoof de actie mee"),
    "action.pinned": gettext_lazy("zette de datum vast"),
    "action.unpinned": gettext_lazy("liet de datum los"),
    "action.ticked": gettext_lazy("werkte de checklist bij"),
    "action.noted": gettext_lazy("schreef een notitie"),
    "appointment.planned": gettext_lazy("plande de afspraak"),
    "appointment.changed": gettext_lazy("wijzigde de afspraak"),
    "appointment.cancelled": gettext_lazy("zegde de afspraak af"),
}


@dataclass(frozen=True)
class Happened:
    """One line of history."""

    at: datetime
    who: str
    what: str
    detail: str


def _day(value: Any) -> str:
    from portal.ui.formatting import datum, moment

    if not value:
        return _("datum volgt")
    if len(str(value)) > 10:
        return moment(datetime.fromisoformat(value))
    return datum(date.fromisoformat(value))


def _holder(value: Any, names: dict[str, str]) -> str:
    if value in set(Role):
        return str(Role(value).label)
    return names.get(str(value), _("onbekend"))


def _detail(row: AuditRow, names: dict[str, str]) -> str:
    for field in ("due", "date", "starts_at"):
        if isinstance(row.changes.get(field), dict):
            change = row.changes[field]
            if change["old"] is None:
                return _day(change["new"])
            return _("van %(old)s naar %(new)s") % {"old": _day(change["old"]), "new": _day(change["new"])}
    if "holder" in row.changes:
        change = row.changes["holder"]
        if change["old"] is None:
            return _holder(change["new"], names)
        return _("van %(old)s naar %(new)s") % {
            "old": _holder(change["old"], names),
            "new": _holder(change["new"], names),
        }
    if "line" in row.changes:
        return _("regel %(line)s: %(state)s") % {
            "line": row.changes["line"],
            "state": _("gedaan") if row.changes["done"] else _("weer open"),
        }
    return ""


def _both(change: Any) -> list[Any]:
    return list(change.values()) if isinstance(change, dict) else []


def _who(row: AuditRow, names: dict[str, str]) -> str:
    """Who did it, and in whose name when that is somebody else's."""
    who = row.actor.name if row.actor else _("Het portaal")
    whom = row.changes.get("for")
    if not whom:
        return who
    if whom == Role.BURGEMEESTER:
        return _("%(who)s, namens de burgemeester,") % {"who": who}
    return _("%(who)s, namens %(whom)s,") % {"who": who, "whom": names.get(str(whom), _("een collega"))}


def history(about: Any, *, limit: int = 50) -> list[Happened]:
    """The newest first; two queries however many lines."""
    rows = AuditRow.objects.filter(object_type=about._meta.label_lower, object_id=about.pk)
    return happened(list(rows.select_related("actor").order_by("-at", "-id")[:limit]))


def happened(rows: Sequence[AuditRow]) -> list[Happened]:
    """These rows as lines, in their order; one query for the names, the actors are joined."""
    named = [
        value
        for row in rows
        for value in (*_both(row.changes.get("holder")), row.changes.get("for"))
        if value and value not in set(Role)
    ]
    persons = {str(value) for value in named}
    names = {str(one.pk): one.name for one in Person.objects.filter(pk__in=persons)} if persons else {}
    return [
        Happened(
            row.at,
            _who(row, names),
            str(SENTENCES.get(row.event, row.event)),
            _detail(row, names),
        )
        for row in rows
    ]


def last_change(about: Any) -> Happened:
    """Who changed it last, for the page of somebody who was a moment too late."""
    found = history(about, limit=1)
    return found[0] if found else Happened(clock.now(), _("Iemand"), _("wijzigde dit"), "")
