"""The clock passes the nights of summer and winter time, and is put back by mistake: each is heard once."""

import json
from datetime import date, datetime, timedelta
from datetime import time as wall_time

import pytest

from tests.faults.chaos import AMSTERDAM, HOUR, Chaos, chaos
from tests.faults.engines import script
from tests.faults.lay_chaos import DIGESTS, HOURS
from tests.processes import until
from tests.servers import beat, smtp_sink, valkey, worker

pytestmark = pytest.mark.faults

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def local(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, wall_time(hour, minute), AMSTERDAM)


def heard_at(it: Chaos, moment: datetime, mails: int) -> None:
    """Let the clock show this moment: after it was swept so many mails came in all, none of them twice."""
    it.wall.set(moment)
    it.swept(2)
    until(lambda: not it.waiting(), 20, f"nothing waits at {moment}")
    ids = [str(mail["Message-ID"]) for mail in it.sink.mails()]
    assert len(ids) == mails, f"at {moment:%d-%m %H:%M %z}"
    assert len(set(ids)) == mails


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("sunday", "offsets"),
    [
        ("2026-10-25", ["02:00 CEST", "02:00 CET", "03:00 CET"]),
        ("2027-03-28", ["00:00 CET", "01:00 CET", "03:00 CEST"]),
    ],
    ids=["winter", "summer"],
)
def test_the_night_on_which_the_clock_is_moved(
    engine: str, sunday: str, offsets: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    night = date.fromisoformat(sunday)
    evening = local(night - timedelta(days=1), 20, 0)
    with (
        valkey() as broker,
        smtp_sink() as sink,
        chaos(
            engine,
            broker=broker.url,
            sink=sink,
            moment=evening,
            lay=False,
            TICK_SECONDS="0.3",
            LEASE_SECONDS="60",
        ) as it,
        worker(it.env),
        beat(it.env),
    ):
        laid = json.loads(script(it.env, "tests.faults.lay_chaos", "dst", sunday))
        alarms = [datetime.fromisoformat(moment) for moment in laid["alarms"]]
        assert [f"{at.astimezone(AMSTERDAM):%H:%M %Z}" for at in alarms[:3]] == offsets
        for count, at in enumerate(alarms):
            heard_at(it, at - MINUTE, count)
            heard_at(it, at + SECOND, count + 1)
            if count == 1:  # in the hour that comes twice, or just before the hour that never comes
                heard_at(it, at - HOUR, 2)
                heard_at(it, at + SECOND, 2)
        alone, all_told = len(HOURS), len(HOURS) + DIGESTS
        monday, day = night + timedelta(days=1), date.fromisoformat(laid["day"])
        if day != monday:  # Easter Monday is no office day
            heard_at(it, local(monday, 7, 16), alone)
        heard_at(it, local(day, 7, 13), alone)
        heard_at(it, local(day, 7, 15) + SECOND, all_told)
        for moment in (local(day, 6, 20), local(day, 7, 14), local(day, 7, 15) + SECOND, local(day, 8, 0)):
            heard_at(it, moment, all_told)
    with capsys.disabled():
        print(f"\n[{engine}] {sunday}: {all_told} mails at their hours, 0 doubled")  # noqa: T201
