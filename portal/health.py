"""Is this process there, and do all parts of the portal work? For load balancers and for `make run`."""

from datetime import timedelta

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from portal import broker, clock
from portal.access.rules import open_to_all
from portal.deadlines import heartbeat
from portal.deadlines.models import Heartbeat

BROKER_SECONDS = 0.4
MISSED_TICKS = 3


def beating_parts() -> set[str] | None:
    """The parts that showed themselves lately; None when the database does not answer."""
    now = clock.now()
    since = now - timedelta(seconds=MISSED_TICKS * settings.TICK_SECONDS)
    shown = (since, heartbeat.latest(now))
    try:
        return set(Heartbeat.objects.filter(at__range=shown).values_list("part", flat=True))
    except Error:
        return None


@open_to_all
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers; asks nothing of any other part."""
    return HttpResponse("ok", content_type="text/plain")


@open_to_all
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Which parts work, by name alone; 200 when all do."""
    beating = beating_parts()
    parts = {
        "database": beating is not None,
        "broker": broker.answers(BROKER_SECONDS),
        "worker": "worker" in (beating or ()),
        "beat": "beat" in (beating or ()),
    }
    answer = JsonResponse(parts, status=200 if all(parts.values()) else 503)
    # Not ready is an answer, not an error: whoever asks every second must not fill the log.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
