"""Everything that changes a visit; each function is one transaction with its audit row."""

from visits.actions.companions import (
    add_companion,
    change_companion,
    companions_of_driehoek,
    end_companion,
    invite_everybody,
)
from visits.actions.dates import Moved, move, preview
from visits.actions.hosts import add_host, change_host
from visits.actions.life import cancel, confirm, follow_up, hold, resume, take_back
from visits.actions.options import add_options, answer_option, withdraw_option
from visits.actions.papers import note_sent, write_figures
from visits.actions.visits import change_visit, start_visit

__all__ = [
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
    "end_companion",
    "follow_up",
    "hold",
    "invite_everybody",
    "move",
    "note_sent",
    "preview",
    "resume",
    "start_visit",
    "take_back",
    "withdraw_option",
    "write_figures",
]
