"""Taste turned into checks: the house rules that a machine can read."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APPS = ("portal", "measures", "driehoek", "visits")
PYTHON = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
CODE = [path for path in PYTHON if "migrations" not in path.parts]
MIGRATIONS = [path for path in PYTHON if "migrations" in path.parts and path.stem != "__init__"]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TEXTS = sorted((ROOT / "templates").rglob("*.txt"))


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_every_module_says_what_lives_there(path: Path) -> None:
    tree = ast.parse(path.read_text())
    if tree.body:
        assert ast.get_docstring(tree), "a module has one sentence on top"


def test_there_is_one_clock() -> None:
    found = [
        f"{relative(path)}: {line.strip()}"
        for path in CODE
        if relative(path) != "portal/clock.py"
        for line in path.read_text().splitlines()
        if re.search(r"datetime\.now\(|date\.today\(|timezone\.now|time\.time\(|utcnow|\bNow\(\)", line)
    ]
    assert found == []


def test_migrations_import_nothing_of_ours_but_the_clock() -> None:
    for path in MIGRATIONS:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert name == "portal.clock" or name.partition(".")[0] not in APPS, (
                    f"{relative(path)}: {name}"
                )


def recorded_events() -> set[str]:
    pattern = re.compile(r'(?:\b(?:record|note)\(\s*|\bevent=)"([a-z_]+\.[a-z_]+)"')
    return {event for path in CODE for event in pattern.findall(path.read_text())}


def sentences() -> set[str]:
    from django.apps import apps
    from django.utils.module_loading import import_string, module_has_submodule

    found: set[str] = set()
    for config in apps.get_app_configs():
        if (
            config.name.partition(".")[0] in APPS
            and config.module
            and module_has_submodule(config.module, "history")
        ):
            found |= set(import_string(f"{config.name}.history.SENTENCES"))
    return found


def test_every_recorded_event_has_its_sentence_and_the_reverse() -> None:
    assert recorded_events() == sentences()


def test_every_notice_has_its_three_texts() -> None:
    source = (ROOT / "portal/deadlines/readers.py").read_text()
    names = set(re.findall(r'[Ss]aid\(row, subject, one, "([a-z_]+)"', source))
    names |= {"several", "digest", "urgent"}
    assert {"reminder", "escalated", "no_holder", "role_empty"} <= names
    for name in names:
        for ending in ("subject.txt", "txt", "html"):
            assert (ROOT / f"templates/mail/{name}.{ending}").exists(), f"{name}.{ending}"


def test_every_template_is_used() -> None:
    everything = "\n".join(path.read_text() for path in [*PYTHON, *TEMPLATES, *TEXTS])
    packages = ("account/", "mfa/", "portaal/")
    handlers = {"400.html", "403.html", "404.html", "429.html", "500.html"}
    # Names put together in code: cards by key, sections by key, mails by name.
    built = ("cards/", "briefings/sections/", "mail/")
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT / "templates"))
        if name.startswith(packages + built) or name in handlers:
            continue
        assert f'"{name}"' in everything, f"{name} is used nowhere"


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_keep_the_house_rules(path: Path) -> None:
    text = path.read_text()
    if path.name != "500.html":
        assert text.lstrip().startswith("{#"), "a header comment names the arguments"
    assert not re.search(r"\sstyle=", text), "no style attribute"
    assert not re.search(r"\son[a-z]+=", text), "no inline handler"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "no inline script"
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL | re.IGNORECASE):
        assert re.search(r"csrf_token|form_tokens|\{\{ tokens \}\}", form), (
            "a form that posts carries its tokens"
        )


def test_pages_have_one_h1() -> None:
    for path in TEMPLATES:
        text = path.read_text()
        assert text.count("<h1") <= 1, relative(path)
        if '{% extends "base.html" %}' in text:
            assert "<h1" not in text, f"{relative(path)}: base.html has the h1"
            assert "{% block heading %}" in text, f"{relative(path)}: no heading"
            assert "{% block title %}" in text, f"{relative(path)}: no title"


def test_nothing_in_the_code_waits_for_later() -> None:
    for path in CODE:
        assert not re.search(r"#.*\b(TODO|FIXME|XXX)\b|NotImplementedError", path.read_text()), relative(path)


def test_every_app_of_ours_that_registers_a_kind_brings_a_library() -> None:
    from measures.tracking.kinds import kinds
    from measures.tracking.library import library_files, parse

    published = {parse(path.read_text(encoding="utf-8")).kind for path in library_files()}
    assert {one.key for one in kinds()} == published


def test_the_catalogue_holds_only_words_that_exist() -> None:
    import polib

    catalogue = polib.pofile(str(ROOT / "portal/locale/en/LC_MESSAGES/django.po"))
    assert len(catalogue) > 100
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []
    for entry in catalogue.translated_entries():
        holes = set(re.findall(r"%\(\w+\)s", entry.msgid))
        said = " ".join([entry.msgstr, *entry.msgstr_plural.values()])
        assert set(re.findall(r"%\(\w+\)s", said)) <= holes | set(
            re.findall(r"%\(\w+\)s", entry.msgid_plural)
        )
