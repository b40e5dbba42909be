"""What must be heard at once: messages over a person's own telephone, and over the webhooks of a scope."""

import json
from collections.abc import Iterable
from typing import Any

import uuid6

from portal.mail.compose import new_message_id
from portal.mail.models import Gateway, Message, Phone
from portal.municipalities.models import Scope
from portal.people.models import Person

# In the order in which one of them is chosen where one is enough.
TELEPHONE = ("sms", "voice")


def gateways(scope: Scope | None) -> list[Gateway]:
    """The telephone services in use for a scope: of each kind its own, or else the national one."""
    found = Gateway.objects.filter(is_active=True, kind__in=TELEPHONE)
    national = {row.kind: row for row in found.filter(municipality=None, driehoek=None)}
    own = {row.kind: row for row in found.filter(**scope.as_fields())} if scope else {}
    return [row for kind in TELEPHONE if (row := own.get(kind) or national.get(kind)) is not None]


def gateways_of(person: Person) -> list[Gateway]:
    """The telephone services of the first of a person's scopes that has any."""
    scopes: Iterable[Scope | None] = dict.fromkeys(grant.scope for grant in person.grants)
    return next((found for scope in scopes if (found := gateways(scope))), [])


def message(gateway: Gateway, text: str, *, person: Person | None = None) -> Message:
    """One unsaved message through a service; its `text` is all that is sent."""
    made = Message(id=uuid6.uuid7(), person=person, channel=gateway.kind, gateway=gateway, text=text)
    made.message_id = new_message_id(made)
    return made


def messages(person: Person, text: str, *, scope: Scope | None) -> list[Message]:
    """Unsaved messages over the person's urgent channels: one for each kind of telephone service.

    Empty when the person has no verified number or the scope no service; the e-mail always goes beside
    it. `text` comes from the fixed vocabulary and fits in one SMS (`portal.mail.sms.fits`). Two queries,
    or one for somebody without a number.
    """
    if not Phone.objects.filter(person=person, verified_at__isnull=False).exists():
        return []
    return [message(gateway, text, person=person) for gateway in gateways(scope)]


def webhooks(scope: Scope, payload: dict[str, Any]) -> list[Message]:
    """Unsaved messages to the webhooks in use of exactly this scope; `payload` becomes their JSON."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    found = Gateway.objects.filter(is_active=True, kind="webhook", **scope.as_fields())
    return [message(gateway, text) for gateway in found]
