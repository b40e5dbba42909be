"""The mails of an invitation: asked, changed, cancelled or withdrawn, each with its calendar part."""

from email.utils import parseaddr

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from portal.feeds import ical
from portal.feeds.models import Invitation
from portal.feeds.registry import Item
from portal.mail.compose import sender_host, write
from portal.mail.models import Message
from portal.people.places import place_of

SALT = "feeds.answer"
# What a mail of each state asks of a calendar (RFC 5546).
METHODS = {"asked": "REQUEST", "changed": "REQUEST", "cancelled": "CANCEL", "withdrawn": "CANCEL"}


def token_of(invitation: Invitation) -> str:
    """The signed name of an invitation: it opens the page with the answer, and nothing else."""
    return signing.Signer(salt=SALT).sign_object(str(invitation.pk))


def answer_url(invitation: Invitation) -> str:
    """Where this guest answers."""
    return f"{settings.PORTAL_URL}{reverse('feeds:answer', args=[token_of(invitation)])}"


def organizer_of(invitation: Invitation) -> str:
    """The mailbox in whose name is invited: the municipality's own, or the one of the portal."""
    mailbox = invitation.municipality.mailbox if invitation.municipality else ""
    return mailbox or parseaddr(settings.REPLY_TO)[1]


def write_letter(invitation: Invitation, item: Item, *, state: str, sequence: int) -> Message:
    """An unsaved mail in the language of its reader; it says the kind, the hours and who invites."""
    method = METHODS[state]
    url = answer_url(invitation) if method == "REQUEST" else ""
    with translation.override(invitation.reads):
        context = {
            "state": state,
            "kind": item.kind,
            "starts": item.starts,
            "ends": item.ends,
            "place": place_of(invitation).title,
            "url": url,
            "portal_url": settings.PORTAL_URL,
        }
        made = write(invitation.address, "mail/meeting", context, person=invitation.person)
        made.calendar = ical.invitation(
            item,
            method=method,
            sequence=sequence,
            organizer=organizer_of(invitation),
            attendee=invitation.address,
        )
    made.thread_id = f"<meeting.{invitation.pk}@{sender_host()}>"
    return made
