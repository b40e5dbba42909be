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
from portal.people.actions.leaves import CannotBeAway, announce, change_leave, end_leave, hand_back
from portal.people.actions.memberships import LastBeheerder, change_membership, end_membership, hand_on
from portal.people.actions.persons import change_person, retry_mail, send_test

__all__ = [
    "CannotAccept",
    "CannotBeAway",
    "ChangedMeanwhile",
    "LastBeheerder",
    "accept",
    "announce",
    "change_leave",
    "change_membership",
    "change_person",
    "end_leave",
    "end_membership",
    "hand_back",
    "hand_on",
    "invite",
    "invite_first",
    "join",
    "resend",
    "retry_mail",
    "send_test",
    "withdraw",
]
