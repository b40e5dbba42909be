"""The English catalogue: everything is in it, everything is translated, and the pages show it."""

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import templatize

from measures.tracking.history import history
from portal.people.models import Person
from portal.supervisor.translations import compile_catalogues
from portal.ui import formatting
from tests.cast import World, step
from tests.toys import toy

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "portal" / "locale"
CATALOGUE = LOCALE / "en" / "LC_MESSAGES" / "django.po"
FOLDERS = ("portal", "measures", "driehoek", "visits", "templates")
WORDS_OF = {"gettext", "gettext_lazy", "gettext_noop", "_", "ngettext", "ngettext_lazy"}

# The same in both languages.
SAME = {
    "%(minutes)s min",
    "{0} min",
    "School",
    "Veilig Thuis",
    "Week",
    "week %(week)s, %(year)s",
    "%(size)s MB",
    "%(size)s kB",
    "Briefings",
    "Column",
    "JSON",
    "iPhone, iPad, Mac",
    "Webhook",
    "%(name)s, %(role)s",
    "%(who)s %(what)s, %(day)s.",
    "Begin",
    "Briefing",
    "Briefing: %(title)s",
    "Checklist",
    "Document",
    "Driehoek %(name)s",
    "Driehoeken",
    "Huisverbod",
    "Later",
    "Link",
    "Menu",
    "Open",
    "Open PDF",
    "PDF",
    "Portaal Kinderveiligheid",
    "Stop",
    "Stop it Now!",
    "open",
    "‘%(title)s’",
}


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue, compiled from its source where no .mo was before."""
    folder = tmp_path_factory.mktemp("locale")
    copy = folder / CATALOGUE.relative_to(LOCALE)
    copy.parent.mkdir(parents=True)
    shutil.copyfile(CATALOGUE, copy)
    assert compile_catalogues(folder) == [copy.with_suffix(".mo")]
    return folder


@pytest.fixture
def english(compiled: Path, settings: Any) -> Iterator[None]:
    """English words on this thread and for whoever reads English; changing the setting empties the caches."""
    assert settings.LOCALE_PATHS == [LOCALE], "the portal looks where the catalogue is"
    settings.LOCALE_PATHS = [compiled]
    with translation.override("en"):
        yield


def entries() -> list[polib.POEntry]:
    return list(polib.pofile(str(CATALOGUE)))


def pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    """The Dutch with its English; for a plural both forms."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    assert set(entry.msgstr_plural) == {0, 1}, entry.msgid
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


def translated() -> list[tuple[str, str]]:
    return [pair for entry in entries() if entry.translated() for pair in pairs(entry)]


def holes(text: str) -> list[str]:
    """Everything that is filled in later, with how: "%(count)d", "%s"."""
    return sorted(re.findall(r"%(?:\(\w+\))?[a-zA-Z]", text.replace("%%", "")))


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?\w[^>]*>|&\w+;", text))


# -- what stands in the catalogue ---------------------------------------------------------------
def test_every_entry_is_translated() -> None:
    assert [e.msgid for e in entries() if e.fuzzy] == [], "a guess of a tool is no translation"
    assert [e.msgid for e in entries() if e.obsolete] == []
    assert [nl for e in entries() for nl, en in pairs(e) if not en.strip()] == []


def test_both_languages_have_the_same_holes_and_tags() -> None:
    for nl, en in translated():
        assert holes(nl) == holes(en), nl
        assert tags(nl) == tags(en), nl
        # What a sentence is put together with keeps its spaces.
        assert (nl[:1].isspace(), nl[-1:].isspace()) == (en[:1].isspace(), en[-1:].isspace()), nl


def test_nothing_was_left_dutch() -> None:
    same = {nl for nl, en in translated() if nl == en}
    assert same - SAME == set()


def test_english_keeps_the_full_stop_and_the_colon() -> None:
    for nl, en in translated():
        for sign in (".", ":", "…"):
            assert nl.endswith(sign) == en.endswith(sign), (nl, en)


def test_the_header_says_nothing_of_a_machine_or_a_person() -> None:
    catalogue = polib.pofile(str(CATALOGUE))
    head = CATALOGUE.read_text(encoding="utf-8").split("\nmsgid ", 2)[1]
    assert catalogue.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    assert "charset=UTF-8" in catalogue.metadata["Content-Type"]
    assert not re.search(r"@|(?<![\w:])/\w", head + catalogue.header)
    assert not any(entry.occurrences for entry in catalogue), "no line numbers: they change with every edit"


