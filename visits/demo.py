"""A visit for the demonstration: it owns a measure that was started there."""

from datetime import timedelta
from typing import Any

from measures.tracking.models import Measure
from portal.people.models import Person
from visits import actions as act
from visits.actions.visits import own
from visits.models import Visit
from visits.workflow import ANCHOR


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
    return own(by=lead, measure=measure, invites=False, **facts)
