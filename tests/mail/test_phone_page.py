"""One's own number: filled in, proved with a code, removed; seen by nobody else and written down nowhere."""

import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal import clock
from portal.audit.models import AuditRow
from portal.log import formatter
from portal.mail import phones, sms, urgent
from portal.mail.actions.gateways import test_text as text_of_a_test
from portal.mail.deliver_urgent import deliver_urgent
from portal.mail.models import Gateway, Message, Phone
from portal.municipalities.models import Scope
from tests.cast import World
from tests.mail.gateway_server import GatewayServer, serving, status
from tests.people.pages import errors, fill, said

URL = "/mijn-gegevens/telefoon/"
CODE = "/mijn-gegevens/telefoon/code/"
NUMBER = "+31612345678"


@pytest.fixture
def there(world: World, settings: Any) -> Iterator[GatewayServer]:
    """The national service for SMS."""
    with serving() as made:
        settings.GATEWAY_INSIDE_HOSTS = [made.host]
        Gateway.objects.create(
            kind="sms", name="Dienst", url=made.url(), body='{"to": "{to}", "text": "{text}"}'
        )
        yield made


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    signed: Client = sign_in(world.kabinet_a)
    return signed


def received(there: GatewayServer) -> str:
    """The code in the last message that the service got."""
    deliver_urgent()
    found = re.search(r"\b\d{6}\b", json.loads(there.asked[-1].body)["text"])
    assert found
    return found[0]


def phone(world: World) -> Phone:
    return Phone.objects.get(person=world.kabinet_a)


# -- how people write it ------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    [
        "0612345678",
        "06 12345678",
        "06-12345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "(06) 12345678",
        "+31612345678",
        "+31 6 12345678",
        "+31 (0)6 12 34 56 78",
        "+31 06 12345678",
        "0031612345678",
        "0031 (0) 6-12345678",
        "31612345678",
        "+31612345678\n",
        " 06\u201112345678 ",
    ],
)
def test_dutch_ways_to_write_a_number(written: str) -> None:
    assert phones.normalise(written) == NUMBER


@pytest.mark.parametrize(
    "written",
    [
        "",
        "abc",
        "12345678",
        "061234567",
        "06123456789",
        "020 1234567",
        "+31 20 123 4567",
        "0900 1234",
        "112",
        "06 0000 0000",
        "+1 202 555 0100",
        "+882 16 12345678",
        "06 12 34 56 78; 06 87 65 43 21",
        "\u0660612345678",
    ],
)
def test_what_is_no_mobile_number_is_refused_with_a_sentence(
    there: GatewayServer, client: Client, written: str
) -> None:
    (sentence,) = errors(fill(client, URL, number=written))["number"]
    assert sentence.endswith(".")
    assert not Phone.objects.exists()


def test_over_the_border_and_back() -> None:
    assert phones.normalise("+32 470 12 34 56") == "+32470123456"
    assert phones.as_written(NUMBER) == "06 12 34 56 78"
    assert phones.as_written("+32470123456") == "+32470123456"


# -- the way through ----------------------------------------------------------------------------
def test_a_code_proves_the_number(world: World, there: GatewayServer, client: Client) -> None:
    answer = fill(client, URL, number="06-12345678")
    assert answer.url == CODE
    assert client.get("/mijn-gegevens/telefoon/code/stand/").json()["done"] is False
    assert urgent.messages(world.kabinet_a, "x", scope=world.a) == []
    code = received(there)
    assert json.loads(there.asked[0].body)["to"] == NUMBER
    assert client.get("/mijn-gegevens/telefoon/code/stand/").json()["done"] is True
    assert "Uw nummer is bevestigd" in said(fill(client, CODE, code=f"{code[:3]} {code[3:]}"), client)[0]
    assert phone(world).verified_at == clock.now()
    assert phone(world).code_hash == ""
    assert "06 12 34 56 78" in client.get(URL).content.decode()
    assert len(urgent.messages(world.kabinet_a, "x", scope=world.a)) == 1
    assert client.get(CODE).url == URL


