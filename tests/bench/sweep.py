"""The sweep of reminders: claiming against one raw statement, an empty tick, and what is due against what exists.

`python -m tests.bench.sweep` prints the results. BENCH_ACTIONS open actions (default 1,000,000) wait in
342 municipalities, one of a hundred with a reminder that is due.
"""

import json
import os
import sys
import time
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import uuid4

from tests.bench import Result
from tests.bench.engines import measured

ACTIONS = int(os.environ.get("BENCH_ACTIONS", "1000000"))
ROUNDS = 3
EMPTY_ROUNDS = 200
CLAIMED = 1000


def _cursor() -> Any:
    from django.db import connection

    return connection.cursor()


def _columns(table: str) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _quoted(names: list[str], of: str = "") -> str:
    return ", ".join(f'{of}"{name}"' for name in names)


def _new_id() -> str:
    from django.db import connection

    return "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"


def lay_first() -> None:
    """One measure with one open action and its reminders in each municipality; a member who hears it."""
    from measures.tracking import actions
    from portal import clock
    from portal.municipalities.models import Municipality, Scope
    from portal.people.models import Membership, Person
    from tests.toys import template

    version = template(steps=({"key": "far", "anchor": "week_monday"},))
    since = clock.today() - timedelta(days=1)
    for nr, municipality in enumerate(Municipality.objects.order_by("code")):
        person = Person.objects.create_person(email=f"kabinet{nr}@voorbeeld.example", name=f"Kabinet {nr}")
        scope = Scope(municipality.pk)
        Membership.objects.create(person=person, role="kabinet", starts_on=since, **scope.as_fields())
        measure = actions.start_measure(by=person, version=version, scope=scope, anchors={}, key=uuid4().hex)
        actions.add_action(
            by=person,
            measure=measure,
            title="Een eigen actie",
            description="",
            due_on=clock.today() + timedelta(days=90),
            key=uuid4().hex,
            holder_role="kabinet",
        )


