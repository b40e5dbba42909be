"""What the watchdog remembers between rounds, in small files under VAR_DIR: the database may be gone."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from portal.watchdog.judge import PARTS, Contact

log = structlog.get_logger("portal.watchdog")

STATE = "watchdog.json"
CONTACTS = "watchdog-contacts.json"


@dataclass
class Memory:
    """What was seen and said before. Nothing remembered is never told: rather twice than not at all."""

    # Since when the clock runs as it does, and how far it then was from the machine's own count.
    watching_since: datetime | None = None
    clock_offset: float = 0.0
    # Since when each part is seen to stand still, or, of what was told, to work again.
    still: dict[str, datetime] = field(default_factory=dict)
    well: dict[str, datetime] = field(default_factory=dict)
    # Since when each part stands still that was told of.
    told: dict[str, datetime] = field(default_factory=dict)
    told_at: datetime | None = None

    def as_text(self) -> str:
        """As it stands in the file."""
        return json.dumps(asdict(self), default=datetime.isoformat, indent=1)

    @classmethod
    def from_text(cls, text: str) -> "Memory":
        """From the file; raises for whatever is not one."""
        found = json.loads(text)
        return cls(
            watching_since=_moment(found["watching_since"]),
            clock_offset=float(found["clock_offset"]),
            still=_moments(found["still"]),
            well=_moments(found["well"]),
            told=_moments(found["told"]),
            told_at=_moment(found["told_at"]),
        )


def _moment(text: Any) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _moments(found: dict[str, Any]) -> dict[str, datetime]:
    return {part: at for part, text in found.items() if part in PARTS and (at := _moment(text))}


def load(folder: Path) -> Memory:
    """What was remembered; what cannot be read was never told."""
    try:
        return Memory.from_text((folder / STATE).read_text())
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        log.error("watchdog_forgot", error=type(error).__name__)
        return Memory()


def save(folder: Path, memory: Memory) -> None:
    """Remember; a disk that is full only costs a mail too many."""
    _write(folder / STATE, memory.as_text())


def load_contacts(folder: Path) -> list[Contact]:
    """Whom to tell, as last read from the database."""
    try:
        return [Contact(**one) for one in json.loads((folder / CONTACTS).read_text())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        log.error("watchdog_forgot", error=type(error).__name__)
        return []


def save_contacts(folder: Path, contacts: Iterable[Contact]) -> None:
    """Remember whom to tell, for when the database is gone."""
    text = json.dumps([asdict(one) for one in contacts], indent=1)
    with suppress(OSError, ValueError):
        if (folder / CONTACTS).read_text() == text:
            return
    _write(folder / CONTACTS, text)


def _write(path: Path, text: str) -> None:
    """All of it or nothing, and for this account alone."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        log.error("watchdog_cannot_remember", error=type(error).__name__)
        with suppress(OSError):
            draft.unlink(missing_ok=True)
