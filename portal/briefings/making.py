"""Asking for briefings and making them: once per ask, never the same content twice."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import structlog
import uuid6
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Subquery

from portal import clock
from portal.audit.record import record
from portal.briefings import pdf, scheduling, telling
from portal.briefings.compose import Content, compose
from portal.briefings.enums import Problem, State
from portal.briefings.models import Briefing
from portal.briefings.registry import document, documents
from portal.briefings.rhythm import Every
from portal.municipalities.models import Scope
from portal.nudge import nudge
from portal.people.models import Person

log = structlog.get_logger("portal.briefings")

TASK = "portal.briefings.tasks.make_due"
# What a step leaves on its date is there when the office opens.
DUE_FROM = time(6)
ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=20)
# One run leaves room for others; what is over is for the next.
MOST_AT_ONCE = 200
# How much room the lists of a one-page briefing get at most; with 1 each has one row.
MOST_ROWS = 8
# Failed because there is nobody (any more) for whom it is: nobody is told.
NOBODYS = (Problem.GONE, Problem.AUDIENCE)


class TooLong(RuntimeError):
    """Not even with one row in each list does it fit on one page."""


@transaction.atomic
def ask(
    *,
    by: Person,
    document: str,
    subject_id: Any,
    scope: Scope,
    audience: str,
    key: str | None = None,
    reader: Person | None = None,
    period: date | None = None,
) -> Briefing:
    """Ask for a briefing; the same one-time key leads to the one it asked for before."""
    if key:
        asked = Briefing.objects.filter(ask_key=key, asked_by=by).first()
        if asked is not None:
            return asked
    row = Briefing.objects.create(
        document=document,
        subject_id=subject_id,
        audience=audience,
        asked_by=by,
        ask_key=key or None,
        reader=reader,
        period=period,
        **scope.as_fields(),
    )
    record("briefing.asked", by=by, about=row, scope=scope, changes={"audience": audience})
    nudge(TASK)
    return row


@transaction.atomic
def retry(*, by: Person, briefing: Briefing) -> bool:
    """Put a failed briefing back to be made; False when it was not failed (any more)."""
    failed = Briefing.objects.filter(pk=briefing.pk, state=State.FAILED).exclude(problem=Problem.TAKEN)
    changed = failed.update(
        state=State.ASKED,
        attempts=0,
        problem="",
        asked_at=clock.now(),
        lease_id=None,
        lease_until=None,
    )
    if changed:
        states = {"state": (State.FAILED.value, State.ASKED.value)}
        record("briefing.retried", by=by, about=briefing, scope=briefing.scope, changes=states)
        nudge(TASK)
    return bool(changed)


@transaction.atomic
def take_away(papers: Collection[str], subjects: Collection[Any]) -> int:
    """Destroy the files and lines of what was made about these subjects; what is in the making starts anew.

    For words that may not be kept any more. The rows stay: that something was made and sent remains true.
    """
    rows = Briefing.objects.filter(document__in=papers, subject_id__in=subjects)
    rows.filter(state=State.MAKING).update(state=State.ASKED, lease_id=None, lease_until=None)
    made = rows.exclude(file="")
    files = set(made.values_list("file", flat=True))
    taken = made.update(state=State.FAILED, problem=Problem.TAKEN, file="", facts={})
    for one in files:
        transaction.on_commit(partial(default_storage.delete, one))
    return taken


def make_waiting() -> int:
    """Ask for what steps leave today, and make everything that waits; returns how many were settled."""
    ask_due()
    scheduling.ask_planned(clock.now())
    give_up()
    settled = 0
    while settled < MOST_AT_ONCE and (row := claim()) is not None:
        make(row)
        settled += 1
    if settled == MOST_AT_ONCE:
        nudge(TASK)
    return settled


def ask_due() -> int:
    """Ask for the briefings of today, from six o'clock in Amsterdam, each once; returns how many."""
    now = clock.now()
    if now.astimezone(clock.AMSTERDAM).time() < DUE_FROM:
        return 0
    wanted = {
        one.key: Briefing(
            document=of.key,
            subject_id=one.subject_id,
            audience=one.audience,
            due_key=one.key,
            **one.scope.as_fields(),
        )
        for of in documents
        if of.due is not None
        for one in of.due(now)
    }
    if not wanted:
        return 0
    known = set(Briefing.objects.filter(due_key__in=list(wanted)).values_list("due_key", flat=True))
    fresh = [row for key, row in wanted.items() if key not in known]
    # Another worker may ask at the same moment: the unique key lets one of the two through.
    Briefing.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def give_up() -> int:
    """What a worker took three times and never brought back has failed, and who waits for it is told."""
    lost = Briefing.objects.waiting(clock.now()).filter(attempts__gte=ATTEMPTS)
    return sum(_give_up(row) for row in lost.order_by("asked_at", "id")[:MOST_AT_ONCE])