def test_its_owner_hears_of_a_change_by_mail(world: World, there: GatewayServer, client: Client) -> None:
    fill(client, URL, number="06 12345678")
    fill(client, URL, number="06 12345678")
    fill(client, URL, number="06 87654321")
    fill(client, reverse("mail:phone_remove"))
    mails = Message.objects.filter(channel="mail")
    assert {mail.address for mail in mails} == {world.kabinet_a.email}
    assert len(mails) == 3
    assert not Phone.objects.exists()


def test_another_number_must_be_proved_again(world: World, there: GatewayServer, client: Client) -> None:
    fill(client, URL, number="06 12345678")
    fill(client, CODE, code=received(there))
    fill(client, URL, number="06 87654321")
    assert phone(world).verified_at is None
    assert urgent.messages(world.kabinet_a, "x", scope=world.a) == []


def test_five_wrong_codes_and_it_is_over(world: World, there: GatewayServer, client: Client) -> None:
    fill(client, URL, number="06 12345678")
    code = received(there)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    told = [said(fill(client, CODE, code=wrong), client)[0] for _ in range(5)]
    assert "nog 4 keer" in told[0]
    assert "Vraag een nieuwe" in told[4]
    client.post(CODE, {"code": code})
    assert phone(world).verified_at is None
    fill(client, reverse("mail:phone_again"))
    fill(client, CODE, code=received(there))
    assert phone(world).verified_at is not None


def test_a_code_works_for_fifteen_minutes(world: World, there: GatewayServer, client: Client) -> None:
    fill(client, URL, number="06 12345678")
    code = received(there)
    with time_machine.travel(clock.now() + timedelta(minutes=15), tick=False):
        client.post(CODE, {"code": code})
        assert phone(world).verified_at is None
        page = client.get(CODE).content.decode()
    assert "werkt niet meer" in page
    with time_machine.travel(clock.now() + timedelta(minutes=14), tick=False):
        client.post(CODE, {"code": code})
        assert phone(world).verified_at is not None


def test_the_code_before_the_last_works_no_more(world: World, there: GatewayServer, client: Client) -> None:
    fill(client, URL, number="06 12345678")
    first = received(there)
    fill(client, reverse("mail:phone_again"))
    second = received(there)
    if first != second:
        client.post(CODE, {"code": first})
        assert phone(world).verified_at is None
    client.post(CODE, {"code": second})
    assert phone(world).verified_at is not None


def test_a_code_that_ran_out_before_it_was_sent_does_not_go(
    world: World, there: GatewayServer, client: Client
) -> None:
    fill(client, URL, number="06 12345678")
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert deliver_urgent() == 0
    assert there.asked == []
    assert Message.objects.get(channel="sms").state == "cancelled"


def test_five_codes_in_an_hour_is_enough(world: World, there: GatewayServer, client: Client) -> None:
    for nr in range(5):
        assert fill(client, URL, number=f"06 1234567{nr}").status_code == 302
    assert errors(fill(client, URL, number="06 12345678")) == {
        "number": ["U vroeg al vijf codes in een uur. Wacht een uur en probeer het dan opnieuw."]
    }
    answer = fill(client, reverse("mail:phone_again"))
    assert "vijf codes" in said(answer, client)[0]
    assert Message.objects.filter(channel="sms").count() == 5


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_a_code_of_another_shape_costs_no_try(
    world: World, there: GatewayServer, client: Client, typed: str
) -> None:
    fill(client, URL, number="06 12345678")
    assert list(errors(fill(client, CODE, code=typed))) == ["code"]
    assert phone(world).code_tries == 0


def test_a_service_that_refuses_the_code_is_said(world: World, there: GatewayServer, client: Client) -> None:
    fill(client, URL, number="06 12345678")
    there.answers = [status(400)]
    deliver_urgent()
    assert "kon niet worden verstuurd" in client.get(CODE).content.decode()


