"""When the engine last ran: written by the worker, read by every page and by /readyz."""

from datetime import datetime

from portal import clock
from portal.deadlines.models import Heartbeat


def beat(part: str) -> None:
    """Note that a part of the engine is alive now."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": clock.now()})


def last(part: str) -> datetime | None:
    """When a part last showed itself; None when it never did."""
    return Heartbeat.objects.filter(part=part).values_list("at", flat=True).first()
