"""Compiling the catalogues, so that no gettext program is needed."""

import os
from pathlib import Path

import polib


def compile_catalogues(locale: Path) -> list[Path]:
    """Compile every catalogue under `locale` that is newer than what was made of it."""
    made = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(f".{os.getpid()}.draft")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        made.append(target)
    return made
