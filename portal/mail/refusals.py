"""Who must know that a mail was refused for good; apps say so when they are ready."""

from collections.abc import Callable

from portal.mail.models import Message

_listeners: list[Callable[[Message], None]] = []


def listen(listener: Callable[[Message], None]) -> None:
    """Let `listener` hear of each refusal, inside the transaction that marks it."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(message: Message) -> None:
    """Tell all listeners that the mailbox of this message does not exist."""
    for listener in _listeners:
        listener(message)
