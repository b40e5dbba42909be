"""What the papers of a visit say of its day: stops, people, press, house rules and consents."""

from dataclasses import dataclass
from datetime import datetime

from measures.tracking.briefing_words import on_paper
from portal.briefings.registry import Audience, Line
from portal.ui.formatting import moment
from visits.enums import Function, Meets, Sheet, StopPress, Use
from visits.models import Stop
from visits.papers.sections import line_of, text_lines
from visits.papers.subject import VisitSubject

# No stop goes past midnight: one that ends then ends at 24:00.
_WHOLE_DAY = 24 * 60


def hours(stop: Stop) -> str:
    """'14:00–14:30' on the wall clock, kept on one line."""
    end = "24:00" if stop.ends_minute >= _WHOLE_DAY else f"{stop.ends:%H:%M}"
    return f"{stop.starts:%H:%M}–{end}"


def press_word(stop: Stop) -> str:
    """Whether press may be there, in a word or two."""
    words = {StopPress.WELCOME: "welkom", StopPress.BY_ARRANGEMENT: "op afspraak", StopPress.NO: "nee"}
    return words[StopPress(stop.press)]


@dataclass(frozen=True)
class Part:
    """One stop as this reader may know it."""

    hours: str
    title: str
    place: str
    travel: int
    aim: str
    leads: str
    speaks: str
    meets: str
    press: str


@dataclass(frozen=True)
class Programme:
    rows: list[Part]
    lines: list[Line]


def programme(audience: Audience, subject: VisitSubject, as_of: datetime) -> Programme | None:
    """All stops; not for the press. What the mayor is after at a stop the host does not read."""
    if subject.is_for_press:
        return None
    visitors = audience.key in (Sheet.MAYOR, Sheet.COMPANION)
    rows = [
        Part(
            hours=hours(one),
            title=one.title,
            place=one.place,
            travel=one.travel if visitors else 0,
            aim=one.aim if visitors else "",
            leads=one.leads,
            speaks=one.speaks,
            meets=str(Meets(one.meets).label),
            press=press_word(one),
        )
        for one in subject.stops
    ]
    lines = [
        Line(
            str(one.pk),
            one.title,
            {
                "tijd": row.hours,
                "plaats": row.place,
                "reistijd": f"{row.travel} minuten" if row.travel else "",
                "leiding": row.leads,
                "spreker": row.speaks,
                "doel": row.aim,
                "ontmoeting": row.meets,
                "pers": row.press,
            },
        )
        for one, row in zip(subject.stops, rows, strict=True)
    ]
    return Programme(rows, lines)


@dataclass(frozen=True)
class Somebody:
    """Who is there, as what, and what he or she does that day."""

    function: str
    name: str
    part: str = ""


@dataclass(frozen=True)
class People:
    rows: list[Somebody]
    lines: list[Line]


def people(audience: Audience, subject: VisitSubject, as_of: datetime) -> People | None:
    """Who comes and who receives, with names and functions; what each does is for who comes."""
    if subject.is_for_press:
        return None
    visit, host = subject.visit, subject.visit.host
    visitors = audience.key in (Sheet.MAYOR, Sheet.COMPANION)
    # Each by what it is known again by: who goes does not rename who comes after.
    found = {"mayor": Somebody("Burgemeester", ", ".join(subject.mayors))}
    for one in subject.companions:
        function = str(Function(one.function).label)
        found[str(one.pk)] = Somebody(function, one.who, one.part if visitors else "")
    found["lead"] = Somebody("Trekker bij de gemeente", str(visit.measure.lead.name))
    if host is not None and (host.contact_name or host.contact_function):
        contact = ", ".join(part for part in (host.contact_name, host.contact_function) if part)
        found["host"] = Somebody("Contact bij de gastorganisatie", contact)
    lines = [Line(key, one.function, {"wie": one.name, "rol": one.part}) for key, one in found.items()]
    return People(list(found.values()), lines)


@dataclass(frozen=True)
class PressPart:
    """A stop where press may be."""

    hours: str
    title: str
    place: str
    speaks: str
    how: str


@dataclass(frozen=True)
class Press:
    """When press may be there, who speaks, from when it may be published, and what the mayor says."""

    rows: list[PressPart]
    speaker: str
    embargo: str
    message: list[str]
    lines: list[Line]
    changes_at: datetime | None


def press(audience: Audience, subject: VisitSubject, as_of: datetime) -> Press:
    """The press moments; the line of the mayor for the mayor alone."""
    visit, until = subject.visit, subject.embargo
    rows = [
        PressPart(hours(one), one.title, one.place, one.speaks, press_word(one))
        for one in subject.press_stops
    ]
    message = text_lines(visit.press_line) if audience.key == Sheet.MAYOR else []
    embargo = f"tot {moment(until)}" if until else ""
    lines = [
        Line(
            str(stop.pk),
            row.title,
            {"tijd": row.hours, "plaats": row.place, "spreker": row.speaks, "pers": row.how},
        )
        for stop, row in zip(subject.press_stops, rows, strict=True)
    ]
    lines += [Line("speaks", "Woordvoering", {"wie": visit.speaks_to_press})]
    lines += [Line("embargo", "Embargo", {"geldt": embargo})]
    lines += [line_of(one) for one in message]
    return Press(rows, visit.speaks_to_press, embargo, message, lines, until)


@dataclass(frozen=True)
class Rules:
    rows: list[str]
    lines: list[Line]


def rules(audience: Audience, subject: VisitSubject, as_of: datetime) -> Rules | None:
    """What was agreed with the host, and what follows from a secret address and from missing consents."""
    if subject.is_for_press:
        return None
    found = text_lines(subject.visit.house_rules)
    if subject.visit.is_secret:
        found.insert(
            0,
            "Het adres is geheim. Zet de locatie van uw telefoon uit, deel de route met niemand "
            "en maak buiten geen foto’s.",
        )
    photos = [one for one in subject.consents if one.use == Use.PHOTO]
    if not photos:
        found.append("Maak geen foto’s: daarvoor gaf de gastorganisatie geen akkoord.")
    elif all(one.stop is not None for one in photos):
        found.append(
            "Foto’s mogen alleen bij: " + ", ".join(one.stop.title for one in photos if one.stop) + "."
        )
    if any(one.meets != Meets.STAFF for one in subject.stops):
        found.append("Wie vertelt, mag op elk moment stoppen. Schrijf geen verhalen op.")
    return Rules(found, [line_of(one) for one in found])


@dataclass(frozen=True)
class Go:
    """For what the host gave its go, where, when, and as what somebody said so."""

    use: str
    where: str
    given_on: str
    said_by: str


@dataclass(frozen=True)
class Consents:
    rows: list[Go]
    lines: list[Line]


def consents(audience: Audience, subject: VisitSubject, as_of: datetime) -> Consents | None:
    """What stands, for the mayor and for the host that gave it."""
    if audience.key not in (Sheet.MAYOR, Sheet.HOST):
        return None
    rows = [
        Go(
            str(Use(one.use).label),
            one.stop.title if one.stop else "het hele bezoek",
            on_paper(one.given_on),
            one.said_by,
        )
        for one in subject.consents
    ]
    lines = [
        Line(str(one.pk), f"{row.use}, {row.where}", {"akkoord": row.given_on, "door": row.said_by})
        for one, row in zip(subject.consents, rows, strict=True)
    ]
    return Consents(rows, lines)
