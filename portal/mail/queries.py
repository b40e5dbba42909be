"""What the page Kanalen and the page of one's own number show."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.mail.actions.gateways import thread_of_tests
from portal.mail.models import Gateway, Message, Phone
from portal.mail.permissions import can_manage_channel
from portal.municipalities.models import Driehoek, Scope
from portal.people.first_steps import WAITS_LONG
from portal.people.models import Person
from portal.people.places import Place, own_places, place_of
from portal.ui.formatting import moment

KINDS: dict[str, str | Promise] = {
    "sms": gettext_lazy("Sms"),
    "voice": gettext_lazy("Gesproken bericht"),
    "webhook": gettext_lazy("Webhook"),
}


def places(person: Person) -> list[Place]:
    """Where this person keeps the services: own municipalities; nationally also every driehoek."""
    found = own_places(person)
    if can_manage_channel(person, None):
        found.append(Place(None, _("Landelijk")))
        found += [
            Place(Scope(driehoek_id=row.pk), row.name) for row in Driehoek.objects.order_by("name", "id")
        ]
    return found


def kept_by(person: Person) -> "QuerySet[Gateway]":
    """The services that this person keeps."""
    own = Gateway.objects.filter(municipality_id__in=[place.owner_id for place in own_places(person)])
    if can_manage_channel(person, None):
        own = own | Gateway.objects.filter(municipality__isnull=True)
    return own.select_related("municipality", "driehoek")


@dataclass(frozen=True)
class LastTest:
    """How the last test of a service went: `state` is "", "busy", "ok" or "late"; `text` says it."""

    state: str
    text: str


@dataclass(frozen=True)
class Channel:
    """One service as the list shows it."""

    row: Gateway
    kind: str
    place: Place
    test: LastTest
    trouble: str


def channels(person: Person) -> list[Channel]:
    """All services that this person keeps; two queries however many."""
    rows = list(kept_by(person).order_by("-is_active", "kind", "name", "id"))
    threads = {thread_of_tests(row): row.pk for row in rows}
    newest: dict[str, Message] = {
        one.thread_id: one
        for one in Message.objects.filter(gateway__in=rows, thread_id__in=list(threads)).order_by(
            "created_at", "id"
        )
    }
    return [
        Channel(
            row,
            str(KINDS[row.kind]),
            place_of(row),
            last_test(row, newest.get(thread_of_tests(row))),
            trouble(row),
        )
        for row in rows
    ]


def newest_test(row: Gateway) -> Message | None:
    """The last test that was sent over this service."""
    return (
        Message.objects.filter(gateway=row, thread_id=thread_of_tests(row))
        .order_by("-created_at", "-id")
        .first()
    )


def last_test(row: Gateway, last: Message | None) -> LastTest:
    """How the last test went, and what to do about it."""
    if last is None:
        return LastTest("", _("Nog niet geprobeerd."))
    if last.state == "sent" and last.sent_at:
        said = _("Proef aangenomen door de dienst, %(when)s.") % {"when": moment(last.sent_at)}
        return LastTest("ok", said)
    code = row.last_error if row.last_failed_at and row.last_failed_at >= last.created_at else ""
    if last.state == "refused":
        return LastTest(
            "late",
            _("De dienst weigerde de proef (%(code)s). Kijk de instellingen na.") % {"code": code or "?"},
        )
    if last.state == "cancelled":
        return LastTest("late", _("De proef is niet verstuurd. Uw nummer of het kanaal stond uit."))
    if code:
        return LastTest(
            "busy",
            _("De dienst antwoordt nog niet (%(code)s). Het portaal probeert het opnieuw.") % {"code": code},
        )
    if clock.now() - last.created_at > WAITS_LONG:
        return LastTest(
            "busy",
            _("De proef wacht: het deel dat berichten verstuurt, staat stil. Vraag wie de server beheert."),
        )
    return LastTest("busy", _("De proef is onderweg."))


def trouble(row: Gateway) -> str:
    """What goes wrong since the last message that was accepted; empty when all is well."""
    if row.last_failed_at is None or (row.last_ok_at is not None and row.last_ok_at >= row.last_failed_at):
        return ""
    return _("Het laatste bericht is niet aangenomen, %(when)s (%(code)s).") % {
        "when": moment(row.last_failed_at),
        "code": row.last_error,
    }


def phone_of(person: Person) -> Phone | None:
    """The own number of this person."""
    return Phone.objects.filter(person=person).select_related("code_message").first()


def code_state(phone: Phone) -> LastTest:
    """How far the message with the code is."""
    sent = phone.code_message
    if sent is None or sent.state in ("refused", "cancelled"):
        return LastTest(
            "late", _("De code kon niet worden verstuurd. Klopt uw nummer? Vraag anders uw beheerder.")
        )
    if sent.state == "sent":
        return LastTest("ok", _("De code is verstuurd. Het kan een minuut duren voor u hem krijgt."))
    if sent.attempts > 1 or clock.now() - sent.created_at > WAITS_LONG:
        return LastTest(
            "busy", _("De code is er nog niet: de dienst antwoordt niet. Het portaal probeert het opnieuw.")
        )
    return LastTest("busy", _("De code is onderweg."))