@transaction.atomic
def _give_up(row: Briefing) -> int:
    gone = document(row.document).load(row) is None
    lost = Briefing.objects.waiting(clock.now()).filter(pk=row.pk, attempts__gte=ATTEMPTS)
    changed = lost.update(
        state=State.MISSED if is_over(row) else State.FAILED,
        problem="" if is_over(row) else Problem.GONE if gone else Problem.RENDER,
        lease_id=None,
        lease_until=None,
    )
    if changed and row.due_key and telling.is_mailed(row) and not gone and not is_over(row):
        telling.tell(row)
    return changed


def claim() -> Briefing | None:
    """Take the oldest that waits, with one statement and a lease; None when nothing waits.

    While one worker makes a briefing, another does not take one of the same subject and audience:
    when its turn comes, the file may be there already.
    """
    now = clock.now()
    in_the_making = Briefing.objects.filter(
        document=OuterRef("document"),
        subject_id=OuterRef("subject_id"),
        audience=OuterRef("audience"),
        state=State.MAKING,
    ).exclude(pk=OuterRef("pk"))
    first = (
        Briefing.objects.waiting(now)
        .filter(~Exists(in_the_making), attempts__lt=ATTEMPTS)
        .order_by("asked_at", "id")[:1]
    )
    if connection.features.has_select_for_update_skip_locked:
        first = first.select_for_update(skip_locked=True)
    lease = uuid6.uuid7()
    try:
        with transaction.atomic():
            taken = Briefing.objects.filter(pk=Subquery(first.values("pk"))).update(
                state=State.MAKING,
                lease_id=lease,
                lease_until=now + timedelta(seconds=settings.LEASE_SECONDS),
                attempts=F("attempts") + 1,
            )
    except IntegrityError:
        # Another worker took one of the same subject between our look and our hand.
        return None
    return Briefing.objects.get(lease_id=lease) if taken else None


def make(row: Briefing) -> None:
    """Make one claimed briefing, or find that its content was made before."""
    try:
        content = _content(row)
        if isinstance(content, Problem):
            _settle(row, state=State.FAILED, problem=content)
        elif is_over(row):
            _settle(row, state=State.MISSED)
        elif not _reuse(row, content):
            _render(row, content)
    except pdf.NoRenderer as error:
        log.error("briefing_no_renderer", briefing=str(row.pk), error=str(error))
        _settle(row, state=State.FAILED, problem=Problem.NO_RENDERER)
    except Exception as error:
        # Only the type: an exception's words may hold words of the briefing.
        log.error("briefing_failed", briefing=str(row.pk), error=type(error).__name__, attempt=row.attempts)
        if row.attempts >= ATTEMPTS:
            _settle(row, state=State.FAILED, problem=Problem.RENDER)
        else:
            _settle(row, state=State.ASKED, lease_until=clock.now() + RETRY_AFTER * row.attempts)


def is_over(row: Briefing) -> bool:
    """Whether a briefing of one day is looked at when that day is gone: it is not made afterwards."""
    rhythm = document(row.document).rhythm
    return rhythm is not None and rhythm.every == Every.DAY and row.period != clock.today()


