"""The last look before sending: whether a message must still go, and what it says now; apps say so."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from portal.mail.models import Message

Check = Callable[[Sequence[Message]], Mapping[UUID, Message | None]]

_checks: list[Check] = []


def listen(check: Check) -> None:
    """Let `check` be asked about each claimed batch, once, just before it is sent.

    It gets the messages of the batch, of every channel, and answers by primary key: None for a message
    that must not go any more (it becomes "cancelled" and its texts are emptied); a Message with newer
    content, of which subject, text and html are sent instead, under the Message-ID that the row has;
    nothing for a message that goes as it is. It runs outside any transaction; what it writes of its own
    it writes in one, and the messages themselves it leaves to whoever asked.
    """
    if check not in _checks:
        _checks.append(check)


def ask(messages: Sequence[Message]) -> dict[UUID, Message | None]:
    """What all checks say together; a message that one of them stops does not go."""
    said: dict[UUID, Message | None] = {}
    for check in _checks:
        for pk, newer in check(messages).items():
            if pk not in said or newer is None:
                said[pk] = newer
    return said
