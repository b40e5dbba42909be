"""A visit for the demonstration: it owns a measure that was started there."""

from datetime import timedelta
from typing import Any

from measures.tracking.models import Measure
from portal import clock
from portal.people.models import Person
from visits import actions as act
from visits.actions.visits import own
from visits.enums import Meets, StopPress, Use
from visits.models import Visit
from visits.programme_rules import Part
from visits.workflow import ANCHOR

# Minutes after the beginning, title, length, place, who speaks, aim, whom one meets, press.
_PROGRAMME = (
    (0, "Ontvangst", 15, "Hal", "", "Kennismaken", Meets.STAFF, StopPress.NO),
    (
        15,
        "Meeluisteren bij de telefoon",
        30,
        "Belkamer",
        "",
        "Horen wat er binnenkomt",
        Meets.STAFF,
        StopPress.NO,
    ),
    (
        45,
        "Gesprek met ervaringsdeskundigen",
        35,
        "Huiskamer",
        "",
        "Luisteren: wat hielp, en wat kwam te laat?",
        Meets.VICTIMS,
        StopPress.NO,
    ),
    (
        80,
        "Met het team aan tafel",
        20,
        "Vergaderkamer",
        "officier van justitie",
        "Waar loopt het vast tussen hulp en straf?",
        Meets.STAFF,
        StopPress.NO,
    ),
    (100, "Persmoment", 20, "Hal", "burgemeester", "", Meets.STAFF, StopPress.WELCOME),
)
_WORDS: dict[str, Any] = {
    "gathers_at": "Hal van het stadhuis",
    "between_us": "De subsidie voor dit jaar loopt. Over extra plekken voor gezinnen is nog niet besloten.",
    "sensitive": "De wachttijd na een melding is langer dan afgesproken.",
    "questions_to_ask": (
        "Waar wachten kinderen nu te lang op?\n"
        "Wat gebeurt er in het eerste uur na een melding?\n"
        "Wat hebt u van de politie nodig?\n"
        "Wat kan de gemeente morgen anders doen?\n"
        "Wat werkt goed en moet blijven?"
    ),
    "not_to_say": "Geen geld toezeggen. Niets over een gezin, ook niet als iemand erover begint.",
    "press_line": "Wie zich zorgen maakt over een kind, kan altijd bellen. Zeker weten hoeft niet.",
    "speaks_to_press": "de burgemeester",
    "house_rules": "Telefoons blijven in de hal.\nGeen foto’s buiten het persmoment.",
}
_FIGURES = (
    ("1.240", "adviezen en meldingen in de regio, vorig jaar", "Jaarverslag Veilig Thuis Voorbeeldregio"),
    ("8 weken", "wachten op een onderzoek, gemiddeld", "Kwartaalrapportage aan de gemeente"),
)


def lay(measure: Measure, lead: Person) -> Visit:
    """Make the visit of a measure of the demonstration, with a host and who comes along."""
    starts = measure.anchors.get(name=ANCHOR).at
    host = act.add_host(
        by=lead,
        scope=measure.scope,
        key=f"demo-{measure.pk}",
        kind="veilig_thuis",
        name="Veilig Thuis Voorbeeldregio",
        address="Voorbeeldplein 1, Voorbeeldstad",
        contact_name="H. Meesters",
        contact_function="coördinator",
        contact_email="coordinator@veiligthuis.example",
        profile=(
            "Veilig Thuis is het advies- en meldpunt voor huiselijk geweld en kindermishandeling."
            " Iedereen kan er dag en nacht bellen, ook zonder zekerheid. Het team werkt met wijkteams,"
            " politie en scholen."
        ),
    )
    facts: dict[str, Any] = {
        "host": host,
        "question": "Waar wachten kinderen in onze gemeente nu te lang op hulp?",
        "aim": "Zien hoe een melding verloopt, en afspreken wat de gemeente sneller kan doen.",
        "with_driehoek": True,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2) if starts else None,
    }
    is_first = not Visit.objects.exists()
    visit = own(by=lead, measure=measure, invites=False, **facts)
    # The other municipality shows what a visit looks like with almost nothing filled in.
    if is_first:
        _fill(visit, lead)
    return visit


def _fill(visit: Visit, lead: Person) -> None:
    """A programme of five parts, what the host agreed to, and the words of the briefing."""
    begins = clock.at(clock.today(), visit.begins)
    parts = [
        Part(
            title,
            (begins + timedelta(minutes=after)).astimezone(clock.AMSTERDAM).time(),
            minutes,
            place=place,
            leads="coördinator",
            speaks=speaks,
            aim=aim,
            meets=meets,
            press=press,
        )
        for after, title, minutes, place, speaks, aim, meets, press in _PROGRAMME
    ]
    act.write_programme(by=lead, visit=visit, stops=parts, version=visit.programme_version)
    met = visit.stops.get(meets=Meets.VICTIMS)
    facts: dict[str, Any] = {"stop": met, "on": clock.today(), "said_by": "teamleider"}
    act.give_consents(by=lead, visit=visit, uses=[Use.TALK], key=f"demo-go-{visit.pk}", **facts)
    act.change_visit(by=lead, visit=visit, **_WORDS)
    figures = [
        {"value": value, "about": about, "source": source, "as_of": clock.today() - timedelta(days=60)}
        for value, about, source in _FIGURES
    ]
    act.write_figures(by=lead, visit=visit, figures=figures)
