"""The first sitting: start a measure, move its anchor, finish an action, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Portal, SignIn

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("width", [1280, 320])
def test_from_nothing_to_a_moved_date(portal: Portal, visit: SignIn, javascript: bool, width: int) -> None:
    page = visit("kabinet_a", viewport={"width": width, "height": 800}, java_script_enabled=javascript)
    page.goto("/maatregelen/")
    page.get_by_role("link", name="Start een maatregel").click()
    page.get_by_role("link", name="Burgemeester als last resort", exact=True).click()
    monday = page.get_by_label("Maandag van de campagneweek").input_value()
    assert re.fullmatch(r"\d{4}-11-\d\d", monday)
    page.get_by_role("button", name="Start de maatregel").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Burgemeester als last resort"
    rows = page.locator("main table tbody tr")
    assert rows.count() >= 8
    before = rows.all_inner_texts()
    page.get_by_role("link", name="Verzet Maandag van de campagneweek").click()
    year, _month, _day = monday.split("-")
    page.get_by_label("Maandag van de campagneweek").fill(f"{year}-12-07")
    page.get_by_role("button", name="Bekijk wat er verschuift").click()
    assert "Er is nog niets veranderd" in page.locator("main").inner_text()
    page.get_by_role("button", name="Verschuif").click()
    assert "acties verschoven" in page.locator("main").inner_text()
    assert page.locator("main table tbody tr").all_inner_texts() != before
    page.get_by_role("button", name=re.compile("^Klaar ")).first.click()
    assert (
        page.get_by_role("button", name="Ongedaan maken")
        .or_(page.get_by_role("button", name=re.compile("ongedaan")))
        .first.is_visible()
    )


def test_nothing_breaks_the_policy_against_scripts(portal: Portal, visit: SignIn) -> None:
    page = visit("kabinet_a")
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in ("/", "/acties/", "/maatregelen/", "/beveiliging/totp/activate/"):
        page.goto(path)
    assert said == []


def test_the_briefing_is_made_by_the_worker_and_the_page_says_so_itself(
    portal: Portal, visit: SignIn
) -> None:
    page = visit("kabinet_a")
    page.goto("/maatregelen/?soort=open_door")
    page.locator("main table tbody th a").first.click()
    page.get_by_role("link", name="Briefing", exact=True).click()
    page.get_by_role("button", name="Maak PDF").click()
    page.get_by_text("De PDF is klaar").wait_for(timeout=30_000)
    with page.expect_response("**/briefing.pdf") as made:
        page.get_by_role("link", name="Open PDF").click()
    assert made.value.status == 200
    assert made.value.headers["content-type"] == "application/pdf"


def test_the_mail_that_was_really_delivered_leads_to_its_action(portal: Portal, visit: SignIn) -> None:
    page = visit("kabinet_a")
    page.goto("/demo-postvak/")
    # The mail about a briefing is not the one that is meant.
    mails = page.locator("main table tbody tr").filter(
        has_text="kabinet@voorbeeldstad.example", has_not_text=re.compile("overzicht|brief", re.IGNORECASE)
    )
    mails.first.get_by_role("link").click()
    link = page.locator("main a[href*='/acties/']").first.get_attribute("href")
    assert link is not None
    page.goto(link.removeprefix("http://localhost"))
    assert page.get_by_role("heading", name="Zo doet u dit").is_visible()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focused control says these words, as somebody without a mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "(document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText || '').replace(/\\s+/g, ' ').trim()"
        )
        if said.startswith(words):
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert shown != "none", f"the focus on {words} cannot be seen"
            return
    pytest.fail(f"no control says {words}")


def test_a_measure_is_started_and_an_action_finished_with_the_keyboard_alone(
    portal: Portal, visit: SignIn
) -> None:
    page = visit("kabinet_a")
    page.goto("/maatregelen/starten/")
    tab_to(page, "Naar de inhoud")
    page.keyboard.press("Enter")
    tab_to(page, "Burgemeester als last resort")
    page.keyboard.press("Enter")
    page.wait_for_url("**/maatregelen/starten/*-*/")
    tab_to(page, "Titel")
    page.keyboard.press("End")
    page.keyboard.type(" 2027")
    tab_to(page, "Start de maatregel")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Burgemeester als last resort 2027").wait_for()
    tab_to(page, "Klaar ")
    page.keyboard.press("Enter")
    page.get_by_text("Klaar.").wait_for()
    assert page.get_by_text("Klaar.").is_visible()
