"""What a message can say at all: every hole of every mail text is a word of this list, and none is a person.

Who adds a hole adds it here with what may stand in it, and sees then whether that could ever be personal.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template

from portal.mail import phones
from portal.mail.actions import send_test
from portal.mail.models import Gateway, Message
from portal.people.models import Person
from tests.cast import World

FOLDER = Path(__file__).parents[2] / "templates" / "mail"
TEXTS = sorted(path for path in FOLDER.iterdir() if path.suffix in (".txt", ".html"))

VOCABULARY = {
    "briefing": "which of the three briefings",
    "choices_url": "a link",
    "count": "a number",
    "counts": "the sections of a briefing with how many lines each has",
    "day": "a date",
    "done": "a number",
    "ends": "a moment",
    "kind": "one of the six measures",
    "is_again": "yes or no",
    "is_failed": "yes or no",
    "late": "a number",
    "leave.ends_on": "a date",
    "leave.starts_on": "a date",
    "LANGUAGE_CODE": "nl or en",
    "at": "a moment",
    "line.due": "a date or moment",
    "line.due_at": "a moment",
    "line.due_on": "a date",
    "line.finish_url": "a link",
    "line.hand_over_url": "a link",
    "line.how_far": "how late or how soon, in fixed words",
    "line.is_handover": "yes or no",
    "line.later_url": "a link",
    "line.stands_in": "yes or no",
    "line.kind": "one of the six measures",
    "line.moved_from": "a date",
    "line.next_on": "a date",
    "line.next_role": "the label of a role",
    "line.otherwise": "published words of a step",
    "line.rule": "a fixed sentence",
    "line.title": "the published title of a step, or 'een eigen actie'",
    "line.url": "a link",
    "lines": "how many lines, and each line as above",
    "more": "a number",
    "new": "a number",
    "one.name": "the fixed name of a section",
    "one.number": "a number",
    "place": "the name of a municipality or driehoek",
    "planned_at": "a moment",
    "portal_url": "a link",
    "role": "the label of a role",
    "roles": "labels of roles",
    "since": "a moment",
    "standing": "parts of the portal that stand still, in fixed words",
    "standing.0.0.name": "a part of the portal",
    "starts": "a moment",
    "state": "how it stands: announced, asked, changed, cancelled or withdrawn",
    "subject": "the subject, made of the same words",
    "until": "a moment",
    "url": "a link",
    "what": "a fixed sentence",
    "words": "fixed words about a part of the portal",
    "words.command": "a command of the portal",
    "words.is_so": "a fixed sentence",
    "words.log": "the name of a log",
    "words.meanwhile": "a fixed sentence",
    "words.name": "a part of the portal",
    "working": "parts of the portal that work again, in fixed words",
}
_HOLE = re.compile(r"\{\{\s*([\w.]+)")
_TAG = re.compile(r"\{%\s*(if|elif|for|with|blocktranslate|blocktrans|include)\b([^%]*)%\}")
_WORD = re.compile(r"(?<![\w\"'.|=])(?:\w+=)?([a-zA-Z_][\w.]*)")
_KEYWORDS = {"trimmed", "count", "asvar", "in", "and", "or", "not", "only", "as", "with", "context", "plural"}


def holes(text: str) -> set[str]:
    """The names of everything that a template puts in or asks about, without the names it gives itself."""
    given = set(re.findall(r"(\w+)=", " ".join(tag[1] for tag in _TAG.findall(text))))
    given |= set(re.findall(r"\{%\s*for\s+([\w, ]+?)\s+in\b", text))
    # What such a name is given is read from the tag below.
    asked = set(_HOLE.findall(text)) - given
    for _tag, words in _TAG.findall(text):
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", words)
        asked |= {word for word in _WORD.findall(bare) if not word.isdecimal()}
    return {word for word in asked if word.partition(".")[0] not in _KEYWORDS and word not in given}


def test_the_reader_of_templates_sees_what_they_put_in() -> None:
    text = (
        "{{ a.b|default:c }}{% blocktranslate with x=d.e|moment count n=f %}{{ x }} {{ g }}{% endblocktranslate %}"
        '{% if h and not i.j %}{% endif %}{% for one in k %}{% endfor %}{% include "y.html" with z=l only %}'
    )
    assert holes(text) >= {"a.b", "d.e", "f", "g", "h", "i.j", "k", "l"}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_hole_in_a_mail_is_a_word_of_the_vocabulary(path: Path) -> None:
    get_template(f"mail/{path.name}")
    # "lines" is walked as "line"; a loop of that name adds nothing new.
    found = {word for word in holes(path.read_text(encoding="utf-8")) if word not in {"line", "forloop.last"}}
    assert found <= set(VOCABULARY), found - set(VOCABULARY)


def test_no_text_of_a_gateway_names_a_person(world: World, settings: Any) -> None:
    for person in Person.objects.all():
        for text in (phones.code_text(person, "123456", spoken=False),):
            assert not any(part in text for part in (person.name, person.email, str(person.pk)))


def test_the_test_of_a_webhook_is_what_its_receivers_were_told(world: World) -> None:
    row = Gateway.objects.create(kind="webhook", name="Naam", url="https://x.example/", **world.a.as_fields())
    send_test(by=world.beheerder_a, row=row, key="x")
    told = json.loads(Message.objects.get().text)
    assert set(told) == {"soort", "moment", "portaal"}
    assert told["soort"] == "proef"
    assert Message.objects.get().person is None
