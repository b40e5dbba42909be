"""The moves that the life of a visit allows."""

from visits.enums import VisitState

V = VisitState
# The date in the template from which its steps count.
ANCHOR = "visit"

MOVES: dict[VisitState, dict[VisitState, str]] = {
    V.IDEA: {V.PLANNED: "a date is chosen", V.CANCELLED: "with a reason"},
    V.PLANNED: {
        V.IDEA: "the date is let go",
        V.CONFIRMED: "the host said yes to date and programme",
        V.HELD: "it took place, though nobody wrote down the yes of the host",
        V.CANCELLED: "with a reason, everyone told",
    },
    V.CONFIRMED: {
        V.PLANNED: "another date, so the host must say yes anew",
        V.CONFIRMED: "the host said yes to a programme that was changed since",
        V.HELD: "it took place",
        V.CANCELLED: "with a reason, everyone told",
    },
    V.HELD: {
        V.CONFIRMED: "pressed by mistake",
        V.PLANNED: "pressed by mistake, on one that was not confirmed",
        V.FOLLOWED_UP: "every action and promise of it is done",
    },
    V.FOLLOWED_UP: {V.HELD: "its measure is reopened with a reason"},
    V.CANCELLED: {
        V.IDEA: "taken up again, with a reason",
    },
}

# What still lies ahead: its date may move and its programme change.
AHEAD = (V.IDEA, V.PLANNED, V.CONFIRMED)
# Has a date in people's calendars.
DATED = (V.PLANNED, V.CONFIRMED, V.HELD, V.FOLLOWED_UP)
