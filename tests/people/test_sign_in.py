"""Signing in: the second factor, the same answer for known and unknown, and limits."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.audit.models import AuditRow
from portal.mail.models import Message
from portal.people.cast import PASSWORD
from portal.people.secrets import WrongKey, decrypt, encrypt
from tests.cast import World

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


def sign_in_with(client: Client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_a_person_signs_in_with_address_in_any_case(world: World) -> None:
    client = Client()
    answer = sign_in_with(client, "Kabinet@VoorbeeldStad.example")
    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_with_a_second_factor_the_password_alone_does_not_open_the_door(world: World) -> None:
    TOTP.activate(world.kabinet_a, SECRET)
    client = Client()
    answer = sign_in_with(client, world.kabinet_a.email)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get("/").status_code == 302
    code = format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get("/").status_code == 200


def test_the_second_factor_is_sealed_in_the_database(world: World) -> None:
    TOTP.activate(world.kabinet_a, SECRET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = str(cursor.fetchall())
    assert SECRET not in stored
    assert Authenticator.objects.get().data["secret"].startswith("k1.")


def test_a_sealed_secret_opens_only_with_its_own_key_and_place() -> None:
    sealed = encrypt("geheim", "rij 1")
    assert decrypt(sealed, "rij 1") == "geheim"
    with pytest.raises(WrongKey):
        decrypt(sealed, "rij 2")
    with pytest.raises(WrongKey):
        decrypt("k9" + sealed[2:], "rij 1")
    changed = sealed[:-4] + ("A" if sealed[-4] != "A" else "B") + sealed[-3:]
    with pytest.raises(WrongKey):
        decrypt(changed, "rij 1")


def test_where_a_second_factor_is_required_everything_else_waits(world: World, sign_in, settings) -> None:
    settings.SECOND_FACTOR = "required"
    client = sign_in(world.kabinet_a)
    for path in ("/", "/acties/", "/maatregelen/"):
        assert client.get(path).url == reverse("mfa_activate_totp")
    TOTP.activate(world.kabinet_a, SECRET)
    assert client.get("/").status_code == 200


def test_asking_for_a_new_password_answers_the_same_for_known_and_unknown(world: World) -> None:
    url = reverse("account_reset_password")
    pages = []
    for email in (world.kabinet_a.email, "niemand@elders.example"):
        cache.clear()
        client = Client()
        answer = client.post(url, {"email": email})
        pages.append((answer.status_code, answer.url, client.get(answer.url).content.decode()))
    scrub = [(status, where, re.sub(r'(value|nonce)="[^"]+"', "", page)) for status, where, page in pages]
    assert scrub[0] == scrub[1]
    assert [message.address for message in Message.objects.all()] == [world.kabinet_a.email]


def test_the_reset_link_from_the_mail_sets_a_new_password(world: World) -> None:
    Client().post(reverse("account_reset_password"), {"email": world.kabinet_a.email})
    message = Message.objects.get()
    assert world.kabinet_a.name not in message.text
    path = re.search(r"https?://[^/]+(/wachtwoord/nieuw/\S+)", message.text).group(1)
    client = Client()
    form = client.get(path, follow=True)
    assert form.status_code == 200
    new = "een-heel-nieuw-wachtwoord-1"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done.status_code == 302
    assert sign_in_with(Client(), world.kabinet_a.email, new).status_code == 302


def test_guessing_is_limited(world: World) -> None:
    client = Client()
    statuses = [sign_in_with(client, world.kabinet_a.email, "verkeerd").status_code for _ in range(12)]
    assert 429 in statuses or sign_in_with(client, world.kabinet_a.email).status_code != 302


def test_nobody_signs_up_alone(world: World) -> None:
    page = Client().post(
        reverse("account_signup"), {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert page.status_code == 200
    assert not type(world.kabinet_a).objects.filter(email="x@y.example").exists()


def test_after_signing_out_nothing_is_kept_by_the_browser(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    assert client.get("/acties/")["Cache-Control"].count("no-store") == 1
    client.post(reverse("account_logout"))
    assert client.get("/acties/").status_code == 302


def test_where_it_is_required_nobody_switches_the_second_factor_off(world: World, sign_in, settings) -> None:
    settings.SECOND_FACTOR = "required"
    TOTP.activate(world.kabinet_a, SECRET)
    client = Client()
    sign_in_with(client, world.kabinet_a.email)
    code = format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=world.kabinet_a, type="totp").exists()


def test_signing_in_and_a_wrong_password_are_on_record_without_what_was_typed(world: World) -> None:
    sign_in_with(Client(), world.kabinet_a.email, "mijn-geheim-woord")
    sign_in_with(Client(), "niemand@elders.example", "mijn-geheim-woord")
    sign_in_with(Client(), world.kabinet_a.email)
    rows = AuditRow.objects.filter(event__startswith="person.s").order_by("at", "id")
    assert [(row.event, row.object_id) for row in rows] == [
        ("person.sign_in_failed", world.kabinet_a.pk),
        ("person.signed_in", world.kabinet_a.pk),
    ]
    assert "geheim" not in str([row.changes for row in rows])
