"""1,000 due reminders and a worker that is killed at 20 moments: every one arrives, doubles are explained."""

import os
import random
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.chaos import Wall
from tests.faults.engines import installation, script
from tests.faults.killed_worker import POINTS
from tests.processes import has_ended, running, until
from tests.servers import Mailbox, beat, manage, scratch, smtp_sink, valkey, worker

pytestmark = pytest.mark.faults

KILLS = 20
TURN = {"claim": 0, "fire": 0, "render": 1, "data": 2, "mark": 2}
ACTION = re.compile(r"/acties/([0-9a-f-]{36})/")


def delivered(sink: Mailbox) -> dict[str, set[str]]:
    """For each action the Message-IDs of the mails that speak of it."""
    found: dict[str, set[str]] = {}
    for mail in sink.mails():
        body = mail.get_body(("plain",))
        assert body is not None
        for action in ACTION.findall(body.get_content()):
            found.setdefault(action, set()).add(str(mail["Message-ID"]))
    return found


def quiet(env: dict[str, str]) -> bool:
    """Whether nothing waits any more in reminders or messages."""
    code = (
        "from django.utils import timezone; from portal import clock;"
        "from portal.deadlines.models import Notice, Reminder; from portal.mail.models import Message;"
        "print(Reminder.objects.filter(state__in=['planned','claimed'], fires_at__lte=clock.now()).count()"
        " + Notice.objects.filter(state='waiting', speaks_at__lte=clock.now()).count()"
        " + Message.objects.filter(state__in=['planned','claimed']).count())"
    )
    return manage(env, "shell", "--no-imports", "-c", code).strip() == "0"


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_every_reminder_survives_a_worker_killed_at_20_moments(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(10**6)))
    dice = random.Random(seed)
    kills = [(point, dice.randint(1, 4)) for point in POINTS for _ in range(KILLS // len(POINTS))]
    dice.shuffle(kills)
    # What a claim or a batch got done leaves less for the next, so these die at their first passage;
    # and what is fired, and then what is told, is never claimed again: each step has its own turn.
    kills = [(point, 1 if point in ("claim", "fire") else nth) for point, nth in kills]
    kills.sort(key=lambda kill: TURN[kill[0]])
    with (
        valkey() as broker,
        smtp_sink() as sink,
        scratch() as folder,
        installation(
            engine,
            broker=broker.url,
            smtp_port=sink.port,
            CLOCK_SHIFT_FILE=str(Wall(folder).file),
        ) as env,
    ):
        actions = set(script(env, "tests.faults.lay_reminders").split())
        assert len(actions) == 1000
        journal = Path(env["VAR_DIR"]) / "journal"
        journal.touch()
        log = Path(env["VAR_DIR"]) / "killed.log"
        with beat(env):
            for point, nth in kills:
                command = [sys.executable, "-m", "tests.faults.killed_worker", point, str(nth), str(journal)]
                with running(command, env, log) as process:
                    until(
                        lambda process=process: has_ended(process),
                        60,
                        f"killed at {point} {nth}, seed {seed}",
                    )
            with worker(env):
                until(lambda: quiet(env), 120, f"all sent, seed {seed}")
        found = delivered(sink)
        copies = Counter(str(mail["Message-ID"]) for mail in sink.mails())
        doubles = {message_id for message_id, count in copies.items() if count > 1}
        accepted_unmarked = set(journal.read_text().split())
    with capsys.disabled():
        print(  # noqa: T201
            f"\n[{engine}] seed {seed}: {len(kills)} kills, {len(found)} of 1000 reminders delivered in "
            f"{len(copies)} mails, {len(doubles)} mails doubled, {len(accepted_unmarked)} killed after DATA began"
        )
    assert set(found) == actions
    assert all(len(ids) == 1 for ids in found.values()), "a reminder went out in two different mails"
    assert doubles <= accepted_unmarked
