"""The programme of a visit in a browser: by keyboard alone, without JavaScript, on a phone, on the day."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from portal import clock
from tests.browser.axe import findings, wide
from tests.browser.conftest import Portal, SignIn

pytestmark = pytest.mark.browser

STOPS = (
    ("Ontvangst in de hal", "15"),
    ("Rondleiding", "30"),
    ("Gesprek met medewerkers", "30"),
    ("Nagesprek", "20"),
    ("Persmoment", "25"),
)


def new_visit(page: Page, title: str) -> str:
    """A visit of its own, in a month, from 14:00 to 16:00; gives the address of its page."""
    page.goto("/werkbezoeken/nieuw/")
    page.get_by_label("Titel").fill(title)
    page.locator("[name=day]").fill(f"{clock.today() + timedelta(days=30)}")
    page.get_by_role("button", name="Begin het werkbezoek").click()
    page.wait_for_url(re.compile(r"/werkbezoeken/[0-9a-f-]{36}/"))
    return page.url.partition("#")[0]


def programme(page: Page) -> list[str]:
    """What stands in the programme on the page of the visit."""
    return page.locator("#programma ol.list li b").all_inner_texts()


def tab_to(page: Page, selector: str, most: int = 40) -> None:
    """Press Tab until the focus is there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("sel => document.activeElement.matches(sel)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_five_stops_are_written_and_one_is_moved_by_keyboard_alone(portal: Portal, visit: SignIn) -> None:
    page = visit("kabinet_a")
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
    page.goto(new_visit(page, "Werkbezoek met het toetsenbord") + "programma/")
    for nr, (title, minutes) in enumerate(STOPS):
        tab_to(page, f"[name=s{nr}-title]")
        page.keyboard.press("Control+a")
        page.keyboard.type(title)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type(minutes)
    assert page.locator("[data-note]").nth(3).inner_text() == "5 min vrij ervoor"
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.value") == "up:2":
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "up:2", "the button keeps the focus"
    assert page.get_by_role("status").inner_text() == "‘Rondleiding’ staat nu op plaats 1 van 5."
    assert page.locator("[data-sum]").inner_text().strip() == "14:00–16:00, samen 2 uur."
    starts = page.locator("[data-rows] [name$=-starts]").evaluate_all("all => all.map(one => one.value)")
    assert starts == ["14:00", "14:30", "14:45", "15:15", "15:35"]
    assert findings(page) == []
    # Back to a field: Enter saves, whichever button stands next to it.
    tab_to(page, "[name$=-title]")
    page.keyboard.press("Enter")
    page.get_by_text("Het programma is bewaard.").wait_for()
    assert programme(page) == ["Rondleiding", *[title for title, _ in STOPS if title != "Rondleiding"]]
    assert said == []


@pytest.mark.parametrize("width", [1280, 320])
def test_without_javascript_nothing_is_missing(portal: Portal, visit: SignIn, width: int) -> None:
    page = visit("kabinet_a", viewport={"width": width, "height": 700}, java_script_enabled=False)
    address = new_visit(page, f"Werkbezoek zonder script {width}")
    page.goto(address + "programma/")
    page.get_by_role("button", name="Onderdeel toevoegen").click()
    page.locator("[name=s5-title]").fill("Afscheid")
    page.get_by_role("button", name="Reken na").click()
    assert "14:00–16:30, samen 2 uur 30 min." in page.locator("[data-sum]").inner_text()
    assert "30 min langer dan het bezoek (tot 16:00)" in page.locator("[data-sum]").inner_text()
    page.get_by_role("button", name="Omhoog onderdeel 6").click()
    page.locator("button[value='up:5']:focus").wait_for()
    assert page.locator("[name=s4-title]").input_value() == "Afscheid"
    page.locator("[name=s0-gone]").check()
    page.locator("[name=s1-minutes]").fill("600")
    page.locator(".stops__end").get_by_role("button").click()
    summary = page.locator(".error-summary")
    assert "Onderdeel 2 (Gesprek met medewerkers)" in summary.inner_text()
    assert page.locator("[name=s4-title]").input_value() == "Afscheid"
    page.locator("[name=s1-minutes]").fill("30")
    page.locator(".stops__end").get_by_role("button").click()
    page.get_by_text("Het programma is bewaard.").wait_for()
    assert programme(page) == [
        "Gesprek met medewerkers",
        "Gesprek met ervaringsdeskundigen",
        "Nagesprek met de leiding",
        "Afscheid",
        "Persmoment en afsluiting",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_every_state_can_be_read_by_everybody(portal: Portal, visit: SignIn, width: int, scheme: str) -> None:
    page = visit("kabinet_a", viewport={"width": width, "height": 700}, color_scheme=scheme)
    address = new_visit(page, f"Werkbezoek {width} {scheme}")
    for part in ("draaiboek/", "akkoord/", "programma/"):
        page.goto(address + part)
        assert (findings(page), wide(page)) == ([], 0)
    page.locator("[name=s2-press]").select_option("welcome")
    page.locator("[name=s1-minutes]").fill("200")
    page.get_by_role("button", name="Onderdeel toevoegen").click()
    assert page.evaluate("document.activeElement.name") == "s5-title"
    page.keyboard.type("👋" * 60)
    page.locator(".stops__end").get_by_role("button").click()
    page.locator(".error-summary").wait_for()
    assert (findings(page), wide(page)) == ([], 0)
    page.locator("[name=s1-minutes]").fill("30")
    page.get_by_role("button", name="Leg het akkoord vast").click()
    page.get_by_label("In welke functie").fill("teamleider")
    page.get_by_role("button", name="Leg vast").click()
    page.get_by_text("Wat u typte is bewaard").wait_for()
    assert page.locator("[name=s2-press]").input_value() == "welcome"
    page.locator(".stops__end").get_by_role("button").click()
    page.get_by_text("Het programma is bewaard.").wait_for()
    for part in ("", "draaiboek/", "akkoord/"):
        page.goto(address + part)
        assert (findings(page), wide(page)) == ([], 0)


def test_dragging_a_number_moves_its_stop(portal: Portal, visit: SignIn) -> None:
    page = visit("kabinet_a", viewport={"width": 1280, "height": 2400})
    page.goto(new_visit(page, "Werkbezoek met de muis") + "programma/")
    page.locator(".stop__nr").nth(3).drag_to(
        page.locator("[data-stop]").nth(0), target_position={"x": 60, "y": 4}
    )
    titles = page.locator("[data-rows] [name$=-title]").evaluate_all("all => all.map(one => one.value)")
    assert titles[0] == "Nagesprek met de leiding"
    assert page.locator("[data-rows] [name$=-starts]").first.input_value() == "14:00"
