"""Every write to services and telephones; each function is one transaction."""

from portal.mail.actions.gateways import (
    AlreadyOne,
    NoNumber,
    Wanted,
    add_gateway,
    change_gateway,
    send_test,
    switch_gateway,
)
from portal.mail.actions.phones import (
    NoService,
    TooManyCodes,
    remove_phone,
    send_code,
    set_phone,
    verify_phone,
)

__all__ = [
    "AlreadyOne",
    "NoNumber",
    "NoService",
    "TooManyCodes",
    "Wanted",
    "add_gateway",
    "change_gateway",
    "remove_phone",
    "send_code",
    "send_test",
    "set_phone",
    "switch_gateway",
    "verify_phone",
]
