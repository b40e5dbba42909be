"""The page Kanalen: adding, changing, switching and testing a service; secrets go in and never come back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.audit.models import AuditRow
from portal.mail import gateways, outside, phones, urgent
from portal.mail.deliver_urgent import deliver_urgent
from portal.mail.models import Gateway, Message, Phone
from tests.cast import World
from tests.mail.gateway_server import GatewayServer, serving, status
from tests.people.pages import errors, fill, said

LIST = "/kanalen/"
SMS = {
    "name": "Sms-dienst",
    "method": "POST",
    "encoding": "json",
    "body": '{"to": "{to}", "text": "{text}"}',
    "headers": "Authorization: Bearer heel-geheim",
}
HOOK = {"name": "Meldkamer", "secret": "een-lang-en-willekeurig-geheim", "headers": ""}


@pytest.fixture
def there(settings: Any) -> Iterator[GatewayServer]:
    with serving() as made:
        settings.GATEWAY_INSIDE_HOSTS = [made.host]
        yield made


@pytest.fixture
def beheer(world: World, sign_in: Any) -> Client:
    client: Client = sign_in(world.beheerder_a)
    return client


def add(client: Client, there: GatewayServer, kind: str = "sms", **changes: str) -> Any:
    fields = (HOOK if kind == "webhook" else SMS) | {"url": there.url()} | changes
    return fill(client, reverse("mail:add_channel", args=[kind]), **fields)


def own_number(world: World, key: str = "beheerder_a") -> Phone:
    made = Phone(person=getattr(world, key), verified_at=clock.now())
    made.sealed_number = phones.seal(made, "+31612345678")
    made.save()
    return made


def test_a_service_is_added_once_and_in_use(world: World, beheer: Client, there: GatewayServer) -> None:
    url = reverse("mail:add_channel", args=["sms"])
    form = beheer.get(url).context["form"]
    data = SMS | {"url": there.url(), "key": form["key"].value(), "place": form["place"].value()}
    beheer.post(url, data)
    assert "Het kanaal staat aan." in said(beheer.post(url, data), beheer)[0]
    row = Gateway.objects.get()
    assert (row.kind, row.municipality_id, row.is_active) == ("sms", world.a.municipality_id, True)
    assert gateways._opened(row, "headers") == SMS["headers"]
    audit = AuditRow.objects.get(event="gateway.added")
    assert audit.municipality_id == world.a.municipality_id


def test_secrets_are_never_shown_again(world: World, beheer: Client, there: GatewayServer) -> None:
    add(beheer, there)
    add(beheer, there, "webhook")
    for row in Gateway.objects.all():
        page = beheer.get(reverse("mail:change_channel", args=[row.pk])).content.decode()
        assert "Ingesteld." in page
        assert "geheim-" not in page
        assert "heel-geheim" not in page
        assert row.sealed_headers not in page or not row.sealed_headers
        assert "geheim" not in (row.sealed_headers + row.sealed_secret)
    assert "geheim" not in beheer.get(LIST).content.decode()


def test_an_empty_secret_keeps_what_is_set_and_a_new_one_replaces_it(
    world: World, beheer: Client, there: GatewayServer
) -> None:
    add(beheer, there)
    row = Gateway.objects.get()
    url = reverse("mail:change_channel", args=[row.pk])
    data = SMS | {"url": there.url()}
    assert fill(beheer, url, **(data | {"headers": "", "name": "Anders"})).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.version, gateways._opened(row, "headers")) == ("Anders", 2, SMS["headers"])
    fill(beheer, url, **(data | {"headers": "X-Sleutel: nieuw"}))
    row.refresh_from_db()
    assert gateways._opened(row, "headers") == "X-Sleutel: nieuw"
    fill(beheer, url, **(data | {"headers": "", "drop_headers": "on"}))
    row.refresh_from_db()
    assert row.sealed_headers == ""


def test_an_old_page_is_a_choice(world: World, beheer: Client, there: GatewayServer) -> None:
    add(beheer, there)
    url = reverse("mail:change_channel", args=[Gateway.objects.get().pk])
    form = beheer.get(url).context["form"]
    data = SMS | {"url": there.url(), "headers": "", "place": form["place"].value(), "key": "x"}
    data |= {"version": form["version"].value()}
    beheer.post(url, data | {"name": "Eén"})
    answer = beheer.post(url, data | {"name": "Twee"})
    assert answer.status_code == 409
    assert 'value="Twee"' in answer.content.decode()
    assert Gateway.objects.get().name == "Eén"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"url": ""}, "url"),
        ({"url": "http://sms.leverancier.example/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://binnen.leverancier.example/"}, "url"),
        ({"url": "https://onbekend.example/"}, "url"),
        ({"method": "DELETE"}, "method"),
        ({"encoding": "xml"}, "encoding"),
        ({"method": "GET"}, "encoding"),
        ({"body": "{"}, "body"),
        ({"body": '{"to": "{to}"}'}, "body"),
        ({"body": ""}, "body"),
        ({"headers": "onzin"}, "headers"),
        ({"headers": "Host: elders.example"}, "headers"),
        ({"place": "gemeente:9"}, "place"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    world: World,
    beheer: Client,
    there: GatewayServer,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, str],
    field: str,
) -> None:
    known = {"binnen.leverancier.example": ["192.168.1.5"], "127.0.0.1": ["127.0.0.1"]}
    monkeypatch.setattr(outside, "resolve", lambda host, _port: known.get(host, []))
    answer = add(beheer, there, **changes)
    found = errors(answer)
    assert list(found) == [field]
    assert all(sentence.endswith((".", "!")) for sentence in found[field])
    assert "heel-geheim" in answer.content.decode() or "headers" in changes
    assert not Gateway.objects.exists()


def test_an_inside_address_is_refused_with_a_sentence(
    world: World, beheer: Client, there: GatewayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "resolve", lambda _host, _port: ["169.254.169.254"])
    answer = add(beheer, there, url="https://metadata.leverancier.example/")
    assert errors(answer) == {
        "url": ["Dit adres leidt naar binnen, naar het eigen netwerk. Gebruik een adres op het internet."]
    }


@pytest.mark.parametrize("secret", ["", "te kort"])
def test_a_webhook_needs_a_long_secret(
    world: World, beheer: Client, there: GatewayServer, secret: str
) -> None:
    assert list(errors(add(beheer, there, "webhook", secret=secret))) == ["secret"]


def test_one_sms_service_is_in_use_and_webhooks_as_many_as_needed(
    world: World, beheer: Client, there: GatewayServer
) -> None:
    add(beheer, there)
    assert list(errors(add(beheer, there))) == ["__all__"]
    add(beheer, there, "voice")
    add(beheer, there, "webhook")
    add(beheer, there, "webhook", name="Tweede")
    assert Gateway.objects.count() == 4
    first = Gateway.objects.get(kind="sms")
    fill(beheer, reverse("mail:switch_channel", args=[first.pk]))
    add(beheer, there, name="Nieuwe")
    answer = fill(beheer, reverse("mail:switch_channel", args=[first.pk]))
    assert said(answer, beheer) == ["Hier is al zo'n dienst in gebruik. Zet die eerst uit."]
    first.refresh_from_db()
    assert not first.is_active


def test_the_national_beheerder_keeps_the_country_and_the_driehoeken(
    world: World, sign_in: Any, beheer: Client, there: GatewayServer
) -> None:
    landelijk = sign_in(world.landelijk)
    assert add(landelijk, there, place="landelijk").status_code == 302
    assert add(landelijk, there, place=f"driehoek:{world.d.driehoek_id}").status_code == 302
    assert list(errors(add(landelijk, there, place=f"gemeente:{world.a.municipality_id}"))) == ["place"]
    assert list(errors(add(landelijk, there, place="landelijk"))) == ["place"]
    assert len(landelijk.get(LIST).context["channels"]) == 2
    assert beheer.get(LIST).context["channels"] == []


def test_the_list_costs_the_same_with_many(
    world: World, beheer: Client, there: GatewayServer, django_assert_max_num_queries: Any
) -> None:
    from tests.test_query_counts import cost

    costs = []
    for count in (3, 27):
        for nr in range(count):
            Gateway.objects.create(
                kind="webhook", name=f"{count}-{nr}", url="https://x.example/", **world.a.as_fields()
            )
        costs.append(cost(beheer, LIST))
    assert costs[0] == costs[1]


# -- the test -----------------------------------------------------------------------------------
def test_a_test_goes_the_way_of_every_message_and_the_page_says_how_it_went(
    world: World, beheer: Client, there: GatewayServer
) -> None:
    add(beheer, there)
    own_number(world)
    row = Gateway.objects.get()
    url, state = (reverse(f"mail:{name}", args=[row.pk]) for name in ("test_channel", "test_state"))
    key = beheer.get(url).context["form"]["key"].value()
    beheer.post(url, {"key": key})
    beheer.post(url, {"key": key})
    assert beheer.get(state).json() == {"done": False, "text": "De proef is onderweg."}
    assert "data-poll" in beheer.get(LIST).content.decode()
    assert deliver_urgent() == 1
    assert beheer.get(state).json()["done"] is True
    assert "Proef aangenomen door de dienst" in beheer.get(LIST).content.decode()
    (asked,) = there.asked
    assert b"+31612345678" in asked.body
    assert "dit is een proef" in asked.body.decode()


@pytest.mark.parametrize(
    ("code", "done", "words"),
    [
        (403, True, "De dienst weigerde de proef (403)."),
        (503, False, "De dienst antwoordt nog niet (503)."),
    ],
)
def test_a_test_that_fails_says_with_which_code(
    world: World, beheer: Client, there: GatewayServer, code: int, done: bool, words: str
) -> None:
    add(beheer, there, "webhook")
    row = Gateway.objects.get()
    fill(beheer, reverse("mail:test_channel", args=[row.pk]))
    there.answers = [status(code)]
    deliver_urgent()
    answer = beheer.get(reverse("mail:test_state", args=[row.pk])).json()
    assert answer["done"] is done
    assert words in answer["text"]
    assert words in beheer.get(LIST).content.decode()


def test_without_an_own_number_the_page_says_what_to_do_first(
    world: World, beheer: Client, there: GatewayServer
) -> None:
    add(beheer, there)
    assert "Vul eerst uw eigen nummer in" in beheer.get(LIST).content.decode()
    answer = fill(beheer, reverse("mail:test_channel", args=[Gateway.objects.get().pk]))
    assert said(answer, beheer) == [
        "Een proef gaat naar uw eigen nummer. Vul dat eerst in bij Mijn gegevens."
    ]
    assert not Message.objects.filter(channel="sms").exists()


def test_a_message_that_failed_since_the_test_shows_as_trouble(
    world: World, beheer: Client, there: GatewayServer
) -> None:
    add(beheer, there, "webhook")
    for code in (200, 410):
        urgent.webhooks(world.a, {"soort": "herinnering"})[0].save(force_insert=True)
        there.answers = [status(code)]
        deliver_urgent()
        Gateway.objects.filter(last_ok_at__isnull=False, last_failed_at=None).update(
            last_ok_at=clock.now() - timedelta(minutes=1)
        )
    page = beheer.get(LIST).content.decode()
    assert "storing" in page
    assert "niet aangenomen" in page
    assert "(410)" in page
