"""Registers the briefings."""

from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "portal.briefings"
    label = "briefings"

    def ready(self) -> None:
        from portal.briefings import registrations

        registrations.register()
