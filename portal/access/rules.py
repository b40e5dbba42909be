"""The rules a view can declare; a view without one is refused (the second access net)."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Predicate = Callable[[Any], bool]


class Rule:
    """What a view asks of the person who comes: nothing, a sign-in, or a predicate on the person."""

    def __init__(self, name: str, may: Predicate | None = None, *, anonymous: bool = False) -> None:
        self.name = name
        self.may = may
        self.anonymous = anonymous

    def check(self, request: HttpRequest) -> None:
        """Raise PermissionDenied when a signed-in person fails the predicate."""
        if self.may is not None and request.user.is_authenticated and not self.may(request.user):
            raise PermissionDenied


def open_to_all(view: View) -> View:
    """Anybody may come, signed in or not."""
    view.access_rule = Rule("open", anonymous=True)  # type: ignore[attr-defined]
    return login_not_required(view)


def by_secret_link(view: View) -> View:
    """Whoever has the secret address may come, signed in or not; the view looks what it opens."""
    view.access_rule = Rule("secret link", anonymous=True)  # type: ignore[attr-defined]
    return login_not_required(view)


def signed_in(view: View) -> View:
    """Any signed-in person may come; what is shown is trimmed by visible_to and permissions."""
    view.access_rule = Rule("signed in")  # type: ignore[attr-defined]
    return view


def only(may: Predicate) -> Callable[[View], View]:
    """Only a person for whom `may(person)` holds; others get 403."""

    def declare(view: View) -> View:
        view.access_rule = Rule(may.__name__, may)  # type: ignore[attr-defined]
        return view

    return declare


OPEN = Rule("open", anonymous=True)
SIGNED_IN = Rule("signed in")

# Views of packages cannot be decorated; each address that is used is named here.
OF_PACKAGES: dict[str, Rule] = {
    "account_login": OPEN,
    "account_logout": SIGNED_IN,
    "account_inactive": OPEN,
    "account_signup": OPEN,
    "account_reset_password": OPEN,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_authenticate": OPEN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
}


def rule_of(view: Callable[..., Any], url_name: str | None) -> Rule | None:
    """The rule declared on the view, or named for a package's address; None when undeclared."""
    declared: Rule | None = getattr(view, "access_rule", None)
    return declared or OF_PACKAGES.get(url_name or "")
