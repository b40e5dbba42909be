"""How django-allauth is bent to the portal: closed signup, mail through the outbox, sealed secrets."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.audit.record import record
from portal.mail import compose
from portal.nudge import nudge
from portal.people.models import Person
from portal.people.secrets import decrypt, encrypt

# The mails of django-allauth that go out, each with its own three texts.
_TEXTS = {"account/email/password_reset_key": "mail/password_reset"}


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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail into the outbox; answering takes as long for a known as for an unknown address."""
        name = _TEXTS.get(template_prefix)
        if name is None:
            return
        person = Person.objects.filter(email=email.lower(), is_active=True).first()
        if person is None:
            return
        with translation.override(person.language):
            compose.write(
                email,
                name,
                {"url": context.get("password_reset_url"), "portal_url": settings.PORTAL_URL},
                person=person,
            ).save(force_insert=True)
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

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Changes to one's own account show on the page and in the audit record."""


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