def _content(row: Briefing, rows: int = MOST_ROWS) -> Content | Problem:
    of = document(row.document)
    subject = of.load(row)
    if subject is None:
        return Problem.GONE
    audience = of.audience(subject, row.audience)
    if audience is None:
        return Problem.AUDIENCE
    if of.one_page:
        # A document of one page is about a dataclass that knows how many rows there is room for; the
        # protocol of subjects cannot say so.
        subject = replace(subject, rows=rows)  # type: ignore[type-var]
    return compose(of, subject, audience, clock.now())


def _reuse(row: Briefing, content: Content) -> bool:
    """Take over the file of an earlier briefing with exactly this content, if there is one."""
    same = (
        Briefing.objects.like(row)
        .filter(state=State.READY, content_hash=content.hash)
        .order_by("-rendered_at", "-id")
        .first()
    )
    if same is None or not default_storage.exists(same.file):
        return False
    before = before_it(row) if document(row.document).says_changes else None
    if (
        before is not None
        and before.content_hash != content.hash
        and (before.made_at is None or same.rendered_at is None or same.rendered_at < before.made_at)
    ):
        # The words are those of an earlier one, what changed since the last is not.
        return False
    return _settle(
        row,
        state=State.READY,
        made_at=clock.now(),
        rendered_at=same.rendered_at,
        valid_until=same.valid_until,
        content_hash=same.content_hash,
        file=same.file,
        pages=same.pages,
        rows=same.rows,
        facts=content.facts,
        holds=content,
    )


def before_it(row: Briefing) -> Briefing | None:
    """The briefing that its readers had until this one: the last that they heard of, if they heard of any."""
    ready = Briefing.objects.like(row).filter(state=State.READY).exclude(pk=row.pk)
    latest = ready.order_by("-made_at", "-id")
    found: Briefing | None = latest.filter(due_key__isnull=False).first() or latest.first()
    return found


def _fitted(row: Briefing, content: Content, now: datetime) -> tuple[pdf.Rendered, int]:
    """The PDF, and with how many rows in each list; where it must be one page, as much as fits on it."""
    of = document(row.document)
    if not of.one_page:
        before = before_it(row) if of.says_changes else None
        if before is not None and before.content_hash == content.hash:
            before = None
        return pdf.render(content.html(now, row, before)), 0
    made = pdf.render(content.html(now, row))
    if made.pages == 1:
        return made, MOST_ROWS
    fits: tuple[pdf.Rendered, int] | None = None
    least, most = 1, MOST_ROWS - 1
    while least <= most:
        rows = (least + most) // 2
        shown = _content(row, rows)
        assert isinstance(shown, Content)
        made = pdf.render(shown.html(now, row))
        if made.pages == 1:
            fits, least = (made, rows), rows + 1
        else:
            most = rows - 1
    if fits is None:
        raise TooLong
    return fits


def _render(row: Briefing, content: Content) -> None:
    now = clock.now()
    made, rows = _fitted(row, content, now)
    name = default_storage.save(f"briefings/{uuid6.uuid7()}.pdf", ContentFile(made.data))
    kept = _settle(
        row,
        state=State.READY,
        made_at=now,
        rendered_at=now,
        valid_until=content.valid_until,
        content_hash=content.hash,
        file=name,
        pages=made.pages,
        rows=rows,
        facts=content.facts,
        holds=content,
    )
    if not kept:
        default_storage.delete(name)


@transaction.atomic
def _settle(row: Briefing, *, holds: Content | None = None, **fields: Any) -> bool:
    """Write the outcome, unless the lease ran out and somebody else has the row now.

    Whoever waits for a briefing of the schedule is told in the same transaction, also when it failed.
    """
    fields = {"problem": "", "lease_until": None, **fields, "lease_id": None}
    kept = Briefing.objects.filter(pk=row.pk, lease_id=row.lease_id, state=State.MAKING).update(**fields)
    if not kept:
        log.warning("briefing_lease_lost", briefing=str(row.pk))
        return False
    if holds is not None and (held := getattr(holds.subject, "driehoeken", ())):
        row.driehoeken.set(held)
    is_told = fields["state"] in (State.READY, State.FAILED) and fields["problem"] not in NOBODYS
    if row.due_key and telling.is_mailed(row) and is_told:
        telling.tell(row)
    return True
