"""Adding, changing, switching and testing a service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock
from portal.audit.record import record, text_change
from portal.mail import gateways, urgent
from portal.mail.compose import new_message_id, sender_host
from portal.mail.models import Gateway, Message, Phone
from portal.mail.permissions import scope_of
from portal.municipalities.models import Scope
from portal.nudge import nudge
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.marks import made_id
from portal.people.models import Person


class AlreadyOne(Exception):
    """There is another service of this kind in use for the same owner."""


class NoNumber(Exception):
    """Whoever tests a telephone service has no verified number to send to."""


@dataclass(frozen=True)
class Wanted:
    """What a service must be; None for headers or secret keeps what is sealed."""

    name: str
    url: str
    method: str = "POST"
    encoding: str = "json"
    body: str = ""
    headers: str | None = None
    secret: str | None = None

    def plain(self) -> dict[str, Any]:
        """The columns that are no secret."""
        return {
            "name": self.name.strip(),
            "url": self.url,
            "method": self.method,
            "encoding": self.encoding,
            "body": self.body,
        }

    def changes(self) -> dict[str, Any]:
        """What the audit row says: lengths, and that a secret was replaced."""
        return {
            **text_change("name", self.name.strip()),
            **text_change("url", self.url),
            **text_change("body", self.body),
            "headers": self.headers is not None,
            "secret": self.secret is not None,
        }


def others_in_use(kind: str, scope: Scope | None, *, but: Any = None) -> bool:
    """Whether an sms or voice service is in use here already; of webhooks there may be many."""
    if kind not in urgent.TELEPHONE:
        return False
    owner = scope.as_fields() if scope else {"municipality_id": None, "driehoek_id": None}
    return Gateway.objects.filter(kind=kind, is_active=True, **owner).exclude(pk=but).exists()


@contextmanager
def _one_in_use() -> Iterator[None]:
    """Two that press at the same moment: the database keeps one, and the other hears why not."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise AlreadyOne from error


@transaction.atomic
def add_gateway(*, by: Person, kind: str, scope: Scope | None, wanted: Wanted, key: str) -> Gateway:
    """Add a service and put it in use; the same one-time key leads to the one it added before."""
    made = made_id(by, key)
    before = Gateway.objects.filter(pk=made).first()
    if before is not None:
        return before
    if others_in_use(kind, scope):
        raise AlreadyOne
    row = Gateway(id=made, kind=kind, **wanted.plain(), **(scope.as_fields() if scope else {}))
    _seal(row, wanted)
    with _one_in_use():
        row.save(force_insert=True)
    record("gateway.added", by=by, about=row, scope=scope, changes=wanted.changes())
    return row


def _seal(row: Gateway, wanted: Wanted) -> None:
    if wanted.headers is not None:
        row.sealed_headers = gateways.seal(row, "headers", wanted.headers)
    if wanted.secret is not None:
        row.sealed_secret = gateways.seal(row, "secret", wanted.secret)


@transaction.atomic
def change_gateway(*, by: Person, row: Gateway, wanted: Wanted, version: int | None) -> None:
    """Change a service; what waits for it goes by the new settings."""
    _seal(row, wanted)
    fields = {
        **wanted.plain(),
        "sealed_headers": row.sealed_headers,
        "sealed_secret": row.sealed_secret,
        "version": row.version + 1,
    }
    seen = row.version if version is None else version
    if Gateway.objects.filter(pk=row.pk, version=seen).update(**fields) != 1:
        raise ChangedMeanwhile
    record("gateway.changed", by=by, about=row, scope=scope_of(row), changes=wanted.changes())


@transaction.atomic
def switch_gateway(*, by: Person, row: Gateway, on: bool) -> None:
    """Put a service in use or take it out; the same press twice changes nothing."""
    if on and others_in_use(row.kind, scope_of(row), but=row.pk):
        raise AlreadyOne
    with _one_in_use():
        changed = Gateway.objects.filter(pk=row.pk, is_active=not on).update(
            is_active=on, version=F("version") + 1
        )
    if changed:
        changes = {"is_active": (not on, on)}
        if on:
            record("gateway.switched_on", by=by, about=row, scope=scope_of(row), changes=changes)
        else:
            record("gateway.switched_off", by=by, about=row, scope=scope_of(row), changes=changes)


# -- a test -------------------------------------------------------------------------------------
def thread_of_tests(row: Gateway) -> str:
    """The thread of the tests of a service; by this they are found again."""
    return f"<test.{row.pk}@{sender_host()}>"


def test_text(person: Person) -> str:
    """The message of a test, in the language of whoever asks for it."""
    with translation.override(person.language):
        return _("Portaal Kinderveiligheid: dit is een proef. U hoeft niets te doen.")


@transaction.atomic
def send_test(*, by: Person, row: Gateway, key: str) -> None:
    """Send a test the way every message goes, a telephone service to the own number; one for a key."""
    made = made_id(by, key)
    if Message.objects.filter(pk=made).exists():
        return
    if row.kind == "webhook":
        text = json.dumps(
            {"soort": "proef", "moment": clock.now().isoformat(), "portaal": settings.PORTAL_URL}
        )
        message = urgent.message(row, text)
    elif Phone.objects.filter(person=by, verified_at__isnull=False).exists():
        message = urgent.message(row, test_text(by), person=by)
    else:
        raise NoNumber
    message.pk, message.thread_id = made, thread_of_tests(row)
    message.message_id = new_message_id(message)
    message.save(force_insert=True)
    record("gateway.tested", by=by, about=row, scope=scope_of(row))
    nudge("portal.mail.tasks.deliver_urgent")
