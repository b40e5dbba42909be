"""Delivery through gateways: each message once, a no climbs the ladder, a silence holds up nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from portal import clock
from portal.mail import gateways, phones, refusals, urgent
from portal.mail.deliver import deliver
from portal.mail.deliver_urgent import deliver_urgent
from portal.mail.models import Gateway, Message, Phone
from portal.municipalities.models import Scope
from portal.people.models import Person
from tests.cast import World
from tests.mail.gateway_server import GatewayServer, hanging, serving, status, took
from tests.mail.server import Server
from tests.mail.test_deliver import more_mail

BODY = '{"to": "{to}", "text": "{text}"}'
NUMBER = "+31612345678"


@pytest.fixture
def there(settings: Any) -> Iterator[GatewayServer]:
    with serving() as made:
        settings.GATEWAY_INSIDE_HOSTS = [made.host]
        yield made


def service(there: GatewayServer, kind: str = "sms", scope: Scope | None = None, **fields: Any) -> Gateway:
    owner = scope.as_fields() if scope else {}
    return Gateway.objects.create(kind=kind, name="Dienst", url=there.url(), body=BODY, **owner, **fields)


def number(person: Person, *, verified: bool = True) -> Phone:
    made = Phone(person=person, verified_at=clock.now() if verified else None)
    made.sealed_number = phones.seal(made, NUMBER)
    made.save()
    return made


def told(person: Person, scope: Scope | None, text: str = "Spoed: kijk in het portaal.") -> list[Message]:
    """What the engine does: it saves what it gets."""
    made = urgent.messages(person, text, scope=scope)
    for message in made:
        message.save(force_insert=True)
    return made


def test_a_message_reaches_the_own_number_once(world: World, there: GatewayServer) -> None:
    used = service(there)
    number(world.burgemeester_a)
    (message,) = told(world.burgemeester_a, world.a)
    assert deliver_urgent() == 1
    assert deliver_urgent() == 0
    (asked,) = there.asked
    assert asked.body == b'{"to": "+31612345678", "text": "Spoed: kijk in het portaal."}'
    message.refresh_from_db()
    assert (message.state, message.text, message.sent_at) == ("sent", "", clock.now())
    used.refresh_from_db()
    assert (used.last_ok_at, used.last_failed_at) == (clock.now(), None)


def test_the_own_service_comes_before_the_national_one(world: World, there: GatewayServer) -> None:
    national, own = service(there), service(there, scope=world.a)
    voice = service(there, "voice")
    number(world.burgemeester_a)
    found = urgent.messages(world.burgemeester_a, "x", scope=world.a)
    assert [(one.channel, one.gateway_id) for one in found] == [("sms", own.pk), ("voice", voice.pk)]
    assert [one.gateway_id for one in urgent.messages(world.burgemeester_a, "x", scope=world.b)] == [
        national.pk,
        voice.pk,
    ]
    assert {one.address for one in found} == {""}


def test_without_a_verified_number_or_a_service_there_is_nothing(world: World, there: GatewayServer) -> None:
    number(world.burgemeester_a)
    assert urgent.messages(world.burgemeester_a, "x", scope=world.a) == []
    service(there, is_active=False)
    service(there, scope=world.b)
    assert urgent.messages(world.burgemeester_a, "x", scope=world.a) == []
    service(there)
    assert urgent.messages(world.kabinet_a, "x", scope=world.a) == []
    number(world.kabinet_a, verified=False)
    assert urgent.messages(world.kabinet_a, "x", scope=world.a) == []


def test_webhooks_of_exactly_this_scope(world: World, there: GatewayServer) -> None:
    own = service(there, "webhook", world.a)
    second = service(there, "webhook", world.a)
    service(there, "webhook", world.b)
    service(there, "webhook")
    service(there, "webhook", world.a, is_active=False)
    for message in urgent.webhooks(world.a, {"soort": "herinnering", "naam": "één"}):
        message.save(force_insert=True)
    assert set(Message.objects.values_list("gateway", flat=True)) == {own.pk, second.pk}
    assert deliver_urgent() == 2
    assert {asked.body for asked in there.asked} == {'{"naam": "één", "soort": "herinnering"}'.encode()}


def test_a_no_for_good_climbs_the_ladder_and_blames_no_mail_address(
    world: World, there: GatewayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Message] = []
    monkeypatch.setattr(refusals, "_listeners", [heard.append])
    used = service(there)
    number(world.burgemeester_a)
    (message,) = told(world.burgemeester_a, world.a)
    there.answers = [status(400)]
    assert deliver_urgent() == 0
    message.refresh_from_db()
    assert (message.state, message.text) == ("refused", "")
    assert [one.pk for one in heard] == [message.pk]
    assert world.burgemeester_a.mail_refused_at is None
    used.refresh_from_db()
    assert (used.last_failed_at, used.last_error) == (clock.now(), "400")


def test_a_listener_that_breaks_undoes_the_refusal(
    world: World, there: GatewayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_message: Message) -> None:
        raise KeyError("kapot")

    monkeypatch.setattr(refusals, "_listeners", [breaks])
    service(there)
    number(world.burgemeester_a)
    (message,) = told(world.burgemeester_a, world.a)
    there.answers = [status(400)]
    deliver_urgent()
    message.refresh_from_db()
    assert message.state == "planned"


def test_a_passing_error_is_tried_again_later(world: World, there: GatewayServer) -> None:
    service(there)
    number(world.burgemeester_a)
    (message,) = told(world.burgemeester_a, world.a)
    there.answers = [status(500)]
    assert deliver_urgent() == 0
    message.refresh_from_db()
    assert (message.state, message.text) == ("planned", "Spoed: kijk in het portaal.")
    with time_machine.travel(message.fires_at, tick=False):
        assert deliver_urgent() == 1
    assert [asked.headers["Idempotency-Key"] for asked in there.asked] == [str(message.pk)] * 2


def test_a_service_that_hangs_is_asked_once_in_a_run_and_holds_up_no_other(
    world: World, there: GatewayServer, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "SECONDS", 0.3)
    service(there)
    other = service(there, "voice")
    number(world.burgemeester_a)
    for nr in range(12):
        sms, call = told(world.burgemeester_a, world.a, f"Bericht {nr}")
        Message.objects.filter(pk=sms.pk).update(fires_at=clock.now() - timedelta(minutes=1))
    with serving() as quick:
        Gateway.objects.filter(pk=other.pk).update(url=quick.url())
        monkeypatch.setattr("django.conf.settings.GATEWAY_INSIDE_HOSTS", [there.host, quick.host])
        there.answers = [hanging(there)] * 12
        assert took(deliver_urgent) < 5
        assert len(quick.asked) == 12
    assert len(there.asked) == 1
    assert Message.objects.filter(channel="sms", state="planned", fires_at__gt=clock.now()).count() == 12
    more_mail(world, 2)
    assert deliver() == 2


def test_mail_and_gateways_leave_each_others_messages_alone(
    world: World, there: GatewayServer, server: Server
) -> None:
    service(there)
    number(world.burgemeester_a)
    told(world.burgemeester_a, world.a)
    more_mail(world, 1)
    assert deliver() == 1
    assert there.asked == []
    assert deliver_urgent() == 1
    assert len(server.sent) == 1


@pytest.mark.parametrize("gone", ["number", "service"])
def test_a_message_whose_number_or_service_is_gone_does_not_go(
    world: World, there: GatewayServer, gone: str
) -> None:
    service(there)
    number(world.burgemeester_a)
    (message,) = told(world.burgemeester_a, world.a)
    if gone == "number":
        Phone.objects.all().delete()
    else:
        Gateway.objects.update(is_active=False)
    assert deliver_urgent() == 0
    message.refresh_from_db()
    assert (message.state, message.text) == ("cancelled", "")
    assert there.asked == []


def test_somebody_who_left_is_a_refusal(
    world: World, there: GatewayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Message] = []
    monkeypatch.setattr(refusals, "_listeners", [heard.append])
    service(there)
    number(world.burgemeester_a)
    (message,) = told(world.burgemeester_a, world.a)
    Person.objects.filter(pk=world.burgemeester_a.pk).update(is_active=False)
    assert deliver_urgent() == 0
    assert [one.pk for one in heard] == [message.pk]
    assert there.asked == []


def test_a_lease_that_another_worker_took_is_respected(
    world: World, there: GatewayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    service(there)
    number(world.burgemeester_a)
    first, second = (
        *told(world.burgemeester_a, world.a, "een"),
        *told(world.burgemeester_a, world.a, "twee"),
    )
    real = gateways.send

    def slow(*args: Any, **kwargs: Any) -> gateways.Answer:
        # While the first is being sent the lease runs out and another worker takes the second.
        Message.objects.filter(pk=second.pk).update(lease_id=first.pk)
        monkeypatch.setattr(clock, "now", lambda: second.created_at + timedelta(seconds=100))
        return real(*args, **kwargs)

    monkeypatch.setattr(gateways, "send", slow)
    assert deliver_urgent() == 1
    assert len(there.asked) == 1
