"""Writing a message from its three texts."""

from email.utils import parseaddr
from typing import Any

import uuid6
from django.conf import settings
from django.template.loader import render_to_string

from portal.mail.models import Message
from portal.people.models import Person


def sender_host() -> str:
    """The domain of the reply address, from "a@b.nl" and from "Name <a@b.nl>"."""
    return parseaddr(settings.REPLY_TO)[1].rpartition("@")[2] or "localhost"


def new_message_id(message: Message) -> str:
    """The Message-ID for the life of this message; the same at every try."""
    return f"<{message.pk}@{sender_host()}>"


def write(address: str, template: str, context: dict[str, Any], *, person: Person | None = None) -> Message:
    """An unsaved message from the three texts `<template>.subject.txt`, `.txt` and `.html`."""
    made = Message(id=uuid6.uuid7(), person=person, address=address)
    made.subject = " ".join(render_to_string(f"{template}.subject.txt", context).split())
    made.text = render_to_string(f"{template}.txt", context).strip() + "\n"
    made.html = render_to_string(f"{template}.html", context | {"subject": made.subject})
    made.message_id = new_message_id(made)
    return made
