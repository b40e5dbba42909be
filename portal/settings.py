"""All settings. Embedded by default; PostgreSQL and Redis by environment variables alone."""

import tempfile
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal.env import (
    BASE_DIR,
    check_optional,
    check_production,
    embedded_secrets,
    env,
    is_production,
    refuse_to_start,
)

PRODUCTION = is_production()
if PRODUCTION:
    check_production()
check_optional()
DEBUG = False
DEMO = not PRODUCTION and env.bool("DEMO", default=False)

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _socket_dir() -> Path:
    """A short folder for sockets: a path of more than 107 bytes does not bind."""
    near = VAR_DIR / "run"
    if len(str(near)) > 80:
        near = Path(tempfile.gettempdir()) / f"portaal-{sha256(str(VAR_DIR).encode()).hexdigest()[:12]}"
    near.mkdir(mode=0o700, parents=True, exist_ok=True)
    return near


SOCKET_DIR = _socket_dir()

_secrets = {} if PRODUCTION else embedded_secrets(VAR_DIR)
SECRET_KEY = env.str("SECRET_KEY", default=_secrets.get("SECRET_KEY", ""))
FIELD_KEYS = env.str("FIELD_KEYS", default=_secrets.get("FIELD_KEYS", ""))
PORTAL_URL = env.str("PORTAL_URL", default=f"http://localhost:{env.int('PORT', default=8000)}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
REPLY_TO = env.str("REPLY_TO", default="kabinet@voorbeeldstad.example")
SECOND_FACTOR = env.str("SECOND_FACTOR", default="required" if PRODUCTION else "offered")

# -- database -----------------------------------------------------------------------------
if PRODUCTION:
    DATABASES: dict[str, Any] = {"default": env.db("DATABASE_URL")}
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise refuse_to_start("DATABASE_URL moet met postgres:// beginnen.")
    DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "portaal.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in limits and nothing else live in this cache. It is the database on purpose: signing in
# must work, and stay limited over all processes, while the broker stands still.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}

# -- broker and tasks -----------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default=f"redis+socket://{SOCKET_DIR / 'broker.sock'}")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# Whoever waits for a ping here tells when it stays away; empty is no ping.
DEADMAN_URL = env.str("DEADMAN_URL", default="")
DEADMAN_SECONDS = env.float("DEADMAN_SECONDS", default=60.0)
TICK_SECONDS = env.float("TICK_SECONDS", default=30.0)
# After so long without a sign of life the engine stands still: the footer and the watchdog say so.
ENGINE_LATE_SECONDS = env.float("ENGINE_LATE_SECONDS", default=10 * TICK_SECONDS)
# How long a claimed row belongs to one worker before another may take it.
LEASE_SECONDS = env.int("LEASE_SECONDS", default=120)
# A mail that waited longer than this is looked at once more before it goes.
LOOK_AGAIN_SECONDS = env.int("LOOK_AGAIN_SECONDS", default=60)
# No entry carries an hour: each tick asks the database what is due.
CELERY_BEAT_SCHEDULE = {
    "deadlines": {"task": "portal.deadlines.tasks.sweep", "schedule": timedelta(seconds=TICK_SECONDS)},
    "mail": {"task": "portal.mail.tasks.deliver", "schedule": timedelta(seconds=TICK_SECONDS)},
    "urgent": {"task": "portal.mail.tasks.deliver_urgent", "schedule": timedelta(seconds=TICK_SECONDS)},
    "briefings": {"task": "portal.briefings.tasks.make_due", "schedule": timedelta(seconds=TICK_SECONDS)},
    "search": {"task": "portal.search.tasks.fill", "schedule": timedelta(seconds=TICK_SECONDS)},
    "papers": {"task": "portal.papers.tasks.check", "schedule": timedelta(seconds=TICK_SECONDS)},
    "packs": {"task": "portal.papers.tasks.make_packs", "schedule": timedelta(seconds=TICK_SECONDS)},
    "leave": {"task": "portal.people.tasks.leave", "schedule": timedelta(seconds=TICK_SECONDS)},
    "audit": {"task": "portal.audit.tasks.seal", "schedule": timedelta(seconds=TICK_SECONDS)},
}
if DEADMAN_URL:
    CELERY_BEAT_SCHEDULE["deadman"] = {
        "task": "portal.watchdog.tasks.ping",
        "schedule": timedelta(seconds=TICK_SECONDS),
    }

# -- mail -----------------------------------------------------------------------------------
SMTP_SINK_PORT = env.int("SMTP_SINK_PORT", default=0)
SMTP_SINK_DIR = VAR_DIR / "postvak"
# True when the embedded sink takes the mail instead of a mail server.
MAIL_GOES_TO_SINK = not env.str("EMAIL_URL", default="")
_email = env.email_url("EMAIL_URL", default=f"smtp://127.0.0.1:{SMTP_SINK_PORT or 8025}")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
# After so long without a word the mail server counts as away; well within a lease.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = REPLY_TO
SERVER_EMAIL = REPLY_TO
# Hosts on the own network that a gateway or webhook may use all the same, as host or host:port; http may
# do there. Every other address must be on the internet and over https.
GATEWAY_INSIDE_HOSTS: list[str] = env.list("GATEWAY_INSIDE_HOSTS", default=[])

# -- the watchdog -----------------------------------------------------------------------------
# Whom it mails; empty is the national beheerders.
WATCHDOG_TO = [address.strip() for address in env.list("WATCHDOG_TO", default=[]) if address.strip()]
WATCHDOG_SECONDS = env.float("WATCHDOG_SECONDS", default=60.0)
WATCHDOG_REPEAT_SECONDS = env.float("WATCHDOG_REPEAT_SECONDS", default=4 * 3600.0)
# How long it waits for an answer of the database; for the broker half as long.
WATCHDOG_PATIENCE_SECONDS = env.float("WATCHDOG_PATIENCE_SECONDS", default=10.0)
# How long a reminder or a mail may lie about, and after how many tries a mail is said to be stuck:
# the fifth comes about eight minutes after the first, the sixth after a quarter of an hour.
WATCHDOG_LATE_SECONDS = env.float("WATCHDOG_LATE_SECONDS", default=900.0)
WATCHDOG_MAIL_TRIES = env.int("WATCHDOG_MAIL_TRIES", default=5)

# -- applications ---------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_structlog",
    "portal.access",
    "portal.people",
    "portal.municipalities",
    "portal.audit",
    "portal.mail",
    "portal.deadlines",
    "portal.planning",
    "portal.briefings",
    "portal.papers",
    "portal.feeds",
    "portal.search",
    "portal.watchdog",
    "portal.ui",
    "measures.tracking",
    # One line a kind.
    "visits",
    "driehoek",
    "measures.huisverbod",
    "measures.open_door",
    "measures.stop_it_now",
    "measures.publicity",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Django pads what it compresses, so that the length of a page betrays no token.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.access.middleware.SafeHeaders",
    "portal.access.middleware.GetWritesNothing",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.access.middleware.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.ui.middleware.PersonLanguage",
    "portal.ui.held.HeldPosts",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.access.middleware.DeclaredRule",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portal.access.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "portal.ui.templatetags.ui"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "portaal"
CRISPY_TEMPLATE_PACK = "portaal"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# -- signing in -----------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "portal.people.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.people.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# Makes allauth call our adapter for an unknown address too; no mail leaves, the work is the same.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
# Django's own has the address in it as well, and asks the database nothing.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# How many proxies of our own stand before the portal: so many addresses at the end of
# X-Forwarded-For are theirs to write, and the first of those is the one that limits count by.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.str("TRUSTED_PROXIES", default="") or 0)
MFA_ADAPTER = "portal.people.sign_in.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Portaal Kinderveiligheid"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=2 * 3600)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.ui.errors.csrf_failure"

# -- transport and headers ------------------------------------------------------------------
HTTPS = urlsplit(PORTAL_URL).scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# What comes in and what is looked at lies here for as long as that takes, in no folder of the machine's.
WORK_DIR = VAR_DIR / "tijdelijk"
WORK_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_TEMP_DIR = str(WORK_DIR)
FILE_UPLOAD_HANDLERS = ["portal.papers.uploading.BoundedUpload"]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# The ClamAV daemon that looks first, as host:port or the path of its socket; empty is none.
CLAMAV = env.str("CLAMAV", default="")

# -- language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# -- files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "papieren"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# -- log ------------------------------------------------------------------------------------
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "portal.log.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "portal": {"level": "INFO"},
        "celery": {"level": "WARNING"},
    },
}

if not SECRET_KEY or not FIELD_KEYS:
    raise ImproperlyConfigured("SECRET_KEY en FIELD_KEYS zijn nodig.")
