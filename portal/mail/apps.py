"""Registers mail, channels and the Demo-postvak."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "portal.mail"
    label = "mail"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from portal.mail import last_look, phones
        from portal.mail.permissions import may_manage_channels
        from portal.mail.views.demo import exists
        from portal.ui.registry import NavItem, nav

        last_look.listen(phones.still_wanted)
        nav.register(NavItem("channels", _("Kanalen"), "mail:channels", 35, "manage", may_manage_channels))
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
