"""The Demo-postvak: what the embedded mail server really accepted."""

import email
import email.policy
import email.utils
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

SHOWN = 50
_NAME = re.compile(r"^[0-9A-Za-z_-]+$")


@dataclass(frozen=True)
class Mail:
    """One accepted mail; `name` is its file without the ending."""

    name: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str


def _read(path: Path) -> Mail:
    with path.open("rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    date = message.get("Date")
    return Mail(
        path.stem,
        str(message.get("To", "")),
        str(message.get("Subject", "")),
        _moment(str(date)) if date else None,
        body.get_content() if body is not None else "",
    )


def _moment(date: str) -> datetime:
    """The moment of a Date header; "-0000", as mail programs write it, means UTC and not the local time."""
    moment = email.utils.parsedate_to_datetime(date)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def newest() -> list[Mail]:
    """The newest mails first, at most fifty."""
    folder = Path(settings.SMTP_SINK_DIR)
    found = sorted((p for p in folder.glob("*.eml") if not p.name.startswith(".")), reverse=True)
    return [_read(path) for path in found[:SHOWN]]


def one(name: str) -> Mail | None:
    """One mail by its name, or None."""
    if not _NAME.match(name):
        return None
    path = Path(settings.SMTP_SINK_DIR) / f"{name}.eml"
    return _read(path) if path.exists() else None
