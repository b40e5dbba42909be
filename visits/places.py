"""Whether a place that was typed can be a room or a public spot, and not a secret address."""

import re

# What a Dutch street is called at its end; a name with one of these may be an address.
_STREETS = "straat|laan|weg|plein|kade|gracht|singel|dijk|steeg|hof|pad|dreef|park|plantsoen|baan|haven|ring"
_STREET = re.compile(rf"\w(?:{_STREETS})\b", re.IGNORECASE)


def safe_place(text: str) -> bool:
    """False for what holds a digit or the name of a street: with a secret host neither may be kept."""
    return not any(letter.isdigit() for letter in text) and not _STREET.search(text)
