"""The moves that the life of a text for the press allows."""

from portal.papers.press.enums import PressState

S = PressState

MOVES: dict[PressState, dict[PressState, str]] = {
    S.PLANNED: {S.DRAFT: "the text is there", S.WITHDRAWN: "not needed any more, with a reason"},
    S.DRAFT: {S.IN_APPROVAL: "approval is asked", S.WITHDRAWN: "not needed any more, with a reason"},
    S.IN_APPROVAL: {
        S.APPROVED: "the last step approved",
        S.DRAFT: "a step objected, or the writer took it back",
        S.WITHDRAWN: "not needed any more, with a reason",
    },
    S.APPROVED: {
        S.RELEASED: "whoever speaks for the municipality lets it go",
        S.DRAFT: "something must change after all: every approval is asked again",
        S.WITHDRAWN: "not needed any more, with a reason",
    },
    S.RELEASED: {
        S.PLACED: "it stood somewhere, after the embargo",
        S.WITHDRAWN: "taken back before it was placed, with a reason",
    },
    S.PLACED: {},
    S.WITHDRAWN: {},
}

# In these the words may still change.
OPEN_TO_CHANGE = frozenset({S.PLANNED, S.DRAFT})
# From here on everybody who sees the subject may read it; before it is for those who work on it.
PUBLIC = frozenset({S.RELEASED, S.PLACED})


class IllegalMove(ValueError):
    """A move the life does not allow."""


def check_move(old: str, new: PressState) -> None:
    """Raise IllegalMove unless `new` may follow `old`."""
    if new not in MOVES[PressState(old)]:
        raise IllegalMove(f"{old} cannot become {new}")
