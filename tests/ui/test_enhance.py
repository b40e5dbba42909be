"""The small script in a real browser, on pages made here: it helps, and it never loses a post."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

SCRIPT = (Path(settings.BASE_DIR) / "static" / "js" / "enhance.js").read_text()
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"


class Site:
    """A site of one page, answered from memory; keeps every post it got."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.body = ""
        self.posts: list[str] = []
        self.loads = 0
        self.status: list[dict[str, Any]] = []
        self.asked = 0
        self.complaints: list[str] = []
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", self.answer)

    def answer(self, route: Route) -> None:
        request = route.request
        if request.url.endswith("/enhance.js"):
            route.fulfill(content_type="text/javascript", body=SCRIPT)
        elif request.url.endswith("/status"):
            self.asked += 1
            route.fulfill(
                content_type="application/json", body=json.dumps(self.status.pop(0) if self.status else {})
            )
        elif request.method == "POST":
            self.posts.append(request.post_data or "")
            # No content: the page stays, as with a slow answer or a download.
            route.fulfill(status=204)
        else:
            self.loads += 1
            html = f'<!doctype html><title>Actie</title><script src="/enhance.js" defer></script>{self.body}'
            route.fulfill(content_type="text/html", headers={"Content-Security-Policy": POLICY}, body=html)

    def open(self, body: str) -> Page:
        self.body = body
        self.page.goto("http://portaal.test/")
        return self.page


@pytest.fixture
def site(chromium: Browser) -> Iterator[Site]:
    context = chromium.new_context()
    made = Site(context.new_page())
    yield made
    assert made.complaints == []
    context.close()


FORM = '<form method="post" action="/klaar"><input type="hidden" name="version" value="3"><button name="zeker" value="1">Klaar</button></form>'


def test_a_double_press_posts_once_with_the_value_of_its_button(site: Site) -> None:
    page = site.open(FORM)
    page.get_by_role("button").dblclick()
    page.wait_for_timeout(200)
    assert site.posts == ["version=3&zeker=1"]
    assert page.get_by_role("button").get_attribute("aria-disabled") == "true"


def test_a_post_that_got_no_answer_can_be_tried_again(site: Site) -> None:
    page = site.open(FORM)
    page.clock.install()
    page.get_by_role("button").click()
    page.clock.run_for(8100)
    assert page.get_by_role("button").get_attribute("aria-disabled") is None
    page.get_by_role("button").click()
    page.wait_for_timeout(100)
    assert len(site.posts) == 2


def test_a_search_may_be_sent_as_often_as_one_likes(site: Site) -> None:
    page = site.open('<form action="/"><button name="soort" value="visits">Toon</button></form>')
    page.get_by_role("button").click()
    page.get_by_role("button").click()
    page.wait_for_url("**/?soort=visits")
    assert site.loads == 3


def test_a_form_with_errors_has_the_focus_and_says_so_in_the_title(site: Site) -> None:
    page = site.open('<div id="fouten" tabindex="-1" autofocus data-title-prefix="Fout: ">Kijk</div>')
    page.wait_for_function("document.activeElement.id === 'fouten'")
    assert page.title() == "Fout: Actie"


def test_what_is_being_made_is_shown_when_it_is_done(site: Site) -> None:
    site.status = [{"done": False, "text": "Bladzijde 3 van <12>"}, {"done": True}]
    page = site.open('<p role="status" data-poll="/status" data-poll-every="1">Wordt gemaakt</p>')
    page.get_by_text("Bladzijde 3 van <12>").wait_for()
    site.body = "<p>Klaar</p>"
    page.get_by_text("Klaar", exact=True).wait_for()
    assert (site.loads, site.asked) == (2, 2)


def test_what_lies_under_an_open_menu_cannot_be_pressed(site: Site) -> None:
    page = site.open(
        '<button popovertarget="m">Menu</button><div id="m" popover role="dialog">Uw account</div>'
        "<main><button>Klaar</button></main>"
    )
    covered = "() => document.querySelector('main').inert"
    page.click("text=Menu")
    page.wait_for_function(covered)
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => !({covered})()")
    # In the same breath as the menu itself: there is no moment in which both can be pressed.
    assert page.evaluate(f"() => {{ document.querySelector('#m').showPopover(); return ({covered})(); }}")
    assert not page.evaluate(f"() => {{ document.querySelector('#m').hidePopover(); return ({covered})(); }}")


def test_under_the_open_navigation_only_the_heading_stays(site: Site) -> None:
    page = site.open(
        '<button popovertarget="m">Menu</button><nav id="m" popover>Hoofdmenu</nav>'
        '<main><div class="title"><h1>Kop</h1><div class="toolbar"><button>Nieuw</button></div></div>'
        '<div class="columns"><button>Klaar</button></div></main>'
    )
    inert = "() => [...document.querySelectorAll('[inert]')].map((one) => one.className)"
    assert page.evaluate(inert) == []
    page.click("text=Menu")
    assert page.evaluate(inert) == ["toolbar", "columns"]
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => ({inert})().length === 0")


COPY = '<input id="adres" value="https://portaal.test/geheim" readonly><button type="button" data-copy="adres" data-copied="Gekopieerd" hidden>Kopieer</button>'


def test_an_address_is_copied_and_the_button_says_so(site: Site) -> None:
    site.page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => { window.copied = text; }}})"
    )
    page = site.open(COPY)
    page.get_by_role("button", name="Kopieer").click()
    page.get_by_role("button", name="Gekopieerd").wait_for()
    assert page.evaluate("window.copied") == "https://portaal.test/geheim"


def test_without_a_clipboard_there_is_no_button_to_copy(site: Site) -> None:
    page = site.open(COPY)
    assert page.get_by_role("button").count() == 0
    assert page.locator("#adres").is_visible()
