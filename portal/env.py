"""Where the settings get their values: the environment, or the embedded defaults under VAR_DIR."""

import base64
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

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


def check_production() -> None:
    """Leave with one sentence that names every setting that production still misses."""
    missing = [name for name in REQUIRED_IN_PRODUCTION if not os.environ.get(name)]
    if missing:
        raise refuse_to_start(f"zet deze instelling(en) in de omgeving: {', '.join(missing)}.")
    if os.environ.get("DEMO", "0") == "1":
        raise refuse_to_start("DEMO=1 mag niet samen met DATABASE_URL; haal DEMO weg.")
    if os.environ.get("SECOND_FACTOR", "required") != "required":
        raise refuse_to_start(
            "de tweede factor is in productie verplicht; haal SECOND_FACTOR weg of zet hem op required."
        )


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
