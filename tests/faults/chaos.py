"""What every chaos test shares: a wall clock of its own, what must be heard, and the account afterwards."""

import http
import json
import os
import random
import re
import socket
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2
import pytest

from tests.faults.browser import Browser
from tests.faults.engines import installation, script
from tests.processes import running, scratch, until, up
from tests.servers import Mailbox, manage, web

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# An office day outside every recess and quiet hour: what is due today is heard at once.
TUESDAY = datetime(2026, 10, 6, 10, 0, tzinfo=AMSTERDAM)
ACTION = re.compile(r"/acties/([0-9a-f-]{36})/")
HOUR = timedelta(hours=1)
# How long before and after a fault the server may have accepted what the row does not say.
AROUND = (timedelta(seconds=-1.5), timedelta(seconds=2.5))

Pair = tuple[str, str]


class Wall:
    """The wall clock of all processes of one installation, shifted through one file."""

    def __init__(self, folder: Path, moment: datetime = TUESDAY) -> None:
        self.file = folder / "shift"
        self.set(moment)

    def set(self, moment: datetime) -> None:
        """Let the clock show this moment now and run on; whole at once, for processes read it all the time."""
        draft = self.file.with_suffix(".draft")
        self._shift = moment.astimezone(UTC) - datetime.now(UTC)
        draft.write_text(str(self._shift.total_seconds()))
        draft.rename(self.file)

    def move(self, by: timedelta) -> None:
        self.set(self.now() + by)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift


