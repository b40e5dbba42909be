"""The two engines a fault suite runs on, each private and laid anew."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.processes import ROOT, Failed, scratch
from tests.servers import environment, manage, postgres

KEY = "k1:" + "A" * 43 + "="


@contextmanager
def installation(
    engine: str, *, broker: str, smtp_port: int, database: str = "", var: Path | None = None, **more: str
) -> Iterator[dict[str, str]]:
    """The environment of a laid installation on "sqlite" or "postgresql", quick ticks and short leases.

    `database` is the address of a PostgreSQL that is there already; `var` a folder for VAR_DIR.
    """
    fixed = {
        "TICK_SECONDS": "1",
        "LEASE_SECONDS": "3",
        "REDIS_URL": broker,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        **more,
    }
    with ExitStack() as stack:
        var_dir = var or stack.enter_context(scratch())
        if engine == "sqlite":
            yield _laid(environment(var_dir, **fixed))
            return
        yield _laid(
            environment(
                var_dir,
                DATABASE_URL=database or stack.enter_context(postgres()),
                SECRET_KEY="alleen-voor-tests-" * 3,
                FIELD_KEYS=KEY,
                PORTAL_URL="http://localhost:8000",
                REPLY_TO="kabinet@voorbeeld.example",
                ALLOWED_HOSTS="localhost,127.0.0.1",
                **fixed,
            )
        )


def _laid(env: dict[str, str]) -> dict[str, str]:
    manage(env, "migrate", "--no-input")
    manage(env, "createcachetable")
    manage(env, "starter")
    return env


def script(env: dict[str, str], module: str, *words: str) -> str:
    """Run a module of the tests in this installation and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=ROOT, env=env, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise Failed(f"{module} {' '.join(words)}:\n{done.stderr[-2000:]}")
    return done.stdout
