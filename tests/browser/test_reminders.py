"""Choosing one's hours, hearing something later and announcing leave: in a real browser, by keyboard alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from portal.planning.days import OfficeDays
from portal.ui.formatting import datum
from tests.browser.conftest import Portal, SignIn

pytestmark = pytest.mark.browser


def press(page: Page, role: str, name: str) -> None:
    """Go to a control and press it with the keyboard."""
    page.get_by_role(role, name=name).first.focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def test_the_own_hours(portal: Portal, visit: SignIn) -> None:
    page = visit("communicatie_a")
    press(page, "button", "L. Bakker")
    press(page, "link", "Mijn herinneringen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn herinneringen")
    hour = page.get_by_label("Hoe laat de verzamelmail komt")
    hour.fill("25:00")
    press(page, "button", "Bewaar")
    expect(page.locator("main")).to_contain_text("van 00:00 tot 23:59")
    expect(hour).to_have_value("25:00")
    hour.fill("08:30")
    press(page, "button", "Bewaar")
    expect(page.locator("main")).to_contain_text("Uw keuzes zijn bewaard.")
    expect(hour).to_have_value("08:30")


def test_hearing_something_later(portal: Portal, visit: SignIn) -> None:
    page = visit("beleid_a")
    page.goto("/acties/")
    page.locator("main table tbody th a").first.focus()
    page.keyboard.press("Enter")
    press(page, "link", "Later, want…")
    day = OfficeDays(closed={}).nearest(clock.today() + timedelta(days=1), 1)
    page.get_by_label("Wanneer wilt u dit weer horen").fill(day.isoformat())
    page.get_by_label("Later, want…").fill("Het college besluit eerst.")
    press(page, "button", "Herinner mij dan")
    expect(page.locator("main")).to_contain_text("Dit komt terug op")
    ladder = page.locator("section", has_text="Wie hoort wat, en wanneer").last
    expect(ladder).to_contain_text("want: Het college besluit eerst.")


def test_leave_with_a_preview_and_back_again(portal: Portal, visit: SignIn) -> None:
    page = visit("oov_a")
    page.goto("/verlof/melden/")
    first = clock.today() + timedelta(days=40)
    page.get_by_label("Eerste dag").fill(first.isoformat())
    page.get_by_label("Laatste dag").fill((first - timedelta(days=1)).isoformat())
    vos = page.locator("option", has_text="N. Vos").get_attribute("value")
    page.get_by_label("Vervanger").select_option(vos)
    press(page, "button", "Bekijk wat er meegaat")
    expect(page.locator("main")).to_contain_text("ligt vóór de eerste dag")
    page.get_by_label("Laatste dag").fill((first + timedelta(days=4)).isoformat())
    press(page, "button", "Bekijk wat er meegaat")
    expect(page.locator("main")).to_contain_text("Gaat mee naar N. Vos")
    press(page, "button", "Meld het verlof")
    expect(page.locator("main")).to_contain_text("Het verlof staat vast")
    assert datum(first).split()[1] in page.locator("main").inner_text()
