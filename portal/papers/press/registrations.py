"""What texts for the press plug into the kernel: their source of deadlines and their card."""

from portal.deadlines import sources
from portal.papers.press.deadlines import SOURCE, subjects, visible
from portal.papers.press.models import WORKS_ON
from portal.papers.press.queries import Waits, waiting_for
from portal.people.models import Person
from portal.ui.registry import Card, cards


def _card(person: Person) -> list[Waits] | None:
    return waiting_for(person) or None


def register() -> None:
    """Register both; called once when the app is ready."""
    sources.register(sources.Source(SOURCE, subjects, visible))
    cards.register(Card("press", frozenset(str(role) for role in WORKS_ON), 8, _card))
