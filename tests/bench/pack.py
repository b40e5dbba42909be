"""Packs of 200 pages and 25 items, made by two workers, against one WeasyPrint document of the same words.

`python -m tests.bench.pack` prints the results. The floor renders all the words of the pack in one go and in a warm process, those of the uploaded papers
too; checking and binding these papers, stamping and merging are ours alone.

There is no broker. In its place a file grows by a letter at each nudge, and a worker that found nothing looks at that every
two milliseconds: a broker takes about one, and asks as little of a core as this, which looking into the database that often
would not. The reader looks into the database after two milliseconds too, where a reader's page would take longer.
"""

import json
import os
import resource
import select
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from portal.papers.packs import merge
from tests.bench import Result
from tests.bench.engines import measured
from tests.processes import ROOT

PAUSE = 0.002
# What no nudge told of, as beat would find it.
TICK = 1.0
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
WORKERS = 2
COLD, ONE_CHANGED, UNCHANGED, MEMORY_MIB = 0.5, 0.06, 0.01, 200


def _setup() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from tests.bench import pack_toy

    pack_toy.register()
    _nudge_by_file()


def _bell() -> Path:
    from django.conf import settings

    return Path(settings.VAR_DIR) / "nudges"


def _nudge_by_file() -> None:
    from django.db import transaction

    from portal.papers.packs import actions, making

    def ring() -> None:
        with _bell().open("ab") as file:
            file.write(b"x")

    def nudge(task: str) -> None:
        transaction.on_commit(ring)

    for one in (actions, making):
        vars(one)["nudge"] = nudge


def _nudges() -> int:
    return _bell().stat().st_size if _bell().exists() else 0


def work() -> None:
    """One worker: warm, then taking up what waits until it is told to stop; says what it and its children took at most."""
    _setup()
    from portal.briefings import pdf
    from portal.papers.packs import making

    pdf.render("<html lang='nl'><title>t</title><h1>t</h1></html>")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    # A word, or the end of whoever started it.
    while not select.select([sys.stdin], [], [], 0)[0]:
        heard = _nudges()
        if making.make_waiting():
            continue
        until = time.monotonic() + TICK
        while (
            _nudges() == heard and time.monotonic() < until and not select.select([sys.stdin], [], [], 0)[0]
        ):
            time.sleep(PAUSE)
    peaks = [
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    sys.stdout.write(f"{json.dumps(peaks)}\n")


def _one_go(texts: list[str]) -> float:
    """Stock WeasyPrint, warm, with its fonts and style sheet parsed: every item in one document."""
    from portal.briefings import pdf

    engine = pdf._ready()
    html = "<html lang='nl'><head><title>Meting</title></head><body>" + "".join(texts) + "</body></html>"
    began = time.perf_counter()
    engine.weasyprint.HTML(string=html, base_url=engine.base, url_fetcher=engine.fetcher).write_pdf(
        font_config=engine.fonts, stylesheets=[engine.css], pdf_variant="pdf/ua-1"
    )
    return time.perf_counter() - began


def _made(reader: Any) -> tuple[float, Any]:
    from portal.papers.packs import actions
    from portal.papers.packs.models import Pack
    from tests.bench.pack_toy import Toy

    began = time.perf_counter()
    row = actions.ask(by=reader, binder="bench", subject=Toy(reader.pk))
    while not row.is_settled:
        time.sleep(PAUSE)
        row = Pack.objects.get(pk=row.pk)
    took = time.perf_counter() - began
    assert row.is_ready, row.problem
    return took, row


def _tags_kept(row: Any) -> tuple[int, int]:
    """Elements of the pieces that are in the pack, and all that they have."""
    from django.core.files.storage import default_storage

    from tests.bench.pack_tags import kept

    def read(name: str) -> bytes:
        with default_storage.open(name) as file:
            found: bytes = file.read()
        return found

    return kept(read(row.file), ((one.sort, read(one.file)) for one in row.pieces.order_by("order")))


def measure() -> dict[str, Any]:
    """Every time of every round, with two workers that run beside; within an installation."""
    _setup()
    from tests.bench import pack_toy

    found: dict[str, Any] = {"cold": [], "one": [], "none": [], "floor": [], "memory": [], "children": []}
    pack_toy.write(["0"] * pack_toy.ITEMS)
    reader = pack_toy.lay()
    with ExitStack() as stack:
        command = [sys.executable, "-m", "tests.bench.pack", "work"]
        workers = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(WORKERS)
        ]
        for worker in workers:
            assert worker.stdout is not None
            worker.stdout.readline()
        for number in range(ROUNDS):
            salts = [f"{number}-{item}" for item in range(pack_toy.ITEMS)]
            pack_toy.write(salts)
            # Papers too must be bound anew in each round.
            _forget_papers()
            took, row = _made(reader)
            found["cold"].append(took)
            # Other words each round: what an earlier round rendered would be taken over.
            pack_toy.write([f"anders-{number}", *salts[1:]])
            found["one"].append(_made(reader)[0])
            found["none"].append(_made(reader)[0])
            # The workers sleep meanwhile; the floor has a core of its own.
            texts = [f"<h1>Onderdeel {nr}</h1>" + pack_toy.body(nr, salt) for nr, salt in enumerate(salts)]
            texts += [pack_toy.words_of(nr) for nr in range(pack_toy.PAPERS)]
            found["floor"].append(_one_go(texts))
            found["pages"] = row.pages
        found["kept"], found["had"] = _tags_kept(row)
        for worker in workers:
            assert worker.stdin is not None
            assert worker.stdout is not None
            worker.stdin.write("x")
            worker.stdin.close()
            own, children = json.loads(worker.stdout.readline())
            found["memory"].append(own)
            found["children"].append(children)
    return found


def _forget_papers() -> None:
    from portal.papers.packs.models import Piece

    Piece.objects.filter(sort="paper").update(hash="")


def run() -> list[Result]:
    """Six results for each engine that is there."""
    found = []
    for engine, seen in measured("tests.bench.pack"):
        floor = median(seen["floor"])
        what = f"pack, {seen['pages']} pages, {engine}"
        for name, key, owed in (
            ("cold", "cold", COLD),
            ("one item changed", "one", ONE_CHANGED),
            ("nothing changed", "none", UNCHANGED),
        ):
            ours = median(seen[key])
            found.append(Result(f"{what}: {name} (s)", ours, floor, ours / floor, owed, at_least=False))
        kept, had = seen["kept"], seen["had"]
        found.append(Result(f"{what}: tags kept", kept, had, min(kept / had, 1.0), 1.0, at_least=True))
        # A child begins as a copy of its worker, so that its peak is never said to be less than the worker's.
        bound = merge.MEMORY / merge.MB
        for who, key, most in (
            ("a worker", "memory", MEMORY_MIB),
            ("a process that binds, which may take its bound", "children", bound),
        ):
            peak = max(seen[key])
            name = f"{what}: memory of {who} (MiB)"
            found.append(Result(name, peak, most, peak / most, 1.0, at_least=False))
    return found


if __name__ == "__main__":
    if sys.argv[1:] == ["work"]:
        work()
    elif sys.argv[1:] == ["measure"]:
        print(json.dumps(measure()))  # noqa: T201
    else:
        for one in run():
            print(f"{one.name}: {one.ours:.3f} against {one.floor:.3f}, {one.ratio:.3f} (owed {one.owed})")  # noqa: T201
