"""What `make test` runs: every part of the tests that this machine can run, and which it could not."""

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.supervisor.translations import compile_catalogues
from portal.supervisor.watch import say
from tests.postgres import postgres
from tests.processes import ROOT, Absent, Failed

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_TESTS = 5
PLAIN = "not browser and not faults and not axe_full"


@dataclass
class Count:
    """What pytest counted in one or more runs."""

    passed: int = 0
    failed: int = 0
    ran: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Count") -> None:
        """Take another run's count along."""
        self.passed += other.passed
        self.failed += other.failed
        self.ran |= other.ran
        self.skipped |= other.skipped

    def never_ran(self) -> list[str]:
        """Tests that were skipped in every run; one that is for PostgreSQL alone ran there."""
        return [f"{name}: {why}" for name, why in self.skipped.items() if name not in self.ran]


def counted(report: Path) -> Count:
    """The counts of a JUnit report; a test with an error around it counts as failed."""
    count = Count()
    for case in ET.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        skipped = case.find("skipped")
        if skipped is not None:
            count.skipped[name] = skipped.get("message") or "overgeslagen"
            continue
        count.ran.add(name)
        if case.find("failure") is not None or case.find("error") is not None:
            count.failed += 1
        else:
            count.passed += 1
    return count


@dataclass
class Run:
    """One `make test`: what passed and failed so far, and what could not run."""

    words: Sequence[str] = ()
    count: Count = field(default_factory=Count)
    not_run: list[str] = field(default_factory=list)

    def pytest(self, title: str, marks: str, *, workers: int = 2, **environment: str) -> None:
        """Run the tests with these marks; a run that breaks off is a failure, whatever it counted."""
        say(f"\n== {title}")
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            command = [sys.executable, "-m", "pytest", "-m", marks, f"--junit-xml={report}"]
            command += ["-n", str(workers)] if workers else ["-p", "no:xdist"]
            # Which settings the tests use stands in pyproject.toml; the environment would win.
            env = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"} | environment
            code = subprocess.run([*command, *self.words], cwd=ROOT, env=env, check=False).returncode
            found = counted(report) if report.exists() else Count()
        if code == NO_TESTS and not found.failed:
            self.absent(title, "geen tests gevonden")
            return
        if code != 0 and not found.failed:
            found.failed = 1
        self.count.add(found)

    def absent(self, title: str, why: str) -> None:
        """Note what did not run; that is never a pass."""
        self.not_run.append(f"{title}: {why}")

    def postgres(self) -> None:
        """All tests once more on PostgreSQL."""
        title = "PostgreSQL"
        try:
            with postgres() as url:
                self.pytest(title, PLAIN, TEST_DATABASE_URL=url)
        except Absent as reason:
            self.absent(title, str(reason))
        except Failed as reason:
            say(str(reason))
            self.absent(title, "de server startte niet")

    def browser(self, title: str, marks: str) -> None:
        """Tests in a real browser, which runs best alone."""
        if any(shutil.which(name) for name in BROWSERS):
            self.pytest(title, marks, workers=0)
        else:
            self.absent(title, f"geen browser gevonden ({', '.join(BROWSERS)})")

    def finish(self, *, everything: bool) -> int:
        """Tell what did not run and the total; the exit code."""
        say("")
        not_run = self.not_run + self.count.never_ran()
        for line in not_run:
            say(f"NIET GEDRAAID: {line}")
        failed = self.count.failed
        if everything and not_run:
            say("TEST_ALL=1: wat niet draaide, telt als mislukt.")
            failed += len(not_run)
        say(f"{self.count.passed} passed, {failed} failed")
        return 1 if failed or not self.count.passed else 0


def main(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run all parts; with TEST_ALL=1 a part that is missing is a failure."""
    everything = environment.get("TEST_ALL", "0") == "1"
    compile_catalogues(ROOT / "portal" / "locale")
    run = Run(words)
    run.pytest("SQLite", PLAIN, TEST_DATABASE_URL="")
    run.postgres()
    run.browser("Browser", "browser and not axe_full")
    if everything:
        run.pytest("Storingen met echte processen", "faults", workers=0)
        run.browser("Toegankelijkheid, alle bladzijden", "axe_full")
    else:
        run.absent("Storingen en alle bladzijden op toegankelijkheid", "alleen met TEST_ALL=1")
    return run.finish(everything=everything)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
