"""Searching among a million rows: the whole page against the floor page, in one municipality and in a region.

`python -m tests.bench.search` prints the results. BENCH_ACTIONS rows (default 1,000,000) in 342
municipalities; one word stands in all of them, one in one of a thousand, one in one row.
"""

import json
import os
import sys
import time
from typing import Any

from tests.bench import Result
from tests.bench.engines import measured
from tests.bench.sweep import lay_first, multiply

ACTIONS = int(os.environ.get("BENCH_ACTIONS", "1000000"))
ROUNDS = 60
REGION = 25
QUESTIONS = {"common": "stap", "rare": "woord7q", "prefix": "woord1", "two": "stap woord7q", "none": "xyzzy"}


def lay_entries() -> None:
    """An entry of each action, with a common word in the title and a rarer one in the text."""
    from django.db import connection

    from portal.municipalities.models import Municipality, Scope
    from portal.search.registry import in_scope
    from portal.search.words import short

    number = "(row_number() OVER (ORDER BY a.id) % 1000)"
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bench_mark (owner {'uuid' if is_postgresql else 'text'}, short text, shorter text)"
        )
        for pk in Municipality.objects.order_by("code").values_list("pk", flat=True):
            marks = (short(in_scope(Scope(pk), kind)) for kind in ("", "open_door"))
            cursor.execute(
                "INSERT INTO bench_mark VALUES (%s, %s, %s)", [pk if is_postgresql else pk.hex, *marks]
            )
        cursor.execute("DELETE FROM search_waiting")
        cursor.execute(
            "INSERT INTO search_entry (searchable, object_id, title_words, words) SELECT 'action', a.id, "
            "m.short || 'stap ' || m.shorter || 'stap', m.short || 'stap ' || m.shorter || 'stap ' || "
            f"m.short || 'woord' || {number} || 'q ' || m.shorter || 'woord' || {number} || 'q' "
            "FROM tracking_action a JOIN bench_mark m ON m.owner = a.municipality_id"
        )
        cursor.execute("ANALYZE")
        if is_postgresql:
            cursor.execute("VACUUM ANALYZE search_entry")


def regional() -> Any:
    """Somebody who works for every municipality of a large region; nobody works for all of the country."""
    from portal import clock
    from portal.municipalities.models import Municipality
    from portal.people.models import Membership, Person

    person = Person.objects.create_person(email="overal@voorbeeld.example", name="Overal")
    Membership.objects.bulk_create(
        Membership(person=person, role="kabinet", starts_on=clock.today(), municipality=one)
        for one in Municipality.objects.order_by("code")[:REGION]
    )
    return person


def times(client: Any, url: str) -> list[float]:
    """Seconds of each of ROUNDS requests, warm."""
    found = []
    for nr in range(ROUNDS + 5):
        began = time.perf_counter()
        answer = client.get(url, secure=True)
        assert answer.status_code == 200, answer.status_code
        if nr >= 5:
            found.append(time.perf_counter() - began)
    return found


def p95(found: list[float]) -> float:
    return sorted(found)[int(len(found) * 0.95)]


def measure() -> dict[str, Any]:
    """Seconds at p95 of the floor and of each question, for one municipality and for all of them."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from portal.people.models import Person

    settings.ROOT_URLCONF = "tests.bench.floor"
    # Measured is the page and not the way in.
    settings.SECOND_FACTOR, settings.SECURE_SSL_REDIRECT = "offered", False
    lay_first()
    multiply(ACTIONS, 60)
    lay_entries()
    result: dict[str, Any] = {}
    for who, person in (
        ("one", Person.objects.get(email="kabinet7@voorbeeld.example")),
        ("region", regional()),
    ):
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        for key, text in QUESTIONS.items():
            url = client.post(reverse("search:search"), {"q": text}, secure=True).url
            floor, ours = times(client, "/bodem/"), times(client, url)
            result[f"{who} {key}"] = (p95(ours), p95(floor))
    return result


def run() -> list[Result]:
    """The results of each engine that is there."""
    found = []
    for engine, seen in measured("tests.bench.search"):
        for who, owed in (("one", 2.0), ("region", 15.0)):
            ours, floor = max(
                (pair for key, pair in seen.items() if key.startswith(who)),
                key=lambda pair: pair[0] / pair[1],
            )
            where = "in a municipality" if who == "one" else f"in {REGION} municipalities"
            name = f"search page in ms at p95, slowest question {where}, {engine}"
            found.append(Result(name, ours * 1000, floor * 1000, ours / floor, owed, False))
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure()))  # noqa: T201
    else:
        for one in run():
            print(one)  # noqa: T201
