"""What the briefings put on the start page: the dagbrief of today."""

from dataclasses import dataclass

from portal.briefings.permissions import reads_briefings
from portal.briefings.reading import Today, today
from portal.people.models import Person


@dataclass(frozen=True)
class Dagbrief:
    """One for each municipality of the reader; `is_one` where the name need not be said."""

    rows: list[Today]

    @property
    def is_one(self) -> bool:
        return len(self.rows) == 1


def dagbrief(person: Person) -> Dagbrief | None:
    """The dagbrief of today, for whoever is of a mayor's office."""
    if not reads_briefings(person):
        return None
    rows = today(person)
    return Dagbrief(rows) if rows else None
