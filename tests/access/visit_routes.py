"""The parameters of the routes of visits, pointing at a visit of one municipality."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from portal import clock
from portal.municipalities.models import Scope
from portal.people.models import Person
from tests.cast import newest
from visits import actions as act
from visits.models import Companion, Consent, DateOption, Host, Visit

# By the key of a visit itself.
OF_THE_VISIT = (
    "visit",
    "sheet",
    "change",
    "move",
    "options",
    "answers",
    "add_companion",
    "invite",
    "confirm",
    "hold",
    "take_back",
    "follow_up",
    "cancel",
    "resume",
    "promise",
    "write_down",
    "report",
    "duplicate",
    "own_answers",
    "programme",
    "runsheet",
    "times",
    "consents",
    "briefing",
    "make_briefing",
    "briefing_content",
)
OF_A_SHEET = ("sheet_of", "make_sheet", "sheet_sent")


@dataclass(frozen=True)
class VisitObjects:
    """A planned visit with a host, somebody who comes along, a moment to choose and a go of the host."""

    visit: Visit
    host: Host
    companion: Companion
    option: DateOption
    consent: Consent

    @classmethod
    def of(cls, by: Person, scope: Scope) -> "VisitObjects":
        host = act.add_host(by=by, scope=scope, key=uuid4().hex, kind="school", name="De Regenboog")
        starts = clock.now() + timedelta(days=30)
        hours = (starts, starts + timedelta(hours=2))
        visit = act.start_visit(
            by=by,
            version=newest("visits"),
            scope=scope,
            key=uuid4().hex,
            host=host,
            starts_at=hours[0],
            ends_at=hours[1],
        )
        companion = act.add_companion(by=by, visit=visit, function="adviseur", name="C. de Groot")
        option = act.add_options(by=by, visit=visit, hours=[hours])[0]
        said: dict[str, Any] = {"on": clock.today(), "said_by": "directeur", "key": uuid4().hex}
        (consent,) = act.give_consents(by=by, visit=visit, uses=["talk"], stop=None, **said)
        return cls(visit, host, companion, option, consent)


def visit_builders(own: VisitObjects) -> dict[str, dict[str, Any]]:
    """One entry for each route of visits that needs a parameter."""
    return {
        **{f"visits:{name}": {"pk": own.visit.pk} for name in OF_THE_VISIT},
        **{f"visits:{name}": {"pk": own.visit.pk, "audience": "gastheer"} for name in OF_A_SHEET},
        "visits:start": {"pk": own.visit.measure.template_version_id},
        "visits:companion": {"pk": own.companion.pk},
        "visits:end_companion": {"pk": own.companion.pk},
        "visits:withdraw_option": {"pk": own.option.pk},
        "visits:host": {"pk": own.host.pk},
        "visits:withdraw_consent": {"pk": own.visit.pk, "consent": own.consent.pk},
    }
