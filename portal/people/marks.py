"""What a form carries to tell one press from the next: what its key makes, and the state its page showed."""

from uuid import UUID, uuid5
from zlib import crc32

import uuid6

from portal.people.models import Invitation, Person


def made_id(by: Person, key: str) -> UUID:
    """The id of the row that a creating form makes; its second post finds the row of the first."""
    return uuid5(by.pk, key) if key else UUID(int=uuid6.uuid7().int)


def state_of(*values: object) -> int:
    """A number that changes when one of these values changes: the version of a row that keeps no count."""
    return crc32("\0".join(str(value) for value in values).encode())


def mail_of(invitation: Invitation) -> UUID:
    """The id of the mail that carries the present link of an invitation."""
    return uuid5(invitation.pk, invitation.token_hash)
