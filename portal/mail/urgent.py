"""The channels of a person beside the mail, and the webhooks of a scope: unsaved messages over each."""

from collections.abc import Mapping
from typing import Any

from portal.mail.models import Message
from portal.municipalities.models import Scope
from portal.people.models import Person


def messages(person: Person, text: str, *, scope: Scope) -> list[Message]:
    """Unsaved messages of `text` over the channels of this person besides the mail; there are none yet."""
    del person, text, scope
    return []


def webhooks(scope: Scope, payload: Mapping[str, Any]) -> list[Message]:
    """Unsaved messages for the webhooks of exactly this scope; there are none yet."""
    del scope, payload
    return []
