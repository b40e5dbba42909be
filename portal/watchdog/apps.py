"""Registers the watchdog."""

from django.apps import AppConfig


class WatchdogConfig(AppConfig):
    name = "portal.watchdog"
    label = "watchdog"

    def ready(self) -> None:
        from portal.watchdog import samples

        samples.register()
