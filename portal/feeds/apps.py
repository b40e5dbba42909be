"""Registers the calendars."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "portal.feeds"
    label = "feeds"

    def ready(self) -> None:
        from portal.feeds import daynames, registrations, samples

        samples.register()
        daynames.register()
        registrations.register()
