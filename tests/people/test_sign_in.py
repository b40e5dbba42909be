"""Signing in: the second factor, the same answer for known and unknown, and limits."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.audit.models import AuditRow
from portal.mail import compose
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


# -- limits behind a proxy ------------------------------------------------------------------------
def guess(client: Client, times: int = 10, **headers: str) -> None:
    """Wrong passwords for ever another address, so that only the limit of one computer is reached."""
    for number in range(times):
        client.post(
            reverse("account_login"),
            {"login": f"n{number}@elders.example", "password": "verkeerd"},
            **headers,
        )


def opens(client: Client, email: str, **headers: str) -> bool:
    answer = client.post(reverse("account_login"), {"login": email, "password": PASSWORD}, **headers)
    return bool(answer.status_code == 302)


# A unix socket gives no address at all.
@pytest.mark.parametrize("proxy", ["10.0.0.1", ""])
def test_two_computers_behind_one_proxy_have_each_their_limit(world: World, settings, proxy: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client = Client(REMOTE_ADDR=proxy)
    guess(client, HTTP_X_FORWARDED_FOR="203.0.113.1")
    assert not opens(client, world.kabinet_a.email, HTTP_X_FORWARDED_FOR="203.0.113.1")
    assert opens(client, world.kabinet_a.email, HTTP_X_FORWARDED_FOR="203.0.113.2")


def test_what_a_computer_puts_before_the_proxys_word_changes_nothing(world: World, settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client = Client(REMOTE_ADDR="10.0.0.1")
    for number in range(10):
        guess(client, 1, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.1")
    assert not opens(client, world.kabinet_a.email, HTTP_X_FORWARDED_FOR="198.51.100.99, 203.0.113.1")


def test_without_a_trusted_proxy_a_forged_address_changes_nothing(world: World) -> None:
    client = Client(REMOTE_ADDR="203.0.113.1")
    for number in range(10):
        guess(client, 1, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert not opens(client, world.kabinet_a.email, HTTP_X_FORWARDED_FOR="198.51.100.99")
    assert opens(Client(REMOTE_ADDR="203.0.113.2"), world.kabinet_a.email, HTTP_X_FORWARDED_FOR="203.0.113.1")


# -- asking for a new password --------------------------------------------------------------------
def test_the_reset_link_leads_to_the_portal_whatever_host_was_asked(world: World, settings) -> None:
    settings.PORTAL_URL = "https://portaal.voorbeeld.example"
    Client().post(
        reverse("account_reset_password"), {"email": world.kabinet_a.email}, headers={"host": "127.0.0.1:81"}
    )
    message = Message.objects.get()
    assert re.search(r"https://portaal\.voorbeeld\.example/wachtwoord/nieuw/\w+-\S+/\s", message.text)
    assert "127.0.0.1" not in message.text + message.html


def test_asking_costs_the_same_work_for_known_and_unknown(world: World, monkeypatch) -> None:
    rendered: list[str] = []
    render = compose.render_to_string

    def seen(name: str, context: dict[str, Any]) -> str:
        rendered.append(name)
        return render(name, context)

    monkeypatch.setattr(compose, "render_to_string", seen)
    work = []
    for email in (world.kabinet_a.email, "niemand@elders.example"):
        cache.clear()
        rendered.clear()
        with CaptureQueriesContext(connection) as queries:
            Client().post(reverse("account_reset_password"), {"email": email})
        asked = [one["sql"].split(maxsplit=1)[0] for one in queries if "portal_cache" not in one["sql"]]
        work.append((asked, list(rendered)))
    (known, known_texts), (unknown, unknown_texts) = work
    assert known.count("INSERT") == unknown.count("INSERT") > 0
    # What was written for nobody is taken back in the same transaction.
    unknown.remove("DELETE")
    assert known == unknown
    assert known_texts == unknown_texts
    assert Message.objects.count() == 1


# -- what changes on an account leaves a trace ------------------------------------------------------
NEW = "een-heel-nieuw-wachtwoord-1"


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def change_password(client: Client, world: World) -> None:
    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )


def reset_password(_client: Client, world: World) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": world.kabinet_a.email})
    link = re.search(r"https?://[^/]+(/wachtwoord/nieuw/\S+)", Message.objects.get().text)
    assert link
    form = client.get(link.group(1), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    Message.objects.filter(text__contains="/wachtwoord/nieuw/").delete()


def confirm(client: Client) -> None:
    """The second factor asks for the password once more."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def add_second_factor(client: Client, world: World) -> None:
    confirm(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})


def remove_second_factor(client: Client, world: World) -> None:
    confirm(client)
    TOTP.activate(world.kabinet_a, SECRET)
    client.post(reverse("mfa_deactivate_totp"))


def make_recovery_codes(client: Client, world: World) -> None:
    confirm(client)
    TOTP.activate(world.kabinet_a, SECRET)
    client.post(reverse("mfa_generate_recovery_codes"))


CHANGES = [
    (change_password, "person.password_changed", "Uw wachtwoord is veranderd."),
    (reset_password, "person.password_reset", "Er is een nieuw wachtwoord gekozen via de link in een mail."),
    (add_second_factor, "person.second_factor_added", "De tweede factor is aangezet."),
    (remove_second_factor, "person.second_factor_removed", "De tweede factor is uitgezet."),
    (make_recovery_codes, "person.recovery_codes_made", "Er zijn nieuwe herstelcodes gemaakt."),
]


@pytest.mark.parametrize(("change", "event", "told"), CHANGES, ids=[event for _, event, _ in CHANGES])
def test_a_change_on_an_account_is_on_record_and_mailed(
    world: World, monkeypatch, django_capture_on_commit_callbacks, change, event: str, told: str
) -> None:
    nudged: list[str] = []
    monkeypatch.setattr("portal.people.sign_in.nudge", nudged.append)
    client = Client()
    sign_in_with(client, world.kabinet_a.email)
    with django_capture_on_commit_callbacks(execute=True):
        change(client, world)
    row = AuditRow.objects.get(event=event)
    assert (row.actor, row.object_id, row.scope, row.changes) == (
        world.kabinet_a,
        world.kabinet_a.pk,
        None,
        {},
    )
    message = Message.objects.get()
    assert (message.person, message.address, message.state) == (
        world.kabinet_a,
        world.kabinet_a.email,
        "planned",
    )
    assert "portal.mail.tasks.deliver" in nudged
    for text in (message.text, message.html):
        assert told in text
        assert "ma 5 okt 12:00" in text
        assert "Was u dit niet? Bel dan meteen uw beheerder." in text
        for private in (world.kabinet_a.name, world.kabinet_a.email, "127.0.0.1", "INVALID"):
            assert private not in text
    assert message.subject == "Er is iets veranderd aan uw account"
    assert NEW not in message.text + message.html


def test_nothing_that_did_not_happen_is_told(world: World) -> None:
    client = Client()
    sign_in_with(client, world.kabinet_a.email)
    client.post(
        reverse("account_change_password"), {"oldpassword": "verkeerd", "password1": NEW, "password2": NEW}
    )
    assert not Message.objects.exists()
    assert not AuditRow.objects.filter(event__startswith="person.password").exists()
