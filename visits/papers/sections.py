"""What the papers of a visit say of its reason, its host and its talk: mostly texts of the office.

A paper is Dutch for every reader, so nothing here is up for translation.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from measures.tracking.briefing_words import on_paper
from portal import clock
from portal.briefings.registry import Audience, Line
from visits.enums import HostKind, Sheet
from visits.papers.subject import AT_THE_HOST, BRIEFING, SHEET, VisitSubject

# A line of a text, as it is named when it came or went.
NAMED = 90
STALE_AFTER = timedelta(days=91)


@dataclass(frozen=True)
class Text:
    """Paragraphs under a heading."""

    paragraphs: list[str]
    lines: list[Line]
    missing: str = ""


def text_lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [one.strip() for one in text.splitlines() if one.strip()]


def line_of(text: str) -> Line:
    """A line of a text, known again by its words."""
    named = text if len(text) <= NAMED else f"{text[:NAMED].rpartition(' ')[0] or text[:NAMED]}…"
    return Line(sha256(text.encode()).hexdigest()[:16], named)


def text(words: str, missing: str = "") -> Text:
    """The text; without words the sentence that says so, or nothing to read but that it was empty."""
    found = text_lines(words)
    return Text(found, [line_of(one) for one in found], "" if found else missing)


def _missing(subject: VisitSubject) -> str:
    """The mayor reads that something was not filled in; who gets a sheet does not."""
    return "Nog niet ingevuld." if subject.document == BRIEFING else ""


@dataclass(frozen=True)
class Fact:
    """One thing to know at once: its name and what it is."""

    name: str
    value: str


@dataclass(frozen=True)
class Head:
    """When, where, and whom to ask."""

    rows: list[Fact]
    is_called_off: bool
    lines: list[Line]


def head(audience: Audience, subject: VisitSubject, as_of: datetime) -> Head:
    visit, host, rows = subject.visit, subject.visit.host, [Fact("Wanneer", subject.kind)]
    if visit.gathers_at and audience.key in (Sheet.MAYOR, Sheet.COMPANION):
        rows.append(Fact("Verzamelen", visit.gathers_at))
    # The briefing says both further on, with more of them.
    is_sheet = subject.document == SHEET
    if is_sheet and host is not None and not (subject.is_for_press and host.address_is_secret):
        where = AT_THE_HOST if host.address_is_secret else host.address
        rows.append(Fact("Bij", ", ".join(part for part in (host.name, where) if part)))
    if is_sheet and not subject.is_for_press:
        rows.append(Fact("Contact bij de gemeente", str(visit.measure.lead.name)))
    lines = [Line("title", "Titel", {"tekst": subject.title})]
    lines += [Line(one.name, one.name, {"tekst": one.value}) for one in rows]
    return Head(rows, subject.is_called_off, lines)


@dataclass(frozen=True)
class Purpose:
    """What the mayor wants answered, and what must be different afterwards."""

    question: str
    aim: str
    lines: list[Line]


def purpose(audience: Audience, subject: VisitSubject, as_of: datetime) -> Purpose | None:
    if audience.key != Sheet.MAYOR:
        return None
    visit = subject.visit
    lines = [
        Line(key, name, {"tekst": words})
        for key, name, words in (("question", "Vraag", visit.question), ("aim", "Doel", visit.aim))
    ]
    return Purpose(visit.question, visit.aim, lines)


@dataclass(frozen=True)
class HostPage:
    """The organisation on one page."""

    name: str
    kind: str
    where: str
    contact: str
    profile: list[str]
    lines: list[Line]


def host(audience: Audience, subject: VisitSubject, as_of: datetime) -> HostPage:
    found = subject.visit.host
    if found is None:
        return HostPage("", "", "", "", [], [])
    contact = ", ".join(part for part in (found.contact_name, found.contact_function) if part)
    kind = str(HostKind(found.kind).label)
    where = AT_THE_HOST if found.address_is_secret else found.address
    profile = text_lines(found.profile)
    lines = [
        Line("host", "Organisatie", {"naam": found.name, "soort": kind, "adres": where, "contact": contact})
    ]
    return HostPage(found.name, kind, where, contact, profile, [*lines, *(line_of(one) for one in profile)])


@dataclass(frozen=True)
class FigureRow:
    """One figure with where it comes from; `is_old` when that was more than a year ago."""

    value: str
    about: str
    source: str
    as_of: str
    is_old: bool


@dataclass(frozen=True)
class Figures:
    rows: list[FigureRow]
    lines: list[Line]
    changes_at: datetime | None


def _a_year_after(day: date) -> date:
    """The first day on which a figure of this day is older than a year."""
    try:
        return day.replace(year=day.year + 1) + timedelta(days=1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def figures(audience: Audience, subject: VisitSubject, as_of: datetime) -> Figures:
    today = clock.day_of(as_of)
    rows = [
        FigureRow(one.value, one.about, one.source, on_paper(one.as_of), _a_year_after(one.as_of) <= today)
        for one in subject.figures
    ]
    coming = [after for one in subject.figures if (after := _a_year_after(one.as_of)) > today]
    lines = [
        Line(str(nr), one.about, {"cijfer": one.value, "bron": one.source, "van": one.as_of})
        for nr, one in enumerate(rows)
    ]
    return Figures(rows, lines, clock.at(min(coming), time(0)) if coming else None)


def between(audience: Audience, subject: VisitSubject, as_of: datetime) -> Text | None:
    return text(subject.visit.between_us, _missing(subject))


def sensitive(audience: Audience, subject: VisitSubject, as_of: datetime) -> Text | None:
    return text(subject.visit.sensitive, _missing(subject)) if audience.key == Sheet.MAYOR else None


def not_to_say(audience: Audience, subject: VisitSubject, as_of: datetime) -> Text | None:
    return text(subject.visit.not_to_say, _missing(subject)) if audience.key == Sheet.MAYOR else None


def questions(audience: Audience, subject: VisitSubject, as_of: datetime) -> Text | None:
    """The questions to ask: for the mayor and who comes along, not for who is asked."""
    if audience.key not in (Sheet.MAYOR, Sheet.COMPANION):
        return None
    return text("\n".join(subject.visit.questions), _missing(subject))


def asked(audience: Audience, subject: VisitSubject, as_of: datetime) -> Text | None:
    """What the host is asked to arrange: for the host, and for the mayor."""
    return text(subject.visit.asked_of_host) if audience.key in (Sheet.MAYOR, Sheet.HOST) else None


@dataclass(frozen=True)
class NumberRow:
    """A telephone number of the register; `checked` only where the check is old."""

    label: str
    number: str
    digits: str
    hours: str
    checked: str


@dataclass(frozen=True)
class Numbers:
    rows: list[NumberRow]
    lines: list[Line]
    changes_at: datetime | None = field(default=None)


def numbers(audience: Audience, subject: VisitSubject, as_of: datetime) -> Numbers:
    today = clock.day_of(as_of)
    rows = [
        NumberRow(
            one.label,
            one.number,
            "".join(digit for digit in one.number if digit.isdigit()),
            one.hours,
            on_paper(one.checked_on) if one.is_stale(today) else "",
        )
        for one in subject.numbers
    ]
    ends = [
        clock.at(one.checked_on + STALE_AFTER, time(0)) for one in subject.numbers if not one.is_stale(today)
    ]
    lines = [Line(one.label, one.label, {"nummer": one.number, "bereikbaar": one.hours}) for one in rows]
    return Numbers(rows, lines, min(ends, default=None))
