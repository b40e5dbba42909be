"""The mailbox in whose name a municipality invites people."""

from django.urls import reverse

from portal.audit.models import AuditRow
from portal.municipalities.models import Municipality
from tests.cast import World
from tests.people.pages import errors, fill


def test_the_beheerder_sets_it(world: World, sign_in) -> None:
    client = sign_in(world.beheerder_a)
    url = reverse("municipalities:mailbox", args=[world.a.municipality_id])
    answer = fill(client, url, mailbox="Bureau@Voorbeeldstad.example")
    assert "De postbus is bewaard." in client.get(answer.url).content.decode()
    assert url in client.get(answer.url).content.decode()
    row = Municipality.objects.get(pk=world.a.municipality_id)
    assert row.mailbox == "bureau@voorbeeldstad.example"
    assert "bureau" not in str(AuditRow.objects.get(event="municipality.mailbox_changed").changes)
    stale = client.post(url, {"mailbox": "ander@voorbeeldstad.example", "version": "1"})
    assert stale.status_code == 409
    assert "wijzigde de postbus" in stale.content.decode()
    assert fill(client, url, mailbox="").status_code == 302


def test_what_is_no_address_is_refused(world: World, sign_in) -> None:
    url = reverse("municipalities:mailbox", args=[world.a.municipality_id])
    answer = fill(sign_in(world.beheerder_a), url, mailbox="bureau")
    assert errors(answer)["mailbox"] == ["Dit e-mailadres klopt niet. Kijk het na."]
    answer = fill(sign_in(world.beheerder_a), url, mailbox="x" * 250 + "@gemeente.example")
    assert errors(answer)["mailbox"] == ["Dit e-mailadres is te lang. Schrijf hoogstens 254 tekens."]


def test_nobody_else_reaches_it(world: World, sign_in) -> None:
    url = reverse("municipalities:mailbox", args=[world.a.municipality_id])
    for who, status in (("kabinet_a", 404), ("burgemeester_b", 404), ("landelijk", 200)):
        assert sign_in(getattr(world, who)).get(url).status_code == status
