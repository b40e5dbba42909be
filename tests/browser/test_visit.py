"""A working visit from nothing to two promises, with the keyboard alone: how often must one press?"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from playwright.sync_api import Browser, Page

from portal import clock
from portal.people.cast import CAST_BY_KEY, PASSWORD
from tests.browser.conftest import Portal
from tests.faults.chaos import Wall
from tests.processes import scratch, until
from tests.servers import beat, environment, manage, smtp_sink, valkey, web, worker

pytestmark = pytest.mark.browser

# A Tuesday morning; the visit is four weeks later, its briefing three working days before.
TODAY = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
DAY = date(2026, 11, 3)
BRIEFING_DAY = date(2026, 10, 29)
MOST_INTERACTIONS = 25
PEOPLE = (
    "from portal.people import cast; from portal.municipalities.models import Municipality;"
    "cast.lay_people(cast.lay_scopes())"
)
_SAYS = """
() => {
  const at = document.activeElement;
  const label = at.labels && at.labels.length ? at.labels[0].innerText : "";
  return (label || at.innerText || at.getAttribute("aria-label") || "").replace(/\\s+/g, " ").trim();
}
"""


class Hands:
    """A person without a mouse; counts what is activated or sent, not Tab, arrows and typing."""

    def __init__(self, page: Page, root: str) -> None:
        self.page, self.root, self.presses = page, root, 0

    def to(self, words: str) -> None:
        """Tab until the focus is on the control that begins with these words; it must be seen there."""
        for _ in range(200):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(_SAYS).startswith(words):
                shown = self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert shown != "none", f"the focus on {words} cannot be seen"
                return
        pytest.fail(f"no control says {words} on {self.page.url}")

    def press(self, words: str = "") -> None:
        """Activate what has the focus, or the control with these words."""
        if words:
            self.to(words)
        self.presses += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        assert self.page.get_by_role("alert").count() == 0, self.page.locator("main").inner_text()

    def type(self, words: str, text: str) -> None:
        """Fill a text in, in the place of what stands there."""
        self.to(words)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, words: str, option: str) -> None:
        """Choose in a list by typing what it begins with."""
        self.to(words)
        self.page.keyboard.type(option)
        chosen = self.page.evaluate("document.activeElement.selectedOptions[0].innerText")
        assert chosen.startswith(option), chosen

    def type_day(self, words: str, day: date) -> None:
        """Type a day in the order in which this browser asks for it."""
        self.to(words)
        for form in ("%m%d%Y", "%d%m%Y"):
            self.page.keyboard.type(day.strftime(form))
            if self.page.evaluate("document.activeElement.value") == day.isoformat():
                return
            for _ in range(3):
                self.page.keyboard.press("ArrowLeft")
        pytest.fail("the day could not be typed")

    def sign_in(self) -> None:
        self.page.goto(f"{self.root}/aanmelden/")
        self.type("E-mailadres", CAST_BY_KEY["kabinet_a"].email)
        self.type("Wachtwoord", PASSWORD)
        self.press()

    def says(self, words: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_text(words).first.wait_for()


@pytest.fixture
def clocked() -> Iterator[tuple[Portal, Wall]]:
    """A portal with its people and library and nothing else, whose clock the test moves."""
    with valkey() as broker, smtp_sink() as sink, scratch() as var_dir, scratch() as folder:
        wall = Wall(folder, TODAY)
        env = environment(
            var_dir,
            TICK_SECONDS="1",
            REDIS_URL=broker.url,
            SMTP_SINK_PORT=str(sink.port),
            PORTAL_URL="http://localhost",
            CLOCK_SHIFT_FILE=str(wall.file),
        )
        for command in (("migrate", "--no-input"), ("createcachetable",), ("starter",)):
            manage(env, *command)
        manage(env, "shell", "--no-imports", "-c", PEOPLE)
        manage(env, "collectstatic", "--no-input")
        with web(env) as port, worker(env), beat(env):
            yield Portal(f"http://localhost:{port}", env), wall


def _hands(portal: Portal, browser: Browser) -> Hands:
    context = browser.new_context(base_url=portal.root, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    return Hands(page, portal.root)


def test_from_nothing_to_two_promises_with_the_keyboard_in_25_presses(
    clocked: tuple[Portal, Wall], chromium: Browser
) -> None:
    portal, wall = clocked
    hands = _hands(portal, chromium)

    # Plan it: to Veilig Thuis, with the driehoek, in four weeks.
    hands.sign_in()
    hands.press("Werkbezoek")
    hands.press("Nieuw werkbezoek")
    hands.choose("Soort organisatie", "Veilig Thuis")
    hands.type("Welke vraag", "Waar wachten kinderen nu te lang op hulp?")
    hands.type_day("Dag", DAY)
    hands.press("Begin het werkbezoek")
    for words in ("O. Jacobs", "P. Visser", "dinsdag 3 november"):
        hands.says(words)

    # The programme: five stops, the press at one.
    hands.press("Maak het programma")
    titles = ("Ontvangst", "Bij de telefoon", "Gesprek met ouders", "Met het team", "Persmoment")
    for nr, title in enumerate(titles):
        hands.type("Onderdeel", title)
        hands.type("Wie leidt", "coördinator")
        hands.choose("Pers", "Op afspraak" if nr == 4 else "Nee")
    hands.press("Bewaar het programma")
    for title in titles:
        hands.says(title)

    # The host says yes.
    hands.press("Leg haar akkoord vast")
    hands.type("Wie bij de gastorganisatie", "teamleider")
    hands.press("Bevestig het bezoek")
    hands.says("Bevestigd")

    # Three working days before, the briefing is out by itself.
    wall.set(clock.at(BRIEFING_DAY, time(6, 30)))
    hands.sign_in()
    hands.press("Werkbezoek")
    hands.press("Werkbezoek aan Veilig Thuis")
    link = hands.page.get_by_role("link", name="Open PDF")

    def is_out() -> bool:
        hands.page.reload()
        return link.count() > 0

    until(is_out, 90, "the briefing is out")
    # A download does not navigate; it is one press all the same.
    hands.presses += 1
    data = hands.page.request.get(str(link.first.get_attribute("href")))
    assert data.status == 200
    assert data.body().startswith(b"%PDF")

    # It is held, and two promises are written down.
    wall.set(clock.at(DAY, time(17)))
    hands.sign_in()
    hands.press("Werkbezoek")
    hands.press("Werkbezoek aan Veilig Thuis")
    hands.press("Ja, het is gehouden")
    hands.press("Ja, het is gehouden")
    hands.press("Noteer een toezegging")
    for nr, (title, button) in enumerate(
        (("Wachtlijst bespreken", "Noteer en schrijf er nog een"), ("Terug op bezoek", "Noteer"))
    ):
        hands.type("Wat is er toegezegd", title)
        hands.type_day("Uiterlijk", DAY + timedelta(days=14 + nr))
        hands.press(button)
    for title in ("Wachtlijst bespreken", "Terug op bezoek", "2 toezeggingen"):
        hands.says(re.compile(title))
    assert hands.presses <= MOST_INTERACTIONS, hands.presses
    print(f"{hands.presses} interactions")  # noqa: T201
