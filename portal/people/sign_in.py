"""How django-allauth is bent to the portal: closed signup, mail through the outbox, sealed secrets."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.audit.record import record
from portal.mail import compose
from portal.mail.models import Message
from portal.nudge import nudge
from portal.people.models import Person
from portal.people.secrets import decrypt, encrypt

# What allauth sends when a new password is asked for a known and for an unknown address.
_RESETS = frozenset({"account/email/password_reset_key", "account/email/unknown_account"})
# Written for nobody: work that takes as long as a real mail.
_NOBODY = "niemand@portaal.invalid"


@dataclass(frozen=True)
class _Change:
    """What changed on somebody's account: the audit event, and what the mail says of it."""

    event: str
    what: str | Promise


# By the name under which allauth announces it.
_CHANGES = {
    "account/email/password_changed": _Change(
        event="person.password_changed", what=_("Uw wachtwoord is veranderd.")
    ),
    "account/email/password_set": _Change(
        event="person.password_changed", what=_("Uw wachtwoord is veranderd.")
    ),
    "account/email/password_reset": _Change(
        event="person.password_reset", what=_("Er is een nieuw wachtwoord gekozen via de link in een mail.")
    ),
    "mfa/email/totp_activated": _Change(
        event="person.second_factor_added", what=_("De tweede factor is aangezet.")
    ),
    "mfa/email/totp_deactivated": _Change(
        event="person.second_factor_removed", what=_("De tweede factor is uitgezet.")
    ),
    "mfa/email/recovery_codes_generated": _Change(
        event="person.recovery_codes_made", what=_("Er zijn nieuwe herstelcodes gemaakt.")
    ),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up alone; every mail is a row that the worker delivers."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Dit account is afgesloten. Vraag de beheerder van uw gemeente."),
        "email_password_mismatch": _(
            "Het e-mailadres en het wachtwoord horen niet bij elkaar. Probeer het opnieuw."
        ),
        "enter_current_password": _("Vul uw huidige wachtwoord in."),
        "incorrect_code": _("Deze code klopt niet. Kijk in uw app en vul de nieuwste code in."),
        "incorrect_password": _("Dit wachtwoord klopt niet. Probeer het opnieuw."),
        "invalid_password_reset": _("Deze link werkt niet meer. Vraag een nieuwe aan."),
        "too_many_login_attempts": _(
            "Te veel pogingen achter elkaar. Wacht een paar minuten en probeer het dan opnieuw."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by invitation only."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the portal's own address: the host of a request is what its sender says it is."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": quote(token)})
        return str(settings.PORTAL_URL) + path

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail for a new password into the outbox.

        An unknown address costs the same work, so that the time to answer tells nothing: the mail is
        written for nobody, and taken back in the same transaction.
        """
        if template_prefix not in _RESETS:
            return
        person = Person.objects.filter(email=email.lower(), is_active=True).first()
        url = context.get("password_reset_url") or self.get_reset_password_from_key_url("0-0")
        with translation.override(person.language if person else settings.LANGUAGE_CODE):
            mail = compose.write(
                person.email if person else _NOBODY,
                "mail/password_reset",
                {"url": url, "portal_url": settings.PORTAL_URL},
                person=person,
            )
        with transaction.atomic():
            mail.save(force_insert=True)
            if person is None:
                # One statement; delete() would first look for what refers to it.
                Message.objects.filter(pk=mail.pk)._raw_delete(mail._state.db)
            nudge("portal.mail.tasks.deliver")

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Signing in is part of the record."""
        record("person.signed_in", by=user, about=user, scope=None)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password for a known person is part of the record; what was typed is not."""
        person = Person.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        if person is not None:
            record("person.sign_in_failed", by=None, about=person, scope=None)

    @transaction.atomic
    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """A change to the own account is part of the record, and its owner hears of it by mail."""
        change = _CHANGES.get(template_prefix)
        if change is None:
            return
        record(change.event, by=user, about=user, scope=None)
        with translation.override(user.language):
            compose.write(
                user.email, "mail/account_changed", {"what": change.what, "at": clock.now()}, person=user
            ).save(force_insert=True)
        nudge("portal.mail.tasks.deliver")


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets and recovery seeds are sealed before they reach the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Deze code klopt niet. Kijk in uw app en vul de nieuwste code in."),
        "cannot_delete_authenticator": _("De tweede factor is verplicht en kan niet uit."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text, "mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, "mfa")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where a second factor is required nobody can switch it off; elsewhere one may."""
        return bool(settings.SECOND_FACTOR != "required")
