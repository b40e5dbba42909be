"""Telling it by mail, straight to the mail server: no worker, no broker, no outbox and no database."""

from email.utils import make_msgid
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.translation import override

from portal.mail.compose import sender_host
from portal.watchdog.judge import Contact
from portal.watchdog.look import apart
from portal.watchdog.rounds import Told
from portal.watchdog.words import WORDS

log = structlog.get_logger("portal.watchdog")

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# For each answer of the mail server, and for everything together.
ANSWER_SECONDS = 10
ALL_SECONDS = 60.0

Reader = tuple[str, str]


def readers(contacts: list[Contact]) -> list[list[Reader]]:
    """Whom to tell, as (address, language); a next group only when nobody of those before can be reached.

    Somebody always comes last: without a beheerder the address that answers to the portal's mail.
    """
    languages = {contact.address: contact.language for contact in contacts}
    named = [(address, languages.get(address.lower(), "nl")) for address in settings.WATCHDOG_TO]
    national = [(contact.address, contact.language) for contact in contacts if contact.is_national]
    return [group for group in (named, national, [(settings.REPLY_TO, "nl")]) if group]


def mail(told: Told, reader: Reader) -> EmailMultiAlternatives:
    """The mail for one reader, in their language; it holds no word about a person."""
    address, language = reader
    with override(language):
        context: dict[str, Any] = {
            "standing": [(WORDS[part], since) for part, since in told.standing],
            "working": [(WORDS[part], since) for part, since in told.working],
            "portal_url": settings.PORTAL_URL,
        }
        subject = " ".join(render_to_string("mail/watchdog.subject.txt", context).split())
        made = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("mail/watchdog.txt", context).strip() + "\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[address],
            headers={
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
                "Message-ID": make_msgid(domain=sender_host()),
            },
        )
        made.attach_alternative(
            render_to_string("mail/watchdog.html", context | {"subject": subject}), "text/html"
        )
    return made


def post(told: Told, group: list[Reader]) -> int:
    """Mail everybody of one group, each apart: one wrong address keeps it from nobody else."""
    accepted = 0
    for reader in group:
        try:
            accepted += get_connection(BACKEND, timeout=ANSWER_SECONDS).send_messages([mail(told, reader)])
        except Exception as error:  # whatever it is, the next reader must be tried
            log.error("watchdog_mail_failed", error=type(error).__name__)
    return accepted


def tell(told: Told, contacts: list[Contact]) -> int:
    """Mail the first group that can be reached; how many mails the mail server accepted."""
    for group in readers(contacts):
        accepted = apart(partial(post, told, group), ALL_SECONDS)
        if accepted:
            return accepted
    return 0
