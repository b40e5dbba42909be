"""Every write to people, roles and invitations; each function is one transaction."""

from portal.people.actions.changed import ChangedMeanwhile
from portal.people.actions.invitations import (
    CannotAccept,
    accept,
    invite,
    invite_first,
    join,
    resend,
    withdraw,
)
from portal.people.actions.memberships import LastBeheerder, change_membership, end_membership, hand_on
from portal.people.actions.persons import change_person, retry_mail, send_test

__all__ = [
    "CannotAccept",
    "ChangedMeanwhile",
    "LastBeheerder",
    "accept",
    "change_membership",
    "change_person",
    "end_membership",
    "hand_on",
    "invite",
    "invite_first",
    "join",
    "resend",
    "retry_mail",
    "send_test",
    "withdraw",
]
