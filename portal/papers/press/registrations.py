"""What texts for the press plug into the kernel: their source of deadlines and their card."""

from portal.deadlines import sources
from portal.deadlines.queries import told_for_cards
from portal.papers.press.deadlines import SOURCE, subjects, visible
from portal.papers.press.models import WORKS_ON
from portal.papers.press.queries import Waits, waiting_for
from portal.people.models import Person
from portal.ui.registry import Card, cards


def _card(person: Person) -> list[Waits] | None:
    """Only for whom somebody told: everybody else is spared the question."""
    return (SOURCE in told_for_cards(person) and waiting_for(person)) or None


def register() -> None:
    """Register both; called once when the app is ready."""
    sources.register(sources.Source(SOURCE, subjects, visible, has_card=True))
    cards.register(Card("press", frozenset(str(role) for role in WORKS_ON), 8, _card))
