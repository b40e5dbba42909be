"""Registers the engine of deadlines."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "portal.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        from portal.deadlines import registrations

        registrations.register()
