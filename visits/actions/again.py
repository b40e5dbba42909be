"""A visit made after an earlier one: the same host and programme, without its day and what came of it."""

from collections.abc import Iterable, Iterator
from datetime import time
from typing import Any

from django.db import transaction

from measures.tracking.models import TemplateVersion
from portal.people.models import Person
from visits.actions.companions import bring
from visits.actions.visits import start_visit
from visits.enums import Meets, StopPress
from visits.models import Stop, Visit
from visits.models.programme import LONGEST_STOP, MIDNIGHT

# What a stop takes along; never what the host agreed to, nor how it went.
_COPIED = ("order", "title", "travel", "place", "leads", "speaks", "aim", "meets")
# So many minutes are lost in rounding what a stop really took.
_STEP = 5


def _minutes(stop: Stop) -> int:
    """How long it really took, in steps of five minutes; as planned where nobody wrote that down."""
    if stop.began_at is None or stop.ended_at is None:
        return stop.minutes
    took = (stop.ended_at - stop.began_at).total_seconds() / 60
    return min(LONGEST_STOP, max(_STEP, round(took / _STEP) * _STEP))


def _anew(stops: Iterable[Stop]) -> Iterator[tuple[Stop, time, int]]:
    """Each stop with its beginning and minutes: later where the one before took longer, all in one day."""
    free = 0
    for nr, stop in enumerate(stops):
        begins = max(stop.starts_minute, free + stop.travel if nr else 0)
        begins = min(begins, MIDNIGHT - _STEP)
        minutes = min(_minutes(stop), MIDNIGHT - begins)
        free = begins + minutes
        yield stop, time(*divmod(begins, 60)), minutes


def _press(stop: Stop) -> str:
    """Where victims are the host must give its go anew."""
    asks = stop.meets == Meets.VICTIMS and stop.press == StopPress.WELCOME
    return StopPress.BY_ARRANGEMENT if asks else stop.press


@transaction.atomic
def duplicate(*, by: Person, visit: Visit, version: TemplateVersion, title: str, key: str) -> Visit:
    """Start a new visit, an idea, after this one; the same one-time key leads to the one it made before.

    Stops take as long as they really took, and begin later where they would overlap. Who is asked along
    and what the host agreed to is asked anew; those who came along then are on the list again.
    """
    made = start_visit(
        by=by,
        version=version,
        scope=visit.scope,
        key=key,
        title=title,
        host=visit.host,
        aim=visit.aim,
        question="",
        with_driehoek=False,
    )
    if made.stops.exists() or made.companions.exists():
        return made
    made.with_driehoek = visit.with_driehoek
    made.gathers_at = visit.gathers_at
    made.briefing_days = visit.briefing_days
    made.save(update_fields=["with_driehoek", "gathers_at", "briefing_days"])
    Stop.objects.bulk_create(
        Stop(
            visit=made,
            starts=starts,
            minutes=minutes,
            press=_press(one),
            **{name: getattr(one, name) for name in _COPIED},
        )
        for one, starts, minutes in _anew(visit.stops.standing())
    )
    for one in visit.companions.current().select_related("person"):
        facts: dict[str, Any] = {"person": one.person, "name": one.name, "email": one.email, "part": one.part}
        bring(by=by, visit=made, function=one.function, **facts)
    return made
