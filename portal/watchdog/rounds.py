"""One round of the watchdog: look, judge, decide whether to speak, tell, remember."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path

import structlog
from django.conf import settings

from portal.deadlines import heartbeat
from portal.watchdog import memory as remembered
from portal.watchdog.judge import PARTS, Contact, Finding, Seen, Verdict, confirm_after, judge
from portal.watchdog.memory import Memory

log = structlog.get_logger("portal.watchdog")


class Outcome(IntEnum):
    """How a round ended; the exit code of `manage.py watchdog --once`."""

    WELL = 0
    TOLD = 1
    NOT_TOLD = 2


@dataclass(frozen=True)
class Decision:
    """What stands still for sure, what works again, and whether that must be said now."""

    standing: tuple[Finding, ...]
    working: tuple[str, ...]
    speak: bool
    # Something was seen once only: the next look tells.
    unsure: bool


def notice(memory: Memory, now: datetime, monotonic: float) -> Memory:
    """The memory for a new round; after a sleep, a restart or a set clock nothing seen before counts.

    The wall clock and the machine's own count then no longer run as far apart as they did.
    """
    offset = now.timestamp() - monotonic
    jumped = abs(offset - memory.clock_offset) > heartbeat.late_after().total_seconds() / 2
    if memory.watching_since is None or jumped:
        return replace(memory, watching_since=now, clock_offset=offset, still={}, well={})
    return replace(memory, clock_offset=offset)


def decide(memory: Memory, verdict: Verdict, now: datetime) -> Decision:
    """Note in `memory` what is seen, and say what must be told; a first look tells nothing yet.

    What cannot be judged now neither stands still nor works again.
    """
    stay = verdict.parts | verdict.unknown
    memory.still = {part: at for part, at in memory.still.items() if part in stay}
    for part in verdict.parts:
        memory.still.setdefault(part, now)
    memory.well = {part: at for part, at in memory.well.items() if part in memory.told and part not in stay}
    for part in memory.told:
        if part not in stay:
            memory.well.setdefault(part, now)
    standing = tuple(
        finding
        for finding in verdict.findings
        if finding.part in memory.told or _lasted(memory.still[finding.part], now)
    )
    working = tuple(part for part in PARTS if part in memory.well and _lasted(memory.well[part], now))
    is_new = any(finding.part not in memory.told for finding in standing)
    unsure = len(standing) < len(verdict.findings) or len(working) < len(memory.well)
    return Decision(
        standing, working, bool(is_new or working or (standing and _is_long_ago(memory, now))), unsure
    )


def _lasted(since: datetime, now: datetime) -> bool:
    return now - since >= confirm_after()


def _is_long_ago(memory: Memory, now: datetime) -> bool:
    """Whether it is time to say it again; also when the clock was put back to before the last time."""
    again = timedelta(seconds=settings.WATCHDOG_REPEAT_SECONDS)
    return memory.told_at is None or not timedelta(0) <= now - memory.told_at < again


def _note_told(memory: Memory, decision: Decision, now: datetime) -> None:
    for part in decision.working:
        memory.told.pop(part, None)
        memory.well.pop(part, None)
    for finding in decision.standing:
        memory.told.setdefault(finding.part, since(memory, finding))
    memory.told_at = now


def since(memory: Memory, finding: Finding) -> datetime:
    """Since when a part stands still: by its own sign, or else when it was first seen so."""
    return finding.since or memory.told.get(finding.part) or memory.still[finding.part]


@dataclass(frozen=True)
class Told:
    """What a mail of the watchdog says: each part with the moment since when."""

    standing: tuple[tuple[str, datetime], ...]
    working: tuple[tuple[str, datetime], ...]
    at: datetime


@dataclass
class Watchdog:
    """The watchdog with its eyes and its voice; `tell` gives how many people heard it."""

    folder: Path
    look: Callable[[], Seen]
    tell: Callable[[Told, list[Contact]], int]
    memory: Memory | None = None
    decision: Decision | None = None

    def round(self) -> Outcome:
        """One round; what it could not tell it tries again in the next."""
        seen = self.look()
        known = self.memory or remembered.load(self.folder)
        memory = self.memory = notice(known, seen.now, time.monotonic())
        assert memory.watching_since is not None
        if seen.database is not None:
            remembered.save_contacts(self.folder, seen.database.contacts)
            contacts = list(seen.database.contacts)
        else:
            contacts = remembered.load_contacts(self.folder)
        verdict = judge(seen, memory.watching_since)
        decision = self.decision = decide(memory, verdict, seen.now)
        outcome = Outcome.TOLD if decision.standing or memory.told else Outcome.WELL
        if decision.speak:
            outcome = self._speak(memory, decision, contacts, seen.now)
        remembered.save(self.folder, memory)
        return outcome

    def _speak(self, memory: Memory, decision: Decision, contacts: list[Contact], now: datetime) -> Outcome:
        told = Told(
            standing=tuple((finding.part, since(memory, finding)) for finding in decision.standing),
            working=tuple((part, memory.told[part]) for part in decision.working),
            at=now,
        )
        standing = [part for part, _ in told.standing]
        log.warning("watchdog_speaks", standing=standing, working=list(decision.working))
        heard = self.tell(told, contacts)
        if not heard:
            log.error("watchdog_not_heard", standing=standing)
            return Outcome.NOT_TOLD
        _note_told(memory, decision, now)
        return Outcome.TOLD if memory.told else Outcome.WELL


def now_and_then(watchdog: Watchdog, every: float) -> None:
    """Rounds without end."""
    while True:
        watchdog.round()
        time.sleep(every)


def once(watchdog: Watchdog) -> Outcome:
    """One round, and a second when the first saw something new: the answer is final."""
    outcome = watchdog.round()
    if watchdog.decision is not None and watchdog.decision.unsure:
        time.sleep(confirm_after().total_seconds())
        outcome = watchdog.round()
    return outcome
