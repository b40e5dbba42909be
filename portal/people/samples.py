"""The mails about somebody's account as samples, with invented content."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.mail import compose
from portal.mail.models import Message
from portal.mail.samples import Sample, samples
from portal.people.enums import Role
from portal.people.models import Leave, Person


def _mail(template: str, **context: Any) -> Any:
    def build(person: Person) -> Message:
        words = {name: value() if callable(value) else value for name, value in context.items()}
        return compose.write(person.email, f"mail/{template}", words | {"portal_url": settings.PORTAL_URL})

    return build


def _leave(template: str, **context: Any) -> Any:
    def leave() -> Leave:
        today = clock.today()
        return Leave(starts_on=today + timedelta(days=7), ends_on=today + timedelta(days=11))

    return _mail(template, leave=leave, url=f"{settings.PORTAL_URL}/verlof/eenmalig/", **context)


def register() -> None:
    """Register the samples of people; called once when the app is ready."""
    invitation = _mail(
        "invitation",
        url=f"{settings.PORTAL_URL}/uitnodiging/eenmalig/",
        place="Gemeente Voorbeeldstad",
        role=lambda: str(Role.KABINET.label),
        until=lambda: clock.now() + timedelta(days=7),
    )
    for nr, (key, title, build) in enumerate(
        (
            ("invitation", _("Een uitnodiging"), invitation),
            (
                "password_reset",
                _("Een nieuw wachtwoord"),
                _mail("password_reset", url=f"{settings.PORTAL_URL}/wachtwoord/nieuw/eenmalig/"),
            ),
            (
                "account_changed",
                _("Er is iets veranderd aan een account"),
                _mail("account_changed", what=lambda: _("Uw wachtwoord is veranderd."), at=clock.now),
            ),
            ("test", _("De proefmail"), _mail("test")),
            ("leave_deputy", _("U vervangt een collega"), _leave("leave_deputy", state="announced")),
            ("leave_deputy_stop", _("Een vervanging stopt"), _leave("leave_deputy", state="withdrawn")),
            ("leave_own", _("Een ander meldde verlof voor u"), _leave("leave_own", state="announced")),
            ("leave_back", _("Terug van verlof"), _leave("leave_back", done=3, late=1, new=2)),
        )
    ):
        template = key.removesuffix("_stop")
        samples.register(Sample(f"people.{key}", 60 + nr, template, title, build))
