"""Every write to measures and actions; each function is one transaction."""

from measures.tracking.actions.appointments import (
    TooLate,
    cancel_appointment,
    change_appointment,
    invite_to,
    plan_appointment,
)
from measures.tracking.actions.checks import tick, write_note
from measures.tracking.actions.dates import (
    Preview,
    move_anchor,
    pin,
    preview_move,
    preview_pin,
    preview_unpin,
    unpin,
)
from measures.tracking.actions.life import begin, drop, finish, hand_over, put_off, reopen, undo_finish
from measures.tracking.actions.measures import (
    add_action,
    complete,
    reassign_open,
    rename,
    reopen_measure,
    start_measure,
    stop,
)

__all__ = [
    "Preview",
    "TooLate",
    "add_action",
    "begin",
    "cancel_appointment",
    "change_appointment",
    "complete",
    "drop",
    "finish",
    "hand_over",
    "invite_to",
    "move_anchor",
    "pin",
    "plan_appointment",
    "preview_move",
    "preview_pin",
    "preview_unpin",
    "put_off",
    "reassign_open",
    "rename",
    "reopen",
    "reopen_measure",
    "start_measure",
    "stop",
    "tick",
    "undo_finish",
    "unpin",
    "write_note",
]
