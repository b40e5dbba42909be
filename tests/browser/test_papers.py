"""A paper is uploaded, checked by the worker and fetched; with and without JavaScript."""

from pathlib import Path

import pytest

from tests.browser.axe import findings, wide
from tests.browser.conftest import Portal, SignIn
from tests.papers import files

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_photo_becomes_a_paper_without_its_place(
    portal: Portal, visit: SignIn, javascript: bool, tmp_path: Path
) -> None:
    page = visit("kabinet_a", viewport={"width": 320, "height": 800}, java_script_enabled=javascript)
    page.goto("/maatregelen/?soort=open_door")
    page.locator("main table tbody th a").first.click()
    page.get_by_role("link", name="Voeg een stuk toe").click()
    page.get_by_label("Hoe heet het stuk").fill("Foto van de balie")
    data = files.photo_of_a_place()
    page.get_by_label("Bestand").set_input_files(
        {"name": "J. Jansen.jpg", "mimeType": "text/html", "buffer": data}
    )
    page.get_by_role("button", name="Voeg het stuk toe").click()
    page.wait_for_url("**/stukken/*/")
    for _ in range(60):
        if javascript or page.get_by_text("uit de foto gehaald").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_text("uit de foto gehaald").wait_for(timeout=30_000)
    if javascript:
        assert findings(page) == []
        assert wide(page) <= 0
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Downloaden", exact=True).click()
    assert fetched.value.suggested_filename.startswith("stuk-20")
    fetched.value.save_as(tmp_path / "foto.jpg")
    made = (tmp_path / "foto.jpg").read_bytes()
    assert made.startswith(b"\xff\xd8\xff")
    assert b"Geheim" not in made


def test_a_refused_paper_says_so_by_itself(portal: Portal, visit: SignIn) -> None:
    page = visit("kabinet_a")
    page.goto("/maatregelen/?soort=open_door")
    page.locator("main table tbody th a").first.click()
    page.get_by_role("link", name="Voeg een stuk toe").click()
    page.get_by_label("Hoe heet het stuk").fill("Verslag")
    script = files.pdf(change=files.with_script_at_opening)
    page.get_by_label("Bestand").set_input_files(
        {"name": "verslag.pdf", "mimeType": "application/pdf", "buffer": script}
    )
    page.get_by_role("button", name="Voeg het stuk toe").click()
    page.get_by_role("alert").get_by_text("is geweigerd").wait_for(timeout=30_000)
    assert findings(page) == []
    assert page.get_by_role("link", name="Downloaden").count() == 0
