"""Production does not start unsafely: one clear sentence for each setting that is wrong."""

import base64
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from portal.env import check_optional, check_production
from portal.mail import compose
from portal.mail.models import Message

ROOT = Path(__file__).parents[1]
KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
GOOD = {
    "DATABASE_URL": "postgres://portaal@localhost/portaal",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": "Vb3-kq9_ZtR7wLm2XyPd5NfHc8JsGa4Ue6Ti1Ov0BzQrKxWnCj",
    "FIELD_KEYS": f"k1:{KEY}",
    "PORTAL_URL": "https://portaal.voorbeeld.example",
    "EMAIL_URL": "smtp+tls://localhost:587",
    "REPLY_TO": "kabinet@voorbeeld.example",
    "ALLOWED_HOSTS": "portaal.voorbeeld.example",
}


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("DEMO", "SECOND_FACTOR", "TRUSTED_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_good_settings_start(production: pytest.MonkeyPatch) -> None:
    check_production()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_URL", "http://localhost:8000"),
        ("PORTAL_URL", "http://127.0.0.1"),
        ("FIELD_KEYS", f"k2:{KEY}, k1:{KEY}"),
        ("ALLOWED_HOSTS", "portaal.voorbeeld.example, .voorbeeld.example"),
        ("REPLY_TO", "Kabinet Voorbeeldstad <kabinet@voorbeeld.example>"),
        ("REPLY_TO", '"Kabinet, Voorbeeldstad" <kabinet@voorbeeld.example>'),
        ("EMAIL_URL", "smtp://127.0.0.1:25"),
        ("EMAIL_URL", "smtp+ssl://iemand:geheim@mail.voorbeeld.example"),
        ("TRUSTED_PROXIES", "2"),
    ],
)
def test_so_it_may_also_be_written(production: pytest.MonkeyPatch, name: str, value: str) -> None:
    production.setenv(name, value)
    check_production()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_URL", "http://portaal.voorbeeld.example"),
        ("PORTAL_URL", "http://localhost.voorbeeld.example"),
        ("PORTAL_URL", "portaal.voorbeeld.example"),
        ("PORTAL_URL", "https://"),
        ("PORTAL_URL", "https://[::1"),
        ("SECRET_KEY", GOOD["SECRET_KEY"][:49]),
        ("SECRET_KEY", "x" * 80),
        ("SECRET_KEY", "ab" * 40),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "portaal.voorbeeld.example, *"),
        ("FIELD_KEYS", KEY),
        ("FIELD_KEYS", f":{KEY}"),
        ("FIELD_KEYS", f"k.1:{KEY}"),
        ("FIELD_KEYS", "k1:" + base64.urlsafe_b64encode(b"k" * 31).decode()),
        ("FIELD_KEYS", "k1:" + "A" * 43),
        ("FIELD_KEYS", "k1:geen base64!"),
        ("FIELD_KEYS", f"k1:{KEY},"),
        ("REPLY_TO", "kabinet"),
        ("REPLY_TO", "kabinet@"),
        ("REPLY_TO", "Kabinet kabinet@voorbeeld.example"),
        ("REPLY_TO", "Kabinet <kabinet>"),
        ("REPLY_TO", "a@voorbeeld.example, b@voorbeeld.example"),
        ("REPLY_TO", "a@voorbeeld.example\nBcc: b@voorbeeld.example"),
        ("EMAIL_URL", "mailto://localhost"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "smtp://localhost:poort"),
        ("TRUSTED_PROXIES", "ja"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_what_is_unsafe_does_not_start(production: pytest.MonkeyPatch, name: str, value: str) -> None:
    production.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        check_production()
    sentence = str(ended.value)
    assert sentence.startswith(f"Het portaal start niet: {name} ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    if "KEY" in name:
        assert value.removeprefix("k1:") not in sentence, "a secret is not repeated"


def test_the_process_ends_with_that_sentence_alone(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **GOOD, "PORTAL_URL": "http://portaal.nl"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.returncode, started.stdout) == (1, "")
    assert started.stderr.count("\n") == 1
    assert "PORTAL_URL" in started.stderr


def test_the_number_of_proxies_reaches_the_limits(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", "import portal.settings as s; print(s.ALLAUTH_TRUSTED_PROXY_COUNT)"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **GOOD, "TRUSTED_PROXIES": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "2"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WATCHDOG_TO", ""),
        ("WATCHDOG_TO", "beheer@voorbeeld.example"),
        ("WATCHDOG_TO", "Beheer <beheer@voorbeeld.example>, dienst@voorbeeld.example"),
        ("DEADMAN_URL", ""),
        ("DEADMAN_URL", "https://ping.voorbeeld.example/abc"),
        ("DEADMAN_URL", "http://localhost:8099/abc"),
        ("CLAMAV", ""),
        ("CLAMAV", "scanner.voorbeeld.example:3310"),
        ("CLAMAV", "[::1]:3310"),
        ("CLAMAV", "/run/clamav/clamd.sock"),
    ],
)
def test_what_may_be_left_out_may_be_set_so(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    check_optional()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WATCHDOG_TO", "beheer"),
        ("WATCHDOG_TO", "beheer@voorbeeld.example,"),
        ("WATCHDOG_TO", "beheer@voorbeeld.example; dienst@voorbeeld.example"),
        ("DEADMAN_URL", "http://meetpunt.example/abc"),
        ("DEADMAN_URL", "//meetpunt.example/abc"),
        ("DEADMAN_URL", "file:///etc/hostname"),
        ("DEADMAN_URL", "https://[::1"),
        ("CLAMAV", "scanner.voorbeeld.example"),
        ("CLAMAV", "localhost:clamd"),
        ("CLAMAV", ":3310"),
        ("CLAMAV", "localhost:99999"),
    ],
)
def test_what_may_be_left_out_does_not_start_when_it_is_wrong(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        check_optional()
    sentence = str(ended.value)
    assert sentence.startswith(f"Het portaal start niet: {name} ")
    assert sentence.endswith(".")
    assert value not in sentence.split(), "an address may hold a token"


@pytest.mark.parametrize(
    "reply_to",
    ["kabinet@voorbeeld.example", "Kabinet <kabinet@voorbeeld.example>", '"A, B" <a@voorbeeld.example>'],
)
def test_a_message_id_ends_in_the_host_of_the_address(settings, reply_to: str) -> None:
    settings.REPLY_TO = reply_to
    made = Message(id=UUID(int=1))
    assert compose.new_message_id(made) == f"<{UUID(int=1)}@voorbeeld.example>"
