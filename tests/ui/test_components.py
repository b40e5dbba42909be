"""Each component as HTML: what it says, what it sends, and that nothing typed becomes markup."""

from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.messages.storage.base import Message
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template
from django.test import RequestFactory

from portal import clock
from portal.ui import icons
from portal.ui.messages import undoable
from portal.ui.registry import Card, NavItem, Registry, cards_for


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(html)
    return parser.found


def posted(html: str) -> dict[str, str | None]:
    """The fields a form would send, by name."""
    return {
        str(attrs["name"]): attrs.get("value")
        for tag, attrs in tags(html)
        if tag in ("input", "button") and "name" in attrs
    }


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context)).strip()


class Shell:
    """The part of the shell that a form asks for."""

    reader_field = ""


def test_filters_say_nothing_about_nothing() -> None:
    for name in ("datum", "datum_kort", "moment", "tijd", "geleden", "wanneer"):
        assert render("[{{ value|" + name + " }}]", value=None) == "[]"


@pytest.mark.parametrize("name", sorted(icons.NAMES))
def test_each_sign_is_silent_beside_a_word_and_speaks_alone(name: str) -> None:
    silent = ElementTree.fromstring(icons.draw(name))
    assert silent.get("aria-hidden") == "true"
    assert silent.find("title") is None
    titled = ElementTree.fromstring(icons.draw(name, "te laat & <nu>"))
    assert titled.get("role") == "img"
    assert titled.findtext("title") == "te laat & <nu>"
    assert titled.get("style") is None


def test_a_badge_has_a_sign_and_a_word_and_escapes_it() -> None:
    html = render('{% badge "late" text %}', text="<b>3 dagen</b>")
    assert html.startswith('<span class="badge badge--late"><svg')
    assert "&lt;b&gt;3 dagen" in html


def test_an_unknown_tone_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        render('{% badge "red" "te laat" %}')


@pytest.mark.parametrize(
    ("days", "css", "words"),
    [
        (-3, "badge badge--late", "3 dagen te laat"),
        (-1, "badge badge--late", "1 dag te laat"),
        (0, "badge badge--soon", "vandaag"),
        (2, "badge badge--soon", "woensdag"),
        (3, "due", "donderdag"),
        (40, "due", "14 november"),
    ],
)
def test_the_badge_of_a_date(days: int, css: str, words: str) -> None:
    day = clock.today() + timedelta(days=days)
    html = render("{% due_badge day %}", day=day)
    assert tags(html)[0] == ("time", {"class": css, "datetime": day.isoformat()})
    assert words in html


def test_the_badge_of_a_moment_goes_before_that_of_its_day() -> None:
    html = render(
        "{% due_badge due_on due_at %}", due_on=date(2030, 1, 1), due_at=clock.now() + timedelta(hours=29)
    )
    assert "badge--soon" in html
    assert "nog 29 uur" in html


@pytest.mark.parametrize(("state", "words"), [("done", "gedaan"), ("dropped", "vervallen")])
def test_what_is_over_is_never_late(state: str, words: str) -> None:
    html = render("{% due_badge day state=state %}", day=clock.today() - timedelta(days=9), state=state)
    assert html == f'<span class="badge badge--calm">{words}</span>'


def test_what_has_no_date_says_so() -> None:
    assert "datum volgt" in render("{% due_badge %}")


def test_progress_stands_in_words() -> None:
    html = render('{% progress 4 6 "acties" %}')
    assert "4 van 6 acties" in html
    assert ("progress", {"aria-hidden": "true", "max": "6", "value": "4"}) in tags(html)


def test_progress_of_nothing_is_valid() -> None:
    assert ("progress", {"aria-hidden": "true", "max": "1", "value": "0"}) in tags(
        render("{% progress 0 0 %}")
    )


def test_an_empty_list_says_what_one_can_do() -> None:
    html = render('{% empty "Er loopt niets" "Start een maatregel." url="/start/" link="Start" %}')
    assert "Er loopt niets" in html
    assert ("a", {"class": "button", "href": "/start/"}) in tags(html)
    assert "<a" not in render('{% empty "Er loopt niets" "Kom later terug." %}')


def test_empty_works_within_the_empty_branch_of_a_loop() -> None:
    source = '{% for row in rows %}{{ row }}{% empty %}{% empty "Niets" "Kom later." %}{% endfor %}'
    assert "Niets" in render(source, rows=[])
    assert render(source, rows=["een"]) == "een"


