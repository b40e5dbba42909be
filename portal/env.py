"""Where the settings get their values: the environment, or the embedded defaults under VAR_DIR."""

import base64
import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
REQUIRED_IN_PRODUCTION = (
    "REDIS_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "PORTAL_URL",
    "EMAIL_URL",
    "REPLY_TO",
    "ALLOWED_HOSTS",
)

env = environ.Env()


def is_production() -> bool:
    """Production is what names its own database; without DATABASE_URL all parts are embedded."""
    return bool(os.environ.get("DATABASE_URL"))


def refuse_to_start(sentence: str) -> SystemExit:
    """An exit with one clear sentence on standard error."""
    return SystemExit(f"Het portaal start niet: {sentence}")


def _is_safe_url(value: str) -> bool:
    """Over https; only on the machine itself, as the tests do, http may do."""
    parts = urlsplit(value)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"})
    )


def _is_hard_to_guess(value: str) -> bool:
    """As long and as varied as Django's own check for a deployment asks."""
    return len(value) >= 50 and len(set(value)) >= 5


def _are_field_keys(value: str) -> bool:
    """Each `name:base64` of 32 bytes; a dot ends the name where a sealed secret is stored."""
    for part in value.split(","):
        name, _, encoded = part.strip().partition(":")
        if not name or "." in name or len(base64.b64decode(encoded, altchars=b"-_", validate=True)) != 32:
            return False
    return True


def _is_mail_server(value: str) -> bool:
    parts = urlsplit(value)
    known = parts.scheme in {"smtp", "smtps", "smtp+tls", "smtp+ssl"}
    return known and bool(parts.hostname) and (parts.port is None or parts.port > 0)


def _is_one_address(value: str) -> bool:
    """A bare address or `Name <address>`; parseaddr alone also reads half of what is neither."""
    address = parseaddr(value)[1]
    user, _, host = address.rpartition("@")
    is_whole = value == address or value.endswith(f"<{address}>")
    return bool(user and host) and is_whole and value.isprintable() and " " not in address


def _is_scanner(value: str) -> bool:
    """The path of a socket, or a host and its port."""
    host, _, port = value.rpartition(":")
    return value.startswith("/") or (bool(host) and port.isdecimal() and 0 < int(port) < 65536)


# What a setting of production must be, and the sentence for when it is not. No sentence repeats the value.
_RULES: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("PORTAL_URL", _is_safe_url, "moet met https:// beginnen, zoals https://portaal.gemeente.example."),
    ("SECRET_KEY", _is_hard_to_guess, "is te makkelijk te raden; neem minstens 50 willekeurige tekens."),
    (
        "ALLOWED_HOSTS",
        lambda value: "*" not in [host.strip() for host in value.split(",")],
        "mag geen * bevatten; noem de namen waarop het portaal te bereiken is.",
    ),
    ("FIELD_KEYS", _are_field_keys, "klopt niet; schrijf elke sleutel als naam:base64 van 32 bytes."),
    (
        "REPLY_TO",
        _is_one_address,
        "moet één e-mailadres zijn: kabinet@gemeente.example of Kabinet <kabinet@gemeente.example>.",
    ),
    (
        "EMAIL_URL",
        _is_mail_server,
        "moet met smtp://, smtp+tls:// of smtp+ssl:// beginnen en een mailserver noemen.",
    ),
    (
        "TRUSTED_PROXIES",
        lambda value: value == "" or value.isdecimal(),
        "moet een getal zijn: hoeveel eigen proxy's er voor het portaal staan.",
    ),
)

# These may be left out; what is filled in must be right, in the demo too.
_OPTIONAL_RULES: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    (
        "WATCHDOG_TO",
        lambda value: all(_is_one_address(address.strip()) for address in value.split(",")),
        "moet een e-mailadres zijn, of meer adressen met een komma ertussen.",
    ),
    ("DEADMAN_URL", _is_safe_url, "moet met https:// beginnen, zoals https://ping.voorbeeld.example/abc."),
    ("CLAMAV", _is_scanner, "moet host:poort zijn, of het pad van een socket, zoals /run/clamav/clamd.sock."),
)


def _is_right(rule: Callable[[str], bool], value: str) -> bool:
    try:
        return rule(value)
    except ValueError:
        return False


def check_production() -> None:
    """Leave with one sentence: the settings that production still misses, or the first that is unsafe."""
    missing = [name for name in REQUIRED_IN_PRODUCTION if not os.environ.get(name)]
    if missing:
        raise refuse_to_start(f"zet deze instelling(en) in de omgeving: {', '.join(missing)}.")
    if os.environ.get("DEMO", "0") == "1":
        raise refuse_to_start("DEMO=1 mag niet samen met DATABASE_URL; haal DEMO weg.")
    if os.environ.get("SECOND_FACTOR", "required") != "required":
        raise refuse_to_start(
            "de tweede factor is in productie verplicht; haal SECOND_FACTOR weg of zet hem op required."
        )
    for name, rule, sentence in _RULES:
        if not _is_right(rule, os.environ.get(name, "")):
            raise refuse_to_start(f"{name} {sentence}")


def check_optional() -> None:
    """Leave with one sentence when a setting that may be left out is filled in wrongly."""
    for name, rule, sentence in _OPTIONAL_RULES:
        value = os.environ.get(name, "")
        if value and not _is_right(rule, value):
            raise refuse_to_start(f"{name} {sentence}")


def embedded_secrets(var_dir: Path) -> dict[str, str]:
    """The secrets of an embedded installation, made once and kept readable by its owner alone."""
    path = var_dir / "secrets.json"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        draft = path.with_name(f"secrets.{os.getpid()}.draft")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        with suppress(FileExistsError):  # another process was first; its secrets count
            os.link(draft, path)
        draft.unlink()
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded
