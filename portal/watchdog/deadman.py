"""The dead-man ping: as long as all is well an address elsewhere hears so, and it tells when it does not."""

import threading
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from email.message import Message
from http.client import HTTPResponse
from typing import IO

import structlog
from django.conf import settings
from django.db.models import Q

from portal import clock
from portal.deadlines import heartbeat
from portal.deadlines.models import Heartbeat
from portal.watchdog.look import mail_late_since

log = structlog.get_logger("portal.watchdog")

SECONDS = 5.0
PART = "deadman"

_thread: threading.Thread | None = None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Answers a redirect as it is: the address that was given is the only one that is called."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def is_sound(now: datetime) -> bool:
    """Whether what was due was handled lately and mail leaves: only then a ping may say so."""
    return heartbeat.is_recent(heartbeat.last("sweep"), now) and mail_late_since(now) is None


def claim(now: datetime) -> bool:
    """Take this turn: one ping in DEADMAN_SECONDS, whichever worker takes it."""
    earlier = now - timedelta(seconds=settings.DEADMAN_SECONDS)
    due = Q(at__lte=earlier) | Q(at__gt=heartbeat.latest(now))
    if Heartbeat.objects.filter(due, part=PART).update(at=now):
        return True
    return Heartbeat.objects.get_or_create(part=PART, defaults={"at": now})[1]


def call(url: str) -> None:
    """One GET; what goes wrong is logged by its type, because the address may hold a token."""
    opener = urllib.request.build_opener(_NoRedirect)
    opener.addheaders = [("User-Agent", "portaal-kinderveiligheid")]
    try:
        answer: HTTPResponse
        with opener.open(url, timeout=SECONDS) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as error:
        log.warning("deadman_refused", status=error.code)
        error.close()
    except Exception as error:  # no answer at all, or nothing that is HTTP
        log.warning("deadman_failed", error=type(error).__name__)


def ping() -> bool:
    """Ping when all is well and it is time; on a thread, so that a slow address holds up no task."""
    global _thread
    now = clock.now()
    if not settings.DEADMAN_URL or (_thread is not None and _thread.is_alive()):
        return False
    if not is_sound(now) or not claim(now):
        return False
    _thread = threading.Thread(target=call, args=(settings.DEADMAN_URL,), name="deadman", daemon=True)
    _thread.start()
    return True
