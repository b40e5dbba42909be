"""Registers tracking and its source of deadlines."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "measures.tracking"
    label = "tracking"

    def ready(self) -> None:
        from measures.tracking import registrations

        registrations.register()
