"""`make bench`: every promise of speed, each as a ratio against a floor measured in the same run."""

import sys

from portal.supervisor.watch import say
from tests.bench import Result, mail, pack, search, sweep

PARTS = {"mail": mail.run, "pack": pack.run, "sweep": sweep.run, "search": search.run}


def line(one: Result) -> str:
    """One result as a row: ours, the floor, their ratio and what was promised."""
    promise = "≥" if one.at_least else "≤"
    verdict = "goed" if one.is_kept else "TE TRAAG"
    return f"{verdict:8}  {one.name:74}  {one.ours:12,.2f} / {one.floor:12,.2f}  = {one.ratio:6.2f}  ({promise} {one.owed})"


def main(words: list[str]) -> int:
    """Measure the named parts, or all; the exit code tells whether every promise was kept."""
    unknown = set(words) - set(PARTS)
    if unknown:
        say(f"Onbekend: {', '.join(sorted(unknown))}. Kies uit: {', '.join(PARTS)}.")
        return 2
    results: list[Result] = []
    for name in words or PARTS:
        for one in PARTS[name]():
            say(line(one))
            results.append(one)
    return 0 if all(one.is_kept for one in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
