"""Axe on every page, with a row, an error and a dialog on it; light and dark, narrow and wide."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.axe import findings, wide
from tests.browser.conftest import Portal, SignIn

SIGNED_OUT = (
    "/aanmelden/",
    "/wachtwoord/vergeten/",
    "/wachtwoord/verstuurd/",
    "/account-aanvragen/",
    "/geen-pagina/",
    "/antwoord/klopt-niet/",
)
START = {
    "kabinet_a": (
        "/",
        "/acties/",
        "/maatregelen/",
        "/maatregelen/?stand=alle",
        "/maatregelen/starten/",
        "/sjablonen/",
        "/beveiliging/",
        "/wachtwoord/wijzigen/",
        "/demo-postvak/",
        "/verlof/",
        "/verlof/melden/",
        "/mijn-herinneringen/",
        "/mijn-agenda/",
        "/mijn-agenda/link-maken/",
        "/agenda/",
        "/agenda/?vorm=week",
        "/agenda/?vorm=lijst",
        "/werkbezoeken/",
        "/werkbezoeken/gastorganisaties/",
        "/werkbezoeken/gastorganisaties/nieuw/",
        "/werkbezoeken/nieuw/",
    ),
    "landelijk": (
        "/mensen/",
        "/mensen/uitnodigen/",
        "/mensen/landelijk/",
        "/eerste-stappen/",
        "/telefoonnummers/",
        "/mijn-gegevens/",
        "/mijn-gegevens/telefoon/",
        "/kanalen/",
        "/kanalen/toevoegen/sms/",
        "/mailteksten/",
    ),
    "beheerder_a": (
        "/",
        "/mensen/",
        "/eerste-stappen/",
        "/gesloten-dagen/",
        "/gesloten-dagen/toevoegen/",
        "/reces/toevoegen/",
        "/kanalen/",
        "/kanalen/toevoegen/webhook/",
    ),
    "ovj": ("/", "/acties/"),
    "receptie_a": ("/", "/acties/", "/maatregelen/"),
}
# Pages behind the first link that fits, so that no id is written here.
BEHIND = {
    "kabinet_a": (
        r"^/acties/[0-9a-f-]{36}/$",
        r"^/maatregelen/[0-9a-f-]{36}/$",
        r"^/maatregelen/starten/[0-9a-f-]{36}/$",
        r"^/sjablonen/[0-9a-f-]{36}/$",
        r"^/maatregelen/[0-9a-f-]{36}/(ijkdatum/[a-z_]+|actie-toevoegen|afronden|stoppen|briefing)/$",
        r"^/maatregelen/[0-9a-f-]{36}/afspraak-plannen/$",
        r"^/afspraken/[0-9a-f-]{36}/$",
        r"^/afspraken/[0-9a-f-]{36}/(wijzigen|afzeggen|uitnodigen)/$",
        r"^/acties/[0-9a-f-]{36}/(klaar|overdragen|later|datum|laten-vervallen)/$",
        r"^/(acties|maatregelen)/[0-9a-f-]{36}/stukken/toevoegen/$",
        r"^/demo-postvak/[^/]+/$",
        r"^/verlof/[0-9a-f-]{36}/$",
        r"^/verlof/[0-9a-f-]{36}/(wijzigen|beeindigen)/$",
        r"^/werkbezoeken/[0-9a-f-]{36}/$",
        r"^/werkbezoeken/[0-9a-f-]{36}/(dag|mee|uitnodigen|gegevens)/$",
        r"^/werkbezoeken/[0-9a-f-]{36}/(programma|draaiboek|akkoord|opnieuw)/$",
        r"^/werkbezoeken/[0-9a-f-]{36}/(bevestigd|afzeggen|briefing|briefing/inhoud)/$",
        r"^/werkbezoeken/[0-9a-f-]{36}/bladen/(burgemeester|meereis|gastheer|pers)/$",
        r"^/werkbezoeken/mee/[0-9a-f-]{36}/$",
    ),
    "landelijk": (
        r"^/mensen/(gemeente|driehoek)/[0-9a-f-]{36}/$",
        r"^/mensen/[0-9a-f-]{36}/$",
        r"^/mensen/[0-9a-f-]{36}/beeindigen/$",
        r"^/telefoonnummers/[a-z_]+/$",
    ),
}
SIZES = ((1280, 900), (320, 640))


def paths_of(page: Page, person: str) -> Iterator[str]:
    """The start pages of a person and one page behind each kind of link on them."""
    seen: set[str] = set()
    queue = list(START[person])
    wanted = dict.fromkeys(BEHIND.get(person, ()), 0)
    while queue:
        path = queue.pop(0)
        if path in seen:
            continue
        seen.add(path)
        yield path
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        for href in links:
            for pattern, count in wanted.items():
                # Of appointments several: the first may be over.
                most = 4 if "|" in pattern or "afspraken" in pattern else 1
                if count < most and href not in seen and href not in queue and re.match(pattern, href):
                    wanted[pattern] += 1
                    queue.append(href)
                    break
    assert all(wanted.values()), f"no link fits {[pattern for pattern, count in wanted.items() if not count]}"


def check(page: Page, where: str) -> list[str]:
    found = [f"{where}: {one}" for one in findings(page)]
    if wide(page) > 0:
        found.append(f"{where}: {wide(page)} pixels wider than the window")
    return found


def with_errors(page: Page, where: str) -> list[str]:
    """The page after its main form was sent empty."""
    forms = page.locator("main form.form[method=post]:has(.field)")
    if not forms.count():
        return []
    form = forms.first
    for box in form.locator(
        "input[type=text]:visible, input[type=email]:visible, input[type=date]:visible, textarea:visible"
    ).all():
        box.fill("")
    form.locator("button").first.click()
    page.wait_for_load_state()
    return check(page, f"{where} with errors")


def with_dialogs(page: Page, where: str) -> list[str]:
    """The page with each menu and question open."""
    found = []
    for button in page.locator("[popovertarget]:visible").all():
        button.click()
        found += check(page, f"{where} with {button.get_attribute('popovertarget')}")
        page.keyboard.press("Escape")
    for question in page.locator("main details summary:visible").all()[:2]:
        question.click()
        found += check(page, f"{where} with a question")
    return found


@pytest.mark.browser
def test_the_working_screens(portal: Portal, visit: SignIn) -> None:
    page = visit("kabinet_a", viewport={"width": 1280, "height": 900})
    found = []
    for path in ("/", "/acties/", "/maatregelen/"):
        page.goto(path)
        found += check(page, path) + with_dialogs(page, path)
    assert found == []


@pytest.mark.axe_full
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("person", ["", *START])
def test_every_page(portal: Portal, visit: SignIn, person: str, size: tuple[int, int], scheme: str) -> None:
    page = visit(person, viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    found: list[str] = []
    visited = 0
    for path in paths_of(page, person) if person else SIGNED_OUT:
        page.goto(path)
        found += check(page, path) + with_dialogs(page, path)
        found += with_errors(page, path)
        page.goto(path)
        visited += 1
    assert visited >= (len(START[person]) if person else len(SIGNED_OUT))
    assert found == []
