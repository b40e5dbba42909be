"""The judgement: from what was seen to what stands still. Pure, so that every case can be tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from portal.deadlines import heartbeat

# Everything that can stand still, the cause before what follows from it.
PARTS = ("database", "broker", "beat", "worker", "sweep", "reminders", "mail", "papers")
ENGINE = ("beat", "worker", "sweep")
# What lies about when the engine stands still.
_WORK = ("reminders", "mail", "papers")


@dataclass(frozen=True)
class Contact:
    """Somebody who can be told, in their language."""

    address: str
    language: str
    is_national: bool


@dataclass(frozen=True)
class Database:
    """What the database told in one look."""

    beats: Mapping[str, datetime]
    # Since when the oldest reminder, and the oldest mail, should have gone; None when none is late.
    reminder_late_since: datetime | None = None
    mail_late_since: datetime | None = None
    contacts: tuple[Contact, ...] = ()
    # Since when the oldest uploaded paper waits too long for its check.
    paper_late_since: datetime | None = None


@dataclass(frozen=True)
class Seen:
    """One look at all parts. None means that a part did not answer."""

    now: datetime
    database: Database | None
    # How many tasks wait in the broker for a worker.
    tasks_waiting: int | None


@dataclass(frozen=True)
class Finding:
    """One part that stands still; `since` is None when nothing says since when."""

    part: str
    since: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """What stands still, and of which parts nothing can be said now."""

    findings: tuple[Finding, ...] = ()
    unknown: frozenset[str] = field(default_factory=frozenset)

    @property
    def parts(self) -> frozenset[str]:
        """The parts that stand still."""
        return frozenset(finding.part for finding in self.findings)


def judge(seen: Seen, watching_since: datetime) -> Verdict:
    """Name the cause and not what follows from it: of the rest nothing can be said until it works.

    Beat and worker show themselves through each other, so the broker tells them apart: what beat
    sends piles up there when no worker takes it. A part that never showed itself, or whose sign of
    life is of before the clock was put back, counts as seen when the watching began.
    """
    findings: list[Finding] = []
    unknown: set[str] = set()
    if seen.tasks_waiting is None:
        findings.append(Finding("broker"))
        unknown |= {*ENGINE, *_WORK}
    if seen.database is None:
        findings.insert(0, Finding("database"))
        unknown |= {*ENGINE, *_WORK}
    elif seen.tasks_waiting is not None:
        found, unsure = _engine(seen, seen.database, watching_since)
        findings += found
        unknown |= unsure
    return Verdict(tuple(findings), frozenset(unknown))


def _engine(seen: Seen, database: Database, watching_since: datetime) -> tuple[list[Finding], set[str]]:
    late = {part for part in ENGINE if _is_late(part, seen, database, watching_since)}
    if "worker" in late:
        part, other = ("worker", "beat") if seen.tasks_waiting else ("beat", "worker")
        return [Finding(part, _shown(part, seen, database))], {other, "sweep", *_WORK}
    if "beat" in late:  # somebody sends the worker its work by hand
        return [Finding("beat", _shown("beat", seen, database))], {"sweep", *_WORK}
    findings = []
    unknown = set()
    if "sweep" in late:
        findings.append(Finding("sweep", _shown("sweep", seen, database)))
        unknown.add("reminders")
    elif database.reminder_late_since is not None:
        findings.append(Finding("reminders", database.reminder_late_since))
    if database.mail_late_since is not None:
        findings.append(Finding("mail", database.mail_late_since))
    if database.paper_late_since is not None:
        findings.append(Finding("papers", database.paper_late_since))
    return findings, unknown


def _shown(part: str, seen: Seen, database: Database) -> datetime | None:
    """When a part last showed itself; a moment that lies ahead says nothing."""
    at = database.beats.get(part)
    return None if at is None or at > heartbeat.latest(seen.now) else at


def _is_late(part: str, seen: Seen, database: Database, watching_since: datetime) -> bool:
    return seen.now - (_shown(part, seen, database) or watching_since) > heartbeat.late_after()


def confirm_after() -> timedelta:
    """How long something must last before it is said: half a round, so never at the first look."""
    return timedelta(seconds=settings.WATCHDOG_SECONDS / 2)