class MoodyMailbox(Mailbox):
    """A mail server whose mood a test sets, and which can be away altogether."""

    _stack: ExitStack

    def mood(self, word: str) -> None:
        draft = self.folder.parent / "mood.draft"
        draft.write_text(word)
        draft.rename(self.folder.parent / "mood")

    def kept_silently(self) -> set[str]:
        """The Message-IDs of what it kept and never said so."""
        journal = self.folder.parent / "journal"
        return set(journal.read_text().split()) if journal.exists() else set()

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Up while the block lasts; before and after it every connection is refused."""
        folder = self.folder.parent
        words = (str(self.port), str(self.folder), str(folder / "mood"), str(folder / "journal"))
        log = folder / "sink.log"
        command = [sys.executable, "-m", "tests.faults.moody_sink", *words]
        with running(command, os.environ, log) as process:
            up(process, log, self._listens)
            yield

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def moody(mood: str = "well") -> Iterator[MoodyMailbox]:
    """A mail server with moods on a port of its own, not up yet."""
    with scratch() as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        box = MoodyMailbox(port, folder / "postvak", None)  # type: ignore[arg-type]
        box.mood(mood)
        yield box


@dataclass
class Chaos:
    """One installation with reminders, and what must be heard of it."""

    engine: str
    env: dict[str, str]
    wall: Wall
    sink: Mailbox
    seed: int
    dice: random.Random
    first: set[Pair] = field(default_factory=set)
    second: set[Pair] = field(default_factory=set)
    gone: set[Pair] = field(default_factory=set)
    # When the fault was there, in real time; and doubles of which another journal tells the reason.
    faults: list[datetime] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @property
    def expected(self) -> set[Pair]:
        return self.first | self.second

    def lay(self) -> None:
        """Lay the reminders, with the people who may not hear them any more before they fire."""
        laid = json.loads(script(self.env, "tests.faults.lay_chaos", "lay"))
        # Who has no mailbox at a moody server hears nothing: there the lead does.
        instead = "trekker" if isinstance(self.sink, MoodyMailbox) else "onbekend"
        self.first, self.second = (
            {(action, who.replace("onbekend", instead)) for action, who in laid[part]}
            for part in ("first", "second")
        )

    def change(self) -> None:
        """One loses the right to see, one finishes, one hands over, while it all waits."""
        changed = json.loads(script(self.env, "tests.faults.lay_chaos", "change"))
        self.gone = {tuple(pair) for pair in changed["gone"]}
        self.first = (self.first - self.gone) | {tuple(pair) for pair in changed["first"]}
        self.second -= self.gone

    def tried(self, times: int) -> None:
        """Wait until the mails that wait were tried so often, and nobody has one in hand."""
        sql = "SELECT MAX(attempts), SUM(CASE WHEN state = 'claimed' THEN 1 ELSE 0 END) FROM mail_message"

        def done() -> bool:
            attempts, claimed = self.ask(sql)[0]
            return (attempts or 0) >= times and not claimed

        until(done, 30, f"{times} tries, seed {self.seed}")

    def fault(self) -> None:
        """Note that the fault struck just now."""
        self.faults.append(datetime.now(UTC))

    # -- what came ---------------------------------------------------------------------------
    def heard(self) -> dict[Pair, set[str]]:
        """Of each action and address the Message-IDs of the mails that told it."""
        found: dict[Pair, set[str]] = {}
        for mail in self.sink.mails():
            body = mail.get_body(("plain",))
            assert body is not None
            for action in ACTION.findall(body.get_content()):
                found.setdefault((action, str(mail["To"])), set()).add(str(mail["Message-ID"]))
        return found

    def _accepted(self) -> dict[str, list[datetime]]:
        """When the server took each copy of a mail, by Message-ID; the file's name tells."""
        found: dict[str, list[datetime]] = {}
        for path, mail in zip(sorted(self.sink.folder.glob("[!.]*.eml")), self.sink.mails(), strict=True):
            moment = datetime.strptime(path.name.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
            found.setdefault(str(mail["Message-ID"]), []).append(moment)
        return found

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The answer of the database itself, without the portal; values may be moments."""
        if self.engine == "sqlite":
            as_text = [v.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(v, datetime) else v for v in values]
            with closing(sqlite3.connect(Path(self.env["VAR_DIR"]) / "portaal.sqlite3", timeout=20)) as base:
                return base.execute(sql.replace("%s", "?"), as_text).fetchall()
        with closing(psycopg2.connect(self.env["DATABASE_URL"])) as base, base.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    @contextmanager
    def site(self) -> Iterator[Browser]:
        """The web part, and a browser in which the first person is signed in."""
        manage(self.env, "collectstatic", "--no-input")
        session = script(self.env, "tests.faults.lay_chaos", "session")
        with web(self.env) as port:
            browser = Browser(port)
            browser.sign_in(session)
            assert browser.get("/acties/")[0] == http.HTTPStatus.OK
            yield browser

    def answers(self) -> bool:
        """Whether the database answers."""
        try:
            return bool(self.ask("SELECT 1"))
        except (sqlite3.Error, psycopg2.Error):
            return False

    def waiting(self) -> int:
        """How many reminders, notices and messages are still on their way."""
        now = self.wall.now()
        return int(self.ask(_WAITING, now, now)[0][0])

    def state(self, action: str) -> str:
        """The state of an action."""
        key = action.replace("-", "") if self.engine == "sqlite" else action
        return str(self.ask("SELECT state FROM tracking_action WHERE id = %s", key)[0][0])

    def sweeps(self) -> str:
        """When the last sweep ended, as the database has it; "" before the first one."""
        rows = self.ask("SELECT at FROM deadlines_heartbeat WHERE part = 'sweep'")
        return str(rows[0][0]) if rows else ""

    def swept(self, times: int = 2, seconds: float = 30) -> None:
        """Wait for this many more sweeps."""
        for _ in range(times):
            before = self.sweeps()
            until(lambda before=before: self.sweeps() != before, seconds, f"a sweep, seed {self.seed}")

    def begun(self) -> None:
        """Wait until the first mail is there."""
        until(lambda: any(self.sink.folder.glob("[!.]*.eml")), 30, f"a first mail, seed {self.seed}")

    def an_hour_later(self) -> None:
        """Let the second half be due, once nobody has anything in hand: a leap ends every lease."""
        until(lambda: not self.waiting(), 30, f"the first half is told, seed {self.seed}")
        self.wall.move(HOUR)

    def settled(
        self,
        capsys: pytest.CaptureFixture[str],
        *,
        explained: AbstractSet[str] = frozenset(),
        seconds: float = 60,
    ) -> set[str]:
        """Nothing waits any more, and all that must be heard came, once, and to nobody else.

        A double is the same Message-ID again; it is explained when the server took the first copy
        around a fault, or when `explained` holds it. Gives the Message-IDs of the doubles.
        """
        until(lambda: not self.waiting(), seconds, f"nothing waits, seed {self.seed}")
        heard, accepted = self.heard(), self._accepted()
        copies = Counter({message_id: len(moments) for message_id, moments in accepted.items()})
        doubles = {message_id for message_id, count in copies.items() if count > 1}
        near = {
            message_id
            for message_id in doubles
            if any(AROUND[0] <= accepted[message_id][0] - at <= AROUND[1] for at in self.faults)
        }
        with capsys.disabled():
            print(  # noqa: T201
                f"\n[{self.engine}] seed {self.seed}: {len(heard)} of {len(self.expected)} heard in "
                f"{len(copies)} mails, {len(doubles)} mails doubled ({len(doubles & (near | explained))} "
                f"explained), {len(self.faults)} faults, {time.monotonic() - self.began:.0f} s"
            )
        assert self.expected - set(heard) == set(), "lost"
        assert set(heard) - self.expected == set(), "heard by somebody who must not"
        assert all(len(ids) == 1 for ids in heard.values()), "one reminder in two different mails"
        assert doubles <= near | explained, "a double without a reason"
        return doubles


_WAITING = """
SELECT (SELECT COUNT(*) FROM deadlines_reminder WHERE state IN ('planned', 'claimed') AND fires_at <= %s)
     + (SELECT COUNT(*) FROM deadlines_notice WHERE state = 'waiting' AND speaks_at <= %s)
     + (SELECT COUNT(*) FROM mail_message WHERE state IN ('planned', 'claimed'))
"""


@contextmanager
def chaos(
    engine: str,
    *,
    broker: str,
    sink: Mailbox,
    moment: datetime = TUESDAY,
    database: str = "",
    var: Path | None = None,
    lay: bool = True,
    **more: str,
) -> Iterator[Chaos]:
    """A laid installation whose clock shows `moment`, with its reminders; no part runs yet."""
    seed = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(10**6)))
    with scratch() as folder:
        wall = Wall(folder, moment)
        fixed = {"CLOCK_SHIFT_FILE": str(wall.file), "LOOK_AGAIN_SECONDS": "0"} | more
        with installation(
            engine, broker=broker, smtp_port=sink.port, database=database, var=var, **fixed
        ) as env:
            it = Chaos(engine, env, wall, sink, seed, random.Random(seed))
            # Before any part runs: who is to hear nothing must not be told halfway through the laying.
            if lay:
                it.lay()
            try:
                yield it
            except BaseException:
                for log in Path(env["VAR_DIR"]).glob("*.log"):
                    print(f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}")  # noqa: T201
                raise
