"""Everything that changes a visit; each function is one transaction with its audit row."""

from visits.actions.after import promise, report, write_down
from visits.actions.again import duplicate
from visits.actions.companions import (
    add_companion,
    change_companion,
    companions_of_driehoek,
    end_companion,
    invite_everybody,
)
from visits.actions.dates import Moved, move, preview
from visits.actions.hosts import FIELDS as HOST_FIELDS
from visits.actions.hosts import add_host, change_host
from visits.actions.life import cancel, confirm, follow_up, hold, resume, take_back
from visits.actions.options import add_options, answer_option, withdraw_option
from visits.actions.visits import change_visit, start_visit

__all__ = [
    "HOST_FIELDS",
    "Moved",
    "add_companion",
    "add_host",
    "add_options",
    "answer_option",
    "cancel",
    "change_companion",
    "change_host",
    "change_visit",
    "companions_of_driehoek",
    "confirm",
    "duplicate",
    "end_companion",
    "follow_up",
    "hold",
    "invite_everybody",
    "move",
    "preview",
    "promise",
    "report",
    "resume",
    "start_visit",
    "take_back",
    "withdraw_option",
    "write_down",
]