def test_paging_shows_only_the_ways_there_are() -> None:
    class Page:
        previous_url = ""
        next_url = "/acties/?na=x&soort=visits"

    html = render("{% older page %}", page=Page())
    assert "Volgende" in html
    assert "Vorige" not in html
    assert "?na=x&amp;soort=visits" in html
    Page.next_url = ""
    assert render("{% older page %}", page=Page()) == ""


def test_a_post_button_sends_what_it_was_given() -> None:
    html = render(
        '{% post_button "/klaar/" "Klaar" version=0 key=key next="/acties/" name="zeker" value="1" sr="Balie" %}',
        key="k-1",
        csrf_token="token-1",
        shell=Shell(),
    )
    assert tags(html)[0] == ("form", {"class": "post", "method": "post", "action": "/klaar/"})
    assert posted(html) == {
        "csrfmiddlewaretoken": "token-1",
        "version": "0",
        "key": "k-1",
        "next": "/acties/",
        "zeker": "1",
    }
    assert '<span class="visually-hidden"> Balie</span>' in html


def test_a_post_button_carries_the_mark_of_its_reader() -> None:
    class Marked:
        reader_field = "<input name='lezer' value='m'>"

    from django.utils.safestring import mark_safe

    Marked.reader_field = mark_safe(Marked.reader_field)
    html = render('{% post_button "/klaar/" "Klaar" %}', csrf_token="t", shell=Marked())
    assert posted(html) == {"csrfmiddlewaretoken": "t", "lezer": "m"}


def test_a_question_comes_before_the_post_without_any_script() -> None:
    html = render(
        '{% post_button "/stop/" "Stop de maatregel" kind="danger" confirm="Alle acties vervallen." %}',
        csrf_token="t",
        shell=Shell(),
    )
    names = [tag for tag, _ in tags(html)]
    assert names.index("summary") < names.index("button")
    assert "Ja, stop de maatregel" in html


def test_what_was_typed_never_becomes_markup() -> None:
    nasty = '"><script>alert(1)</script>'
    html = render(
        "{% post_button nasty nasty kind=nasty version=nasty key=nasty next=nasty confirm=nasty sr=nasty %}"
        "{% crumb nasty nasty %}{% empty nasty nasty url=nasty link=nasty %}{% progress 1 2 nasty %}{% badge 'ok' nasty %}",
        nasty=nasty,
        csrf_token="t",
        shell=Shell(),
    )
    assert "<script" not in html


@pytest.fixture
def request_with_messages(rf: RequestFactory) -> Any:
    from django.contrib.messages.storage.cookie import CookieStorage

    request = rf.get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def test_a_message_offers_its_way_back(request_with_messages: Any) -> None:
    undoable(request_with_messages, "Klaar.", "/acties/1/ongedaan-maken/", version=3)
    (message,) = list(request_with_messages._messages)
    html = render("{% message_box message %}", message=message, csrf_token="t", shell=Shell())
    assert ("form", {"class": "post", "method": "post", "action": "/acties/1/ongedaan-maken/"}) in tags(html)
    assert posted(html) == {"csrfmiddlewaretoken": "t", "version": "3"}
    assert 'role="status"' in html


def test_a_plain_message_has_no_button_and_an_error_is_said_at_once() -> None:
    html = render("{% message_box message %}", message=Message(40, "Mislukt."), csrf_token="t", shell=Shell())
    assert "<form" not in html
    assert 'role="alert"' in html
    assert "notice--late" in html


def test_a_crumb_without_address_is_text() -> None:
    assert "<a" not in render('{% crumb "" "Werkbezoek" %}')


def test_the_same_key_twice_is_refused_at_start() -> None:
    registry: Registry[NavItem] = Registry("Navigation entry")
    late, early = (
        NavItem(key, key, "today", order, "work", lambda person: True) for key, order in (("b", 2), ("a", 1))
    )
    registry.register(late)
    registry.register(early)
    assert [item.key for item in registry] == ["a", "b"]
    with pytest.raises(ImproperlyConfigured):
        registry.register(late)


def test_a_navigation_entry_needs_a_known_group() -> None:
    with pytest.raises(ImproperlyConfigured):
        NavItem("x", "X", "today", 1, "elsewhere", lambda person: True)


def test_cards_are_for_the_roles_they_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.ui import registry

    toys: Registry[Card] = Registry("Card")
    for key, roles in (
        ("all", frozenset[str]()),
        ("piket", frozenset({"piket"})),
        ("mayor", frozenset({"burgemeester"})),
    ):
        toys.register(Card(key, roles, 1, lambda person: None))
    monkeypatch.setattr(registry, "cards", toys)

    class Grant:
        role = "piket"

    class Person:
        grants = (Grant(),)

    assert [card.key for card in cards_for(Person())] == ["all", "piket"]  # type: ignore[arg-type]
