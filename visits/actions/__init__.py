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
from visits.actions.consents import NoPressWithMinors, StandsAlready, give_consents, withdraw_consent
from visits.actions.dates import Moved, move, preview
from visits.actions.hosts import FIELDS as HOST_FIELDS
from visits.actions.hosts import NamedAlready, add_host, change_host
from visits.actions.life import cancel, confirm, follow_up, hold, resume, take_back
from visits.actions.options import add_options, answer_option, withdraw_option
from visits.actions.papers import note_sent, write_figures
from visits.actions.programme import NotAProgramme, forget_places, write_programme
from visits.actions.running import NotOver, NotToday, begin_stop, end_stop, undo_stop, write_times
from visits.actions.visits import change_visit, start_visit

__all__ = [
    "HOST_FIELDS",
    "Moved",
    "NamedAlready",
    "NoPressWithMinors",
    "NotAProgramme",
    "NotOver",
    "NotToday",
    "StandsAlready",
    "add_companion",
    "add_host",
    "add_options",
    "answer_option",
    "begin_stop",
    "cancel",
    "change_companion",
    "change_host",
    "change_visit",
    "companions_of_driehoek",
    "confirm",
    "duplicate",
    "end_companion",
    "end_stop",
    "follow_up",
    "forget_places",
    "give_consents",
    "hold",
    "invite_everybody",
    "move",
    "note_sent",
    "preview",
    "promise",
    "report",
    "resume",
    "start_visit",
    "take_back",
    "undo_stop",
    "withdraw_consent",
    "withdraw_option",
    "write_down",
    "write_figures",
    "write_programme",
    "write_times",
]