def multiply(count: int, days: int) -> None:
    """Set-based copies of the actions laid first: `count` more, due in `days` days, one reminder each."""
    from portal import clock
    from portal.deadlines.models import Reminder

    due = clock.today() + timedelta(days=days)
    late = clock.end_of(due)
    fires = clock.now() + timedelta(days=days) - timedelta(minutes=1)
    with _cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tracking_action WHERE due_on IS NOT NULL AND pinned")
        base = cursor.fetchone()[0]
        copied = _columns("tracking_action")
        changed = {
            "id": _new_id(),
            "due_on": "%s",
            "late_from": "%s",
            "create_key": "NULL",
            "pinned": "false",
        }
        series = (
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {-(-count // base)})"
        )
        insert = (
            f"INSERT INTO tracking_action ({_quoted(copied)}) {series} "
            f"SELECT {', '.join(changed.get(name, _quoted([name], 'a.')) for name in copied)} "
            f"FROM tracking_action a, n WHERE a.pinned LIMIT {count}"
        )
        cursor.execute(insert, [_plain("due_on", due), _plain("fires_at", late)])
        row = {
            "id": _new_id(),
            "source": "'action'",
            "object_id": "a.id",
            "rule": "'+0'",
            "due_on": "a.due_on",
            "due_key": f"'{due.isoformat()}'",
            "fires_at": "%s",
            "state": "'planned'",
            "holder_role": "a.holder_role",
            "consequence": "''",
            "replaces_due": "''",
            "urgent": "false",
            "created_at": "%s",
            "municipality_id": "a.municipality_id",
        }
        cursor.execute(
            f"INSERT INTO {Reminder._meta.db_table} ({', '.join(row)}) SELECT {', '.join(row.values())} "
            "FROM tracking_action a WHERE a.due_on = %s AND NOT a.pinned",
            [_plain("fires_at", fires), _plain("fires_at", clock.now()), _plain("due_on", due)],
        )
        cursor.execute("ANALYZE")


def _plain(field: str, value: Any) -> Any:
    from django.db import connection

    from portal.deadlines.models import Reminder

    return Reminder._meta.get_field(field).get_db_prep_value(value, connection)  # type: ignore[union-attr]


def again() -> None:
    """Everything due waits once more, and nobody heard anything."""
    from portal.deadlines.models import Notice, Reminder
    from portal.mail.models import Message

    Notice.objects.all().delete()
    Message.objects.all().delete()
    Reminder.objects.filter(rule="+0").update(state="planned", lease_id=None, lease_until=None, fired_at=None)
    tidy()


def tidy() -> None:
    """What PostgreSQL does by itself within minutes, done now: every round begins alike."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with _cursor() as cursor:
            cursor.execute("VACUUM ANALYZE deadlines_reminder")
            cursor.execute("VACUUM ANALYZE deadlines_notice")


def claim_ours() -> float:
    """Rows a second through the claim of the engine."""
    from portal import clock
    from portal.deadlines.sweep import claim

    count, began = 0, time.perf_counter()
    while rows := claim(clock.now()):
        count += len(rows)
    return count / (time.perf_counter() - began)


def claim_raw() -> float:
    """Rows a second through the leanest honest claim: one statement per thousand, in a transaction."""
    from django.db import connection, transaction

    from portal import clock

    lock = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    statement = (
        "UPDATE deadlines_reminder SET state = 'claimed', lease_id = %s, lease_until = %s WHERE id IN ("
        "SELECT id FROM deadlines_reminder WHERE state IN ('planned', 'claimed') AND fires_at <= %s "
        "AND (lease_until IS NULL OR lease_until < %s) "
        f"ORDER BY fires_at LIMIT {CLAIMED} {lock}) RETURNING id"
    )
    count, began = 0, time.perf_counter()
    while True:
        now = clock.now()
        moment = _plain("fires_at", now)
        until = _plain("fires_at", now + timedelta(seconds=120))
        with transaction.atomic(), _cursor() as cursor:
            cursor.execute(statement, [_plain("lease_id", uuid4()), until, moment, moment])
            rows = cursor.fetchall()
        if not rows:
            return count / (time.perf_counter() - began)
        count += len(rows)


def whole_sweep() -> float:
    """Rows a second from due to notice: claimed, asked about, resolved to persons and written down."""
    from portal.deadlines.models import Notice
    from portal.deadlines.sweep import sweep

    began = time.perf_counter()
    count = sweep()
    took = time.perf_counter() - began
    assert Notice.objects.count() >= count
    return count / took


def empty_sweep() -> tuple[float, float]:
    """Seconds of a tick with nothing to do, and of the one question it cannot do without (medians)."""
    from django.db import transaction

    from portal import clock
    from portal.deadlines.sweep import sweep

    tidy()
    ours, floor = [], []
    question = (
        "SELECT id FROM deadlines_reminder WHERE state IN ('planned', 'claimed') AND fires_at <= %s "
        "AND (lease_until IS NULL OR lease_until < %s) ORDER BY fires_at LIMIT 1"
    )
    for _ in range(EMPTY_ROUNDS):
        began = time.perf_counter()
        assert sweep() == 0
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        moment = _plain("fires_at", clock.now())
        with transaction.atomic(), _cursor() as cursor:
            cursor.execute(question, [moment, moment])
            assert cursor.fetchall() == []
        floor.append(time.perf_counter() - began)
    return median(ours), median(floor)


def measure() -> dict[str, Any]:
    """All figures of one engine, ours and the floor by turns; within an installation."""
    import django

    django.setup()
    lay_first()
    due = ACTIONS // 100
    multiply(due, 0)
    alone = []
    for _ in range(ROUNDS):
        again()
        alone.append(whole_sweep())
    multiply(ACTIONS - due, 60)
    claims, sweeps = [], []
    for _ in range(ROUNDS):
        again()
        ours = claim_ours()
        again()
        claims.append((ours, claim_raw()))
        again()
        sweeps.append(whole_sweep())
    return {"claims": claims, "alone": median(alone), "sweep": median(sweeps), "empty": empty_sweep()}


def run() -> list[Result]:
    """The results of each engine that is there."""
    found = []
    for engine, seen in measured("tests.bench.sweep"):
        ours, floor = sorted(seen["claims"], key=lambda pair: pair[0] / pair[1])[len(seen["claims"]) // 2]
        found += [
            Result(f"reminders claimed a second, {engine}", ours, floor, ours / floor, 0.8, True),
            Result(
                f"empty sweep in ms, {engine}",
                seen["empty"][0] * 1000,
                seen["empty"][1] * 1000,
                seen["empty"][0] / seen["empty"][1],
                2.0,
                False,
            ),
            Result(
                f"sweep, reminders a second: {ACTIONS:,} actions against only those due, {engine}",
                seen["sweep"],
                seen["alone"],
                seen["alone"] / seen["sweep"],
                # As flat as the start page is owed to be from 1,000 to 1,000,000 rows.
                1.25,
                False,
            ),
        ]
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure()))  # noqa: T201
    else:
        for one in run():
            print(one)  # noqa: T201
