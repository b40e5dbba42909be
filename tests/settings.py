"""Settings of the tests: the real ones, with a private database and a hostile environment."""

import os
import tempfile

os.environ.setdefault("VAR_DIR", os.path.join(tempfile.gettempdir(), f"portaal-tests-{os.getuid()}"))

from portal.settings import *  # noqa: F403
from portal.settings import DATABASES, TEMPLATES, VAR_DIR

_url = os.environ.get("TEST_DATABASE_URL", "")
if _url:
    import environ

    DATABASES["default"] = {**environ.Env.db_url_config(_url), "CONN_MAX_AGE": 0}
else:
    DATABASES["default"]["TEST"] = {"NAME": None}
DATABASES["default"]["CONN_MAX_AGE"] = 0

# An unknown template variable fails instead of showing nothing.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "INVALID[%s]"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
(VAR_DIR / "static").mkdir(exist_ok=True)
SOCKET_DIR = VAR_DIR
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEMO = False
