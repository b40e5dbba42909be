"""Whether a place that was typed can be a room or a public spot, and not a secret address."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

# What a Dutch street is called at its end; a name with one of these may be an address.
_STREETS = "straat|laan|weg|plein|kade|gracht|singel|dijk|steeg|hof|pad|dreef|park|plantsoen|baan|haven|ring"
# And those that are one even when they stand alone.
_ALONE = "straat|laan|weg|plein|kade|gracht|singel|dijk|steeg"
_NAMED = rf"\w(?:{_STREETS})\b|\b(?:{_ALONE})\b|\wstr\."
_STREET = re.compile(_NAMED, re.IGNORECASE)
_ADDRESS = re.compile(rf"(?:{_NAMED})[\s,]{{0,3}}\d|\b[1-9]\d{{3}}\s?[A-Z]{{2}}\b", re.IGNORECASE)


def safe_place(text: str) -> bool:
    """False for what holds a digit or the name of a street: with a secret host neither may be kept."""
    return not any(letter.isdigit() for letter in text) and not _STREET.search(text)


def holds_address(text: str) -> bool:
    """Whether a street with its number, or a postcode, stands somewhere in a text."""
    return bool(_ADDRESS.search(text))


def refuse_addresses(form: forms.Form, data: dict[str, Any], names: Iterable[str]) -> None:
    """Say of each of these fields that holds an address that it must go, because it is secret."""
    for name in names:
        if holds_address(data.get(name) or ""):
            form.add_error(
                name, _("Het adres van deze organisatie is geheim. Haal de straat en het nummer weg.")
            )
