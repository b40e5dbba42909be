"""Messages at the top of the next page, with a way back where there is one."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_UNDO = "undo:"
_VERSION = "version:"

TONES = {
    messages.DEBUG: "info",
    messages.INFO: "info",
    messages.SUCCESS: "ok",
    messages.WARNING: "soon",
    messages.ERROR: "late",
}


def undoable(request: HttpRequest, text: str, url: str, *, version: int | None = None) -> None:
    """Says what happened, with a button that posts to `url` to take it back.

    Never put personal data in `text`: messages travel in a cookie.
    """
    tags = f"{_UNDO}{url}" if version is None else f"{_UNDO}{url} {_VERSION}{version}"
    messages.success(request, text, extra_tags=tags)


def tone_of(message: Message) -> str:
    """The tone of the notice that shows this message."""
    return TONES.get(message.level, "info")


def _tag(message: Message, prefix: str) -> str:
    words = (message.extra_tags or "").split()
    return next((word.removeprefix(prefix) for word in words if word.startswith(prefix)), "")


def undo_url(message: Message) -> str:
    """Where the undo button posts to, or ''."""
    return _tag(message, _UNDO)


def undo_version(message: Message) -> str:
    """The version the undo button sends along, or ''."""
    return _tag(message, _VERSION)