def test_without_a_service_the_page_says_so_and_offers_nothing(world: World, client: Client) -> None:
    page = client.get(URL).content.decode()
    assert "geen sms- of belservice ingesteld" in page
    assert 'name="number"' not in page
    assert "geen dienst" in said(client.post(URL, {"number": "06 12345678"}), client)[0]
    assert not Phone.objects.exists()
    assert URL in client.get("/mijn-gegevens/").content.decode()


def test_a_voice_says_the_digits_one_by_one(world: World, there: GatewayServer, client: Client) -> None:
    Gateway.objects.update(kind="voice")
    fill(client, URL, number="06 12345678")
    deliver_urgent()
    assert re.search(r"\b\d \d \d \d \d \d\b", json.loads(there.asked[0].body)["text"])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_texts_fit_in_one_sms(world: World, language: str) -> None:
    person = world.kabinet_a
    person.language = language
    with translation.override("nl"):
        for text in (
            phones.code_text(person, "123456", spoken=False),
            phones.code_text(person, "123456", spoken=True),
            text_of_a_test(person),
        ):
            assert sms.fits(text), text


# -- nowhere ------------------------------------------------------------------------------------
def test_number_code_and_secrets_are_written_down_nowhere(
    world: World, there: GatewayServer, client: Client, sign_in: Any
) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    urls: list[str] = []
    try:
        Gateway.objects.all().delete()
        beheer = sign_in(world.landelijk)
        fill(
            beheer,
            "/kanalen/toevoegen/sms/",
            place="landelijk",
            name="Dienst",
            url=there.url(),
            method="POST",
            encoding="json",
            body='{"to": "{to}", "text": "{text}"}',
            headers="Authorization: Bearer allergeheimst",
        )
        urls.append(fill(client, URL, number="06-12345678").url)
        there.answers = [status(500), status(200)]
        code = received(there)
        with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
            deliver_urgent()
        assert len(there.asked) == 2
        urls.append(fill(client, CODE, code=code).url)
        (message,) = urgent.messages(world.kabinet_a, "Spoed: kijk in het portaal.", scope=world.a)
        message.save(force_insert=True)
        there.answers = [status(400)]
        deliver_urgent()
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert phone(world).verified_at is not None
    assert {asked.headers["Authorization"] for asked in there.asked} == {"Bearer allergeheimst"}
    kept = "\n".join(
        f"{model._meta.label}.{field.name}={field.value_from_object(row)}"
        for model in apps.get_models()
        for row in model._default_manager.all()
        for field in model._meta.concrete_fields
    )
    assert "gateway.added" in kept
    for place in (stream.getvalue(), kept, *urls):
        assert not re.search(r"12[ -]?34[ -]?56[ -]?78", place)
        assert "allergeheimst" not in place
        assert not re.search(rf"(?<!\d){code}(?!\d)", place)
    assert AuditRow.objects.filter(event__startswith="phone.").count() == 2
    others = sign_in(world.beheerder_a)
    assert "12 34 56 78" not in others.get("/mensen/", follow=True).content.decode()


def test_a_sealed_number_opens_on_its_own_row_alone(
    world: World, there: GatewayServer, client: Client
) -> None:
    fill(client, URL, number="06 12345678")
    other = Phone(person=world.oov_a, sealed_number=phone(world).sealed_number)
    with pytest.raises(ValueError, match="does not open"):
        phones.number_of(other)


def test_the_first_scope_with_a_service_sends_the_code(world: World, there: GatewayServer) -> None:
    own = Gateway.objects.create(
        kind="sms",
        name="Eigen",
        url=there.url(),
        body='{"to": "{to}", "text": "{text}"}',
        **world.a.as_fields(),
    )
    assert [one.pk for one in urgent.gateways_of(world.kabinet_a)] == [own.pk]
    assert [one.pk for one in urgent.gateways_of(world.kabinet_b)] == [Gateway.objects.get(name="Dienst").pk]
    assert urgent.gateways(Scope(driehoek_id=world.d.driehoek_id))[0].name == "Dienst"
