"""Registers the outgoing mail and the Demo-postvak."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "portal.mail"
    label = "mail"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from portal.mail.views import exists
        from portal.ui.registry import NavItem, nav

        nav.register(
            NavItem(
                "demo_mailbox",
                _("Demo-postvak"),
                "mail:demo_mailbox",
                90,
                "overview",
                lambda _person: exists(),
            )
        )
