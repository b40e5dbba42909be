"""Registers the office days."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "portal.planning"
    label = "planning"

    def ready(self) -> None:
        from portal.planning import registrations

        registrations.register()
