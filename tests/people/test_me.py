"""Mijn gegevens: everybody changes the own name and language, nobody somebody else's."""

import pytest
from django.urls import reverse

from portal.audit.models import AuditRow
from portal.people import cast
from portal.people.models import Membership
from tests.cast import World
from tests.people.pages import errors, fill

URL = "/mijn-gegevens/"


@pytest.mark.parametrize("key", [part.key for part in cast.CAST])
def test_everybody_has_the_page(world: World, sign_in, key: str) -> None:
    page = sign_in(getattr(world, key)).get(URL)
    assert page.status_code == 200
    assert getattr(world, key).email in page.content.decode()


def test_name_and_language_follow_at_once(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    assert fill(client, URL, name="Noor Vos", language="en").status_code == 302
    person = world.kabinet_a
    assert (person.name, person.language) == ("Noor Vos", "en")
    assert 'lang="en"' in client.get(URL).content.decode()
    row = AuditRow.objects.get(event="person.changed")
    assert row.changes == {"language": {"old": "nl", "new": "en"}, "name": {"length": 8}}


def test_bad_input(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    assert list(errors(fill(client, URL, name="", language="nl"))) == ["name"]
    assert list(errors(fill(client, URL, name="N. Vos", language="fr"))) == ["language"]


def test_an_old_page_is_a_choice(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    seen = client.get(URL).context["form"]["version"].value()
    client.post(URL, {"version": seen, "name": "Eén", "language": "nl"})
    answer = client.post(URL, {"version": seen, "name": "Twee", "language": "nl"})
    assert answer.status_code == 409
    assert 'value="Twee"' in answer.content.decode()
    assert world.kabinet_a.name == "Eén"


def test_without_a_role_the_page_says_whom_to_ask(world: World, sign_in) -> None:
    Membership.objects.filter(person=world.kabinet_a).delete()
    assert "U hebt nu geen rol" in sign_in(world.kabinet_a).get(reverse("people:me")).content.decode()
