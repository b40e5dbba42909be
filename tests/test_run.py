"""How `make test` counts, and that it never calls a pass what did not run."""

from pathlib import Path

import pytest

from tests.run import Count, Run, counted

REPORT = """<testsuites><testsuite>
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="x"/></testcase>
<testcase classname="a" name="broken"><error message="x"/></testcase>
<testcase classname="a" name="elsewhere"><skipped message="alleen PostgreSQL"/></testcase>
</testsuite></testsuites>"""


def test_failures_and_errors_count_as_failed_and_skips_as_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    count = counted(tmp_path / "report.xml")
    assert (count.passed, count.failed) == (1, 2)
    assert count.never_ran() == ["a::elsewhere: alleen PostgreSQL"]


def test_a_test_that_ran_in_another_run_did_run(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    count = counted(tmp_path / "report.xml")
    count.add(Count(passed=1, ran={"a::elsewhere"}))
    assert count.never_ran() == []
    assert count.passed == 2


@pytest.mark.parametrize(
    ("everything", "code", "last"), [(False, 0, "5 passed, 0 failed"), (True, 1, "5 passed, 1 failed")]
)
def test_a_missing_part_is_a_line_and_with_test_all_a_failure(
    capsys: pytest.CaptureFixture[str], everything: bool, code: int, last: str
) -> None:
    run = Run(count=Count(passed=5))
    run.absent("PostgreSQL", "initdb niet gevonden")
    assert run.finish(everything=everything) == code
    lines = capsys.readouterr().out.splitlines()
    assert "NIET GEDRAAID: PostgreSQL: initdb niet gevonden" in lines
    assert lines[-1] == last


@pytest.mark.parametrize("count", [Count(), Count(passed=3, failed=1)])
def test_nothing_passed_or_something_failed_is_no_success(count: Count) -> None:
    assert Run(count=count).finish(everything=False) == 1
