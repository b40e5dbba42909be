"""One look at the parts: the database, the heartbeats, what should have gone out, and the broker."""

import multiprocessing
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import Q

from portal import broker, clock
from portal.deadlines import heartbeat, plan
from portal.deadlines.models import Notice, Reminder
from portal.mail.models import Message
from portal.papers.enums import State
from portal.papers.models import PaperVersion
from portal.people.enums import Role
from portal.people.models import Membership, Person
from portal.supervisor.process import die_with_parent
from portal.watchdog.judge import Contact, Database, Seen

log = structlog.get_logger("portal.watchdog")

T = TypeVar("T")


def apart(work: Callable[[], T], seconds: float) -> T | None:
    """What `work` gives, done in a process of its own; None when it breaks or takes too long.

    A frozen server answers no timeout of its own: what hangs is killed, and the watchdog goes on.
    Forked, because a new Django every round would cost a second of work a minute.
    """
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    child = context.Process(target=_report, args=(work, writer), daemon=True)
    child.start()
    writer.close()
    try:
        if reader.poll(seconds):
            result: T = reader.recv()
            child.join(1)
            return result
        log.error("watchdog_hung", work=_name(work))
    except EOFError:
        log.error("watchdog_broke", work=_name(work))
    finally:
        child.kill()
        child.join()
        reader.close()
    return None


def _name(work: Callable[[], Any]) -> str:
    return str((work.func if isinstance(work, partial) else work).__name__)


def _report(work: Callable[[], Any], writer: Connection) -> None:
    die_with_parent()
    try:
        writer.send(work())
    except Exception as error:
        log.error("watchdog_failed", work=_name(work), error=type(error).__name__)


def reminder_late_since(now: datetime) -> datetime | None:
    """Since when the oldest reminder that was due too long ago lies unhandled, or untold to who must hear it.

    A reminder may be planned for a moment that is past already; it cannot be late before it was made.
    """
    limit = now - timedelta(seconds=settings.WATCHDOG_LATE_SECONDS)
    waiting = Reminder.objects.filter(state__in=plan.WAITING, fires_at__lte=limit, created_at__lte=limit)
    unheard = Notice.objects.filter(state="waiting", speaks_at__lte=limit, created_at__lte=limit)
    found = [
        max(moments)
        for moments in (
            waiting.order_by("fires_at").values_list("fires_at", "created_at").first(),
            unheard.order_by("speaks_at").values_list("speaks_at", "created_at").first(),
        )
        if moments
    ]
    return min(found, default=None)


def mail_late_since(now: datetime) -> datetime | None:
    """Since when the oldest mail that should have gone lies there; a webhook that fails is no standstill.

    Each failed try moves the next one forward, so a mail that cannot leave is never long overdue:
    it is known by its number of tries, and then by the moment at which it was written.
    """
    limit = now - timedelta(seconds=settings.WATCHDOG_LATE_SECONDS)
    stuck = Q(fires_at__lte=limit, created_at__lte=limit) | Q(attempts__gte=settings.WATCHDOG_MAIL_TRIES)
    waiting = Message.objects.filter(stuck, state__in=("planned", "claimed"), channel="mail")
    return waiting.order_by("created_at").values_list("created_at", flat=True).first()


def paper_late_since(now: datetime) -> datetime | None:
    """Since when the oldest uploaded paper waits for its check: the scanner is away, or nobody checks."""
    limit = now - timedelta(seconds=settings.WATCHDOG_LATE_SECONDS)
    waiting = PaperVersion.objects.filter(state__in=[State.WAITING, State.CHECKING], uploaded_at__lte=limit)
    return waiting.order_by("uploaded_at").values_list("uploaded_at", flat=True).first()


def contacts() -> tuple[Contact, ...]:
    """The national beheerders who can be mailed, and who of WATCHDOG_TO the portal knows."""
    national = set(
        Membership.objects.current(clock.today())
        .filter(role=Role.BEHEERDER_LANDELIJK, person__mail_refused_at__isnull=True)
        .values_list("person_id", flat=True)
    )
    known = Person.objects.filter(Q(pk__in=national) | Q(email__in=settings.WATCHDOG_TO)).order_by("email")
    return tuple(Contact(one.email, one.language, one.pk in national) for one in known)


def database() -> Database:
    """What the database tells; its errors are the caller's."""
    now = clock.now()
    return Database(
        beats=heartbeat.all_last(),
        reminder_late_since=reminder_late_since(now),
        mail_late_since=mail_late_since(now),
        paper_late_since=paper_late_since(now),
        contacts=contacts(),
    )


def _read() -> Database:
    """Read in a process of its own, and leave the database as a client should."""
    try:
        return database()
    finally:
        connection.close()


def look() -> Seen:
    """Look at everything; what does not answer in time counts as not there."""
    patience = settings.WATCHDOG_PATIENCE_SECONDS
    told = apart(_read, patience)
    return Seen(clock.now(), told, broker.waiting(patience / 2))