def test_it_compiles(compiled: Path) -> None:
    made = polib.mofile(str(compiled / "en" / "LC_MESSAGES" / "django.mo"))
    assert {entry.msgid for entry in made} == {entry.msgid for entry in entries() if entry.translated()}


# -- what stands in the code ----------------------------------------------------------------------
def in_template(text: str) -> Iterator[str]:
    """The marked words of a template, as makemessages sees them."""
    string = r"u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    for found in re.finditer(rf"(?<!\w)(?:_|n?gettext)\({string}", templatize(text)):
        yield str(ast.literal_eval(found.group(1)))


def in_python(text: str) -> Iterator[str]:
    """The marked words of a module; pieces that stand behind each other are one."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name in WORDS_OF:
            assert not isinstance(first, ast.JoinedStr | ast.BinOp), f"line {node.lineno}: no f-string, no +"
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def marked() -> dict[str, str]:
    """Every marked text with the file it stands in."""
    found: dict[str, str] = {}
    for path in [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))]:
        if path.suffix in (".html", ".txt", ".py"):
            read = in_python if path.suffix == ".py" else in_template
            for words in read(path.read_text(encoding="utf-8")):
                found.setdefault(words, str(path.relative_to(ROOT)))
    return found


def test_words_are_found_where_they_are_marked() -> None:
    template = """
      {% translate "Een" %}{% translate 'Twee' as two %}{% badge "ok" _("Drie") %}
      {% blocktranslate with x=y|datum %}Vier {{ x }}{% endblocktranslate %}
      {% blocktranslate trimmed count n=rows %}
        {{ n }} vijf
      {% plural %}
        {{ n }} vijven
      {% endblocktranslate %}
      {# {% translate "Nee" %} #} gettext
    """
    assert list(in_template(template)) == ["Een", "Twee", "Drie", "Vier %(x)s", "%(n)s vijf"]
    module = """
from django.utils.translation import gettext as _
A = _("Een " "twee")
B = translation.gettext_lazy('Drie')
C = ngettext("%(n)s vier", "%(n)s vieren", n)
D = print("Nee")
"""
    assert sorted(in_python(module)) == ["%(n)s vier", "Drie", "Een twee"]


def test_every_marked_text_is_in_the_catalogue() -> None:
    known = {entry.msgid for entry in entries()}
    missing = {words: where for words, where in marked().items() if words not in known}
    assert missing == {}, "run bin/messages and translate what is new"


def test_the_catalogue_holds_no_text_that_is_gone() -> None:
    gone = {entry.msgid for entry in entries()} - set(marked())
    assert gone == set(), "run bin/messages"


# -- what people read -----------------------------------------------------------------------------
class Reader(HTMLParser):
    """Every piece of text on a page with the language it is marked with."""

    VOID = {"meta", "link", "input", "br", "hr", "img", "path", "use", "circle"}

    def __init__(self) -> None:
        super().__init__()
        self.languages: list[str] = []
        self.pieces: list[tuple[str, str, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.languages.append(dict(attrs).get("lang") or (self.languages[-1] if self.languages else ""))
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open:
            self.languages.pop()
            if self.open.pop() == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.pieces.append((" ".join(data.split()), self.languages[-1], self.open[-1]))


def pieces(page: str) -> list[tuple[str, str, str]]:
    """(text, language, element) for everything on the page."""
    reader = Reader()
    reader.feed(page)
    return reader.pieces


@pytest.fixture
def reader(world: World) -> Person:
    """Somebody of the mayor's office who reads English."""
    person = world.kabinet_a
    person.language = "en"
    person.save(update_fields=["language"])
    return person


@pytest.mark.parametrize(
    ("name", "heading", "says"),
    [
        ("today", "Today, Monday 5 October", ("What needs you now", "The measures", "1 running")),
        ("tracking:mine", "My actions", ("Action", "Measure", "With", "Due", "Show")),
        ("tracking:measures", "Measures", ("Start a measure", "Type", "Lead", "Status", "Running")),
        ("tracking:action", "Stap decide", ("How to do this", "Who and when", "Action holder", "Hand over")),
        ("tracking:measure", "Speelmaatregel", ("Anchor dates", "Purpose", "What happened", "Complete")),
        ("mfa_index", "Security", ("Authenticator app", "not linked", "Change the password")),
    ],
)
def test_a_page_in_english(
    english: None,
    reader: Person,
    world: World,
    sign_in: Callable[..., Client],
    name: str,
    heading: str,
    says: Any,
) -> None:
    measure = toy(reader, world.a)
    about = {"tracking:action": step(measure, "decide").pk, "tracking:measure": measure.pk}
    # The page follows the person, whatever the thread speaks.
    with translation.override("nl"):
        answer = sign_in(reader).get(reverse(name, args=[about[name]] if name in about else []))
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == "en"
    page = answer.content.decode()
    assert '<html lang="en">' in page
    seen = pieces(page)
    texts = [text for text, _language, _element in seen]
    assert heading in texts
    for words in (
        "Skip to the content",
        "Sign out",
        "Security",
        "Today",
        "My actions",
        "All measures",
        *says,
    ):
        assert words in texts, words
    for words in ("Naar de inhoud", "Afmelden", "Beveiliging", "Vandaag", "Mijn acties", "Alle maatregelen"):
        assert words not in texts, words
    # English words read out as Dutch, or the other way round, are not understood.
    assert ("Skip to the content", "en", "a") in seen


def test_what_stays_dutch_is_marked_as_dutch(
    english: None, reader: Person, world: World, sign_in: Callable[..., Client]
) -> None:
    measure = toy(reader, world.a, date(2026, 10, 19))
    client = sign_in(reader)
    seen = pieces(client.get(reverse("tracking:measure", args=[measure.pk])).content.decode())
    assert ("Speelmaatregel", "nl", "span") in seen, "the heading"
    assert ("Om mee te testen.", "nl", "p") in seen, "the purpose"
    assert ("Stap prepare", "nl", "a") in seen, "a title in a list"
    seen = pieces(client.get(reverse("tracking:action", args=[step(measure, "prepare").pk])).content.decode())
    assert ("Stap prepare", "nl", "span") in seen, "the heading"
    assert any(text.startswith("Bel de contactpersoon") and lang == "nl" for text, lang, _tag in seen)
    assert ("Lijst maken", "nl", "span") in seen, "a line of the checklist"
    for url in (reverse("today"), reverse("tracking:mine")):
        assert ("Stap prepare", "nl", "a") in pieces(client.get(url).content.decode())
    seen = pieces(client.get(reverse("tracking:measures")).content.decode())
    assert ("Speelmaatregel", "nl", "a") in seen


def test_others_keep_reading_dutch(english: None, world: World, sign_in: Callable[..., Client]) -> None:
    page = sign_in(world.kabinet_a).get("/").content.decode()
    assert '<html lang="nl">' in page
    assert "Naar de inhoud" in page
    assert "Skip to the content" not in page


def test_dates_read_as_english(english: None) -> None:
    assert formatting.datum(date(2026, 11, 27)) == "Friday 27 November"
    assert formatting.datum(date(2027, 1, 4)) == "Monday 4 January 2027"
    assert formatting.datum_kort(date(2026, 11, 27)) == "Fri 27 Nov"
    assert formatting.moment(datetime(2026, 11, 25, 19, 0, tzinfo=UTC)) == "Wed 25 Nov 20:00"
    assert formatting.wanneer(date(2026, 10, 2)) == "3 days overdue"
    assert formatting.wanneer(date(2026, 10, 4)) == "1 day overdue"
    assert formatting.wanneer(date(2026, 10, 6)) == "tomorrow"
    assert formatting.wanneer(date(2026, 10, 8)) == "Thursday"
    assert formatting.wanneer(datetime(2026, 10, 5, 11, 0, tzinfo=UTC)) == "1 hour left"
    assert formatting.geleden(datetime(2026, 10, 5, 9, 58, tzinfo=UTC)) == "2 minutes ago"


def test_a_line_of_history_reads_as_one_sentence(english: None, world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    line = history(measure)[-1]
    assert f"{line.who} {line.what}" == f"{world.kabinet_a.name} started the measure"
