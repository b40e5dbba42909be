"""What the pages say about the making of a briefing and about how long it holds."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from portal import clock
from portal.briefings.enums import Problem, State
from portal.briefings.models import Briefing
from portal.ui.formatting import dag, tijd

# Making takes a second or so; after this long somebody should know that it does not.
SLOW_AFTER = timedelta(minutes=2)


def validity(until: datetime | None) -> str:
    """'geldig tot en met 1 december', or until something changes where time alone changes nothing."""
    if until is None:
        return _("geldig tot er iets wijzigt")
    local = until.astimezone(clock.AMSTERDAM)
    if local.time() == time(0):
        return _("geldig tot en met %(day)s") % {"day": dag(local.date() - timedelta(days=1))}
    return _("geldig tot %(day)s %(time)s") % {"day": dag(until), "time": tijd(until)}


def progress(briefing: Briefing) -> str:
    """How far it is, in a sentence."""
    if briefing.state == State.READY:
        return _("De briefing is klaar.")
    if briefing.problem == Problem.TAKEN:
        return _("De PDF is weggehaald.")
    if briefing.state == State.FAILED:
        return _("De briefing is mislukt.")
    if briefing.state == State.MISSED:
        return _("De briefing is niet gemaakt.")
    if clock.now() - briefing.asked_at > SLOW_AFTER:
        return _("Het duurt langer dan anders. Duurt het een kwartier, waarschuw dan de beheerder.")
    if briefing.state == State.MAKING:
        return _("De briefing wordt nu gemaakt.")
    if briefing.attempts:
        return _("Het lukte nog niet. Het portaal probeert het zo opnieuw.")
    return _("De briefing wacht op haar beurt. Meestal duurt dat een paar tellen.")


def problem(briefing: Briefing) -> str:
    """Why it failed, and what one can do."""
    return str(Problem(briefing.problem or Problem.RENDER).label)
