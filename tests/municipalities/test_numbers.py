"""The register of telephone numbers: everybody reads it, the national beheerder keeps it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.audit.models import AuditRow
from portal.municipalities.models import PhoneNumber
from portal.people import cast
from tests.cast import World
from tests.people.pages import errors, fill, said

URL = "/telefoonnummers/"
CHANGE = "/telefoonnummers/veilig_thuis/"
CHECK = "/telefoonnummers/veilig_thuis/gecontroleerd/"
NEW = {"number": "0800-2001", "hours": "dag en nacht", "source": "veiligthuis.nl", "checked_on": "2026-10-05"}


@pytest.fixture
def national(world: World, sign_in) -> Client:
    PhoneNumber.objects.update(checked_on=date(2026, 7, 1))
    return sign_in(world.landelijk)


def number() -> PhoneNumber:
    return PhoneNumber.objects.get(key="veilig_thuis")


@pytest.mark.parametrize("key", [part.key for part in cast.CAST])
def test_everybody_reads_and_one_role_changes(world: World, sign_in, key: str) -> None:
    client, may = sign_in(getattr(world, key)), key == "landelijk"
    page = client.get(URL)
    assert page.status_code == 200
    assert "0800-2000" in page.content.decode()
    assert ("Vandaag gecontroleerd" in page.content.decode()) is may
    for url in (CHANGE, CHECK):
        assert client.get(url).status_code == (200 if may else 403)
        assert client.post(url).status_code in ((302, 422, 409) if may else (403,))


def test_a_number_that_was_not_checked_for_long_says_so(world: World, national: Client) -> None:
    assert "langer dan 90 dagen geleden" in national.get(URL).content.decode()


def test_one_press_notes_the_check(world: World, national: Client) -> None:
    answer = fill(national, CHECK)
    assert said(answer, national) == ["Veilig Thuis: vandaag gecontroleerd."]
    assert number().checked_on == clock.today()
    row = AuditRow.objects.get(event="number.checked")
    assert row.changes == {"key": "veilig_thuis", "checked_on": {"old": "2026-07-01", "new": "2026-10-05"}}


def test_a_changed_number_stands_in_every_text(world: World, national: Client, sign_in) -> None:
    fill(national, CHANGE, **NEW)
    assert number().number == "0800-2001"
    from portal.municipalities.phone import written

    assert "0800-2001" in written()["veilig_thuis"]
    assert AuditRow.objects.get(event="number.changed").changes["number"] == {
        "old": "0800-2000",
        "new": "0800-2001",
    }


def test_an_old_page_is_a_choice(world: World, national: Client) -> None:
    seen = national.get(CHANGE).context["form"]["version"].value()
    national.post(CHANGE, NEW | {"version": seen})
    answer = national.post(CHANGE, NEW | {"version": seen, "number": "0800-2002"})
    assert answer.status_code == 409
    assert "G. Meijer wijzigde dit nummer" in answer.content.decode()
    assert number().number == "0800-2001"
    again = answer.context["form"]["version"].value()
    assert national.post(CHANGE, NEW | {"version": again, "number": "0800-2002"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"number": "bel maar"}, "number", "alleen cijfers"),
        ({"number": ""}, "number", "verplicht"),
        ({"number": "12"}, "number", "alleen cijfers"),
        ({"hours": ""}, "hours", "verplicht"),
        ({"checked_on": "2026-10-06"}, "checked_on", "moet nog komen"),
        ({"checked_on": "gisteren"}, "checked_on", "dag-maand-jaar"),
    ],
)
def test_bad_input_gets_one_sentence(national: Client, typed: dict, field: str, sentence: str) -> None:
    found = errors(fill(national, CHANGE, **(NEW | typed)))
    assert list(found) == [field]
    assert sentence in found[field][0]


def test_a_number_that_is_not_there(national: Client) -> None:
    assert national.get(reverse("municipalities:change_number", args=["niets"])).status_code == 404
