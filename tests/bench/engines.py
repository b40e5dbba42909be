"""The two engines that are measured, each private and laid anew."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.engines import KEY
from tests.processes import ROOT, Absent, scratch
from tests.servers import environment, manage, postgres

ENGINES = ("SQLite", "PostgreSQL")


@contextmanager
def installation(engine: str) -> Iterator[dict[str, str]]:
    """The environment of an installation with the national lists; raises Absent when the engine is not there."""
    with scratch() as var_dir:
        if engine == "SQLite":
            yield _laid(environment(var_dir))
            return
        with postgres() as url:
            yield _laid(
                environment(
                    var_dir,
                    DATABASE_URL=url,
                    REDIS_URL="redis://localhost:1",
                    SECRET_KEY="alleen-voor-metingen-abcdefghij-" * 2,
                    FIELD_KEYS=KEY,
                    PORTAL_URL="http://localhost:8000",
                    EMAIL_URL="smtp://127.0.0.1:1",
                    REPLY_TO="kabinet@voorbeeld.example",
                    ALLOWED_HOSTS="localhost",
                )
            )


def _laid(env: dict[str, str]) -> dict[str, str]:
    manage(env, "migrate", "--no-input")
    manage(env, "starter")
    manage(env, "collectstatic", "--no-input", "--verbosity", "0")
    return env


def measured(module: str) -> Iterator[tuple[str, Any]]:
    """What `python -m module measure` tells as JSON on each engine that is there, in an installation of its own."""
    for engine in ENGINES:
        try:
            with installation(engine) as env:
                told = subprocess.run(
                    [sys.executable, "-m", module, "measure"],
                    cwd=ROOT,
                    env=env,
                    check=True,
                    stdout=subprocess.PIPE,
                    text=True,
                ).stdout
        except Absent:
            continue
        yield engine, json.loads(told.splitlines()[-1])
