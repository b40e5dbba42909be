"""Everything that must be there before the portal can serve, in one process: Django loads once."""

import hashlib
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.supervisor.notes import Notes
from portal.supervisor.translations import compile_catalogues
from portal.supervisor.watch import say


def _command(name: str, **options: Any) -> None:
    """A management command whose output goes to the log, not to the console."""
    call_command(name, stdout=sys.stderr, stderr=sys.stderr, **options)


def database() -> bool:
    """Bring the tables up to date; True when there was no database before."""
    executor = MigrationExecutor(connection)
    is_new = not executor.loader.applied_migrations
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("De database wordt gemaakt..." if is_new else "De database wordt bijgewerkt...")
        _command("migrate", interactive=False)
    _command("createcachetable")
    return is_new


def _fingerprint_of_static_files() -> str:
    """One value for the names and content of all static files, and for how they are collected."""
    seen = hashlib.sha256(repr((django.VERSION, settings.STORAGES["staticfiles"])).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            seen.update(name.encode() + b"\0")
            with storage.open(name) as file:
                seen.update(hashlib.sha256(file.read()).digest())
    return seen.hexdigest()


def static_files(notes: Notes) -> None:
    """Collect the static files when one of them changed, or when the collection is gone."""
    now = _fingerprint_of_static_files()
    collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    if not collected or notes.get("static") != now:
        _command("collectstatic", interactive=False)
        notes.put("static", now)


def content(notes: Notes, *, is_new: bool) -> None:
    """Starter data always; the demo once, and again when laying it was cut short."""
    if is_new:
        say("De startgegevens worden ingelezen...")
    _command("starter")
    if settings.DEMO and (is_new or notes.get("demo") != "laid"):
        say("De demo wordt klaargezet...")
        notes.put("demo", "begun")
        _command("demo")
        notes.put("demo", "laid")


def forget_heartbeats() -> None:
    """No part runs yet: an old sign of life would pass for a new one until it is three ticks old.

    With a shared database other machines may have parts running, so there it is left alone.
    """
    if not settings.PRODUCTION:
        from portal.deadlines.models import Heartbeat

        Heartbeat.objects.all().delete()


def main() -> int:
    """Prepare all; the exit code tells whether it worked, the log tells what did not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        for folder in settings.LOCALE_PATHS:
            compile_catalogues(Path(folder))
        django.setup()
        notes = Notes(settings.VAR_DIR)
        is_new = database()
        static_files(notes)
        content(notes, is_new=is_new)
        forget_heartbeats()
    except Exception:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
