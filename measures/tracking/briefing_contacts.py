"""Who is who in the briefing of a measure, and whom to call."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from measures.tracking.briefing_sections import MeasureSubject
from measures.tracking.briefing_words import on_paper
from portal import clock
from portal.briefings.registry import Audience, Line
from portal.municipalities.models import PhoneNumber
from portal.people.enums import Role

# Who to call, in this order; the numbers themselves stand in the register.
NUMBERS = ("noodnummer", "veilig_thuis")
STALE_AFTER = timedelta(days=91)


@dataclass(frozen=True)
class Contact:
    """A role and who fill it."""

    role: str
    names: list[str]


@dataclass(frozen=True)
class Number:
    """A telephone number of the register; `checked` only where the check is old."""

    label: str
    number: str
    digits: str
    hours: str
    checked: str


@dataclass(frozen=True)
class Contacts:
    people: list[Contact]
    numbers: list[Number]
    changes_at: datetime | None
    lines: list[Line]


def contacts(audience: Audience, subject: MeasureSubject, as_of: datetime) -> Contacts:
    today = as_of.astimezone(clock.AMSTERDAM).date()
    filled: dict[str, list[str]] = defaultdict(list)
    ends: list[datetime] = []
    for row in subject.members:
        name = f"{row.person.name} ({row.function})" if row.function else row.person.name
        filled[row.role].append(name)
        if row.ends_on is not None:
            ends.append(clock.end_of(row.ends_on))
    people = [Contact("Trekker", [subject.measure.lead.name])]
    people += [Contact(str(role.label), filled[str(role)]) for role in Role if str(role) in filled]
    register = PhoneNumber.objects.in_bulk(NUMBERS)
    numbers = [_number(register[key], as_of) for key in NUMBERS if key in register]
    for one in register.values():
        if not one.is_stale(today):
            ends.append(clock.at(one.checked_on + STALE_AFTER, time(0)))
    lines = [Line(one.role, one.role, {"wie": ", ".join(one.names)}) for one in people]
    lines += [Line(f"tel:{one.label}", one.label, {"nummer": one.number}) for one in numbers]
    return Contacts(people, numbers, min(ends, default=None), lines)


def _number(row: PhoneNumber, as_of: datetime) -> Number:
    stale = row.is_stale(as_of.astimezone(clock.AMSTERDAM).date())
    return Number(
        label=row.label,
        number=row.number,
        digits="".join(one for one in row.number if one.isdigit()),
        hours=row.hours,
        checked=on_paper(row.checked_on) if stale else "",
    )
