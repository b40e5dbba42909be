"""The command line of the supervisor: `run` (the default) serves, `reset` lays the demo anew."""

import fcntl
import os
import sys
from pathlib import Path
from typing import TextIO

from django.conf import settings

from portal.supervisor import serve
from portal.supervisor.reset import reset


def only_one(var_dir: Path) -> TextIO:
    """Hold the lock of this VAR_DIR as long as the file is open; refuse when another holds it."""
    lock = (var_dir / "supervisor.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise serve.Refused(
            f"het portaal draait al (proces {lock.read().strip() or 'onbekend'}). Stop het eerst met Ctrl-C."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def main(words: list[str]) -> int:
    """Do what was asked; a refusal is one sentence and exit code 1."""
    # What is made under VAR_DIR holds people's data: for this account alone.
    os.umask(0o077)
    todo = {"run": serve.run, "reset": reset}[words[0] if words else "run"]
    try:
        with only_one(settings.VAR_DIR):
            return todo()
    except serve.Refused as refusal:
        sys.stderr.write(f"Dat kan niet: {refusal}\n")
        return 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    sys.exit(main(sys.argv[1:]))
