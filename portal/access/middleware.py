"""The access nets that stand before every view."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from portal import clock
from portal.access.guard import refuse_writes
from portal.access.rules import rule_of

log = structlog.get_logger("portal.access")

Respond = Callable[[HttpRequest], HttpResponseBase]

_LAST_USE_EVERY_SECONDS = 300
_MFA_ADDRESSES = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


class SafeHeaders:
    """Headers no package sets: no caching of pages, no device features."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class GetWritesNothing:
    """GET and HEAD run with the guard at the cursor."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with connection.execute_wrapper(refuse_writes):
            return self.get_response(request)


class SessionLimits:
    """Ends a session after two idle hours and after twelve hours in all (both are settings)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = clock.now().timestamp()
            began = request.session.get("began_at")
            used = request.session.get("used_at")
            if began is None or used is None:
                request.session["began_at"] = request.session["used_at"] = now
            elif (
                now - used > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_ABSOLUTE_SECONDS
            ):
                logout(request)
            elif now - used > _LAST_USE_EVERY_SECONDS:
                request.session["used_at"] = now
                _write_down(request.session)
        return self.get_response(request)


def _write_down(session: SessionBase) -> None:
    """Save the last use now: while nothing can be written, what can be read is shown all the same.

    Left to the session middleware, a full disk looks like a session that is gone, and breaks each page.
    """
    try:
        session.save()
    except UpdateError as error:
        if not isinstance(error.__context__, OperationalError):
            return  # it is gone indeed, and the session middleware says so
        log.warning("last_use_not_written")
    session.modified = False


class DeclaredRule:
    """Refuses a view that declares no rule, and a person who fails the rule it declares."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        rule = rule_of(view, match.url_name if match else None)
        if rule is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__name__} declares no access rule")
        rule.check(request)
        return None


class SecondFactor:
    """Where a second factor is required, leads a person without one to the page that sets it up."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if settings.SECOND_FACTOR != "required" or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        rule = rule_of(view, name)
        if (rule and rule.anonymous) or name in _MFA_ADDRESSES:
            return None
        if request.session.get("second_factor"):
            return None
        from allauth.mfa.utils import is_mfa_enabled

        if is_mfa_enabled(request.user):
            request.session["second_factor"] = True
            return None
        return redirect("mfa_activate_totp")
