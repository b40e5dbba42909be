"""What happened with people and their roles, in sentences: one for every audit event."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.audit.models import AuditRow
from portal.people.enums import Role
from portal.people.models import Invitation, Leave, Membership, Person
from portal.people.places import Place
from portal.ui.formatting import dag

SENTENCES: dict[str, str | Promise] = {
    "invitation.made": gettext_lazy("nodigde %(whom)s uit als %(role)s"),
    "invitation.resent": gettext_lazy("stuurde de uitnodiging aan %(whom)s opnieuw"),
    "invitation.withdrawn": gettext_lazy("trok de uitnodiging aan %(whom)s in"),
    "invitation.accepted": gettext_lazy("nam de uitnodiging als %(role)s aan"),
    "membership.given": gettext_lazy("gaf %(whom)s de rol %(role)s"),
    "membership.begun": gettext_lazy("begon als %(role)s"),
    "membership.changed": gettext_lazy("wijzigde de rol %(role)s van %(whom)s"),
    "membership.ended": gettext_lazy("beëindigde de rol %(role)s van %(whom)s"),
    "membership.handed_on": gettext_lazy("droeg de open acties van %(whom)s over"),
    "leave.announced": gettext_lazy("meldde verlof voor %(whom)s"),
    "leave.changed": gettext_lazy("wijzigde het verlof van %(whom)s"),
    "leave.ended": gettext_lazy("beëindigde het verlof van %(whom)s"),
    "leave.withdrawn": gettext_lazy("trok het verlof van %(whom)s in"),
    "leave.handed_back": gettext_lazy("gaf %(whom)s het overzicht van het verlof"),
    "person.mail_retried": gettext_lazy("liet het portaal weer mailen aan %(whom)s"),
    "person.changed": gettext_lazy("wijzigde de eigen gegevens"),
    "person.mail_tested": gettext_lazy("stuurde zichzelf een proefmail"),
    "person.signed_in": gettext_lazy("meldde zich aan"),
    "person.sign_in_failed": gettext_lazy("iemand vulde een verkeerd wachtwoord in"),
    "person.password_changed": gettext_lazy("wijzigde het eigen wachtwoord"),
    "person.password_reset": gettext_lazy("koos een nieuw wachtwoord via de link in een mail"),
    "person.second_factor_added": gettext_lazy("zette de eigen tweede factor aan"),
    "person.second_factor_removed": gettext_lazy("zette de eigen tweede factor uit"),
    "person.recovery_codes_made": gettext_lazy("maakte nieuwe herstelcodes"),
}
# Not in the list of a place: what concerns nobody but the person, and what another line says already.
_NOT_LISTED = {
    "person.changed",
    "person.mail_tested",
    "person.signed_in",
    "person.sign_in_failed",
    "person.password_changed",
    "person.password_reset",
    "person.second_factor_added",
    "person.second_factor_removed",
    "person.recovery_codes_made",
    "membership.begun",
    "leave.handed_back",
}
SHOWN = 15


@dataclass(frozen=True)
class Happened:
    """One line of history."""

    at: datetime
    who: str
    what: str
    detail: str = ""


def in_place(place: Place) -> list[Happened]:
    """The newest first; five queries however many lines."""
    fields = place.as_fields()
    rows = list(
        AuditRow.objects.filter(
            event__in=[event for event in SENTENCES if event not in _NOT_LISTED], **fields
        )
        .select_related("actor")
        .order_by("-id")[:SHOWN]
    )
    about = _About(rows)
    return [about.line(row) for row in rows]


def last_change(row: Any) -> Happened:
    """Who changed it last, for the page of somebody who was a moment too late."""
    found = (
        # Other apps record things about a person too; this page is of the ones that have a sentence here.
        AuditRow.objects.filter(
            object_type=row._meta.label_lower, object_id=row.pk, event__in=list(SENTENCES)
        )
        .select_related("actor")
        .order_by("-id")
        .first()
    )
    if found is None:
        return Happened(clock.now(), _("Iemand"), _("wijzigde dit"))
    return _About([found]).line(found)


class _About:
    """The people and roles that a handful of audit rows speak of, read once."""

    def __init__(self, rows: list[AuditRow]) -> None:
        ids = [row.object_id for row in rows]
        self.invitations: dict[UUID, Invitation] = Invitation.objects.in_bulk(ids)
        self.memberships: dict[UUID, Membership] = Membership.objects.select_related("person").in_bulk(ids)
        self.leaves: dict[UUID, Leave] = Leave.objects.select_related("person").in_bulk(ids)
        self.persons: dict[UUID, Person] = Person.objects.in_bulk(ids)

    def line(self, row: AuditRow) -> Happened:
        words = self._words(row)
        who = row.actor.name if row.actor else _("Het portaal")
        sentence = str(SENTENCES.get(row.event, row.event))
        return Happened(row.at, who, sentence % words if "%(" in sentence else sentence, _detail(row))

    def _words(self, row: AuditRow) -> dict[str, str]:
        whom, role = "", row.changes.get("role", "")
        if invitation := self.invitations.get(row.object_id):
            whom, role = invitation.name or invitation.email, invitation.role
        elif membership := self.memberships.get(row.object_id):
            whom, role = membership.person.name, membership.role
            if membership.person_id == row.actor_id:
                whom = _("zichzelf")
        elif leave := self.leaves.get(row.object_id):
            whom = leave.person.name if leave.person_id != row.actor_id else _("zichzelf")
        elif person := self.persons.get(row.object_id):
            whom = person.name
        return {"whom": whom or _("iemand"), "role": str(Role(role).label) if role in set(Role) else role}


def _detail(row: AuditRow) -> str:
    """What changed of a period or how much was handed on, where that says more than the sentence."""
    if row.event in ("membership.changed", "leave.announced", "leave.changed") and isinstance(
        row.changes.get("ends_on"), dict
    ):
        new = row.changes["ends_on"]["new"]
        return (
            _("tot en met %(day)s") % {"day": dag(date.fromisoformat(new))} if new else _("zonder einddatum")
        )
    count = row.changes.get("handed_on")
    return _("%(count)s overgedragen") % {"count": count} if count else ""
