"""Registers the kind of measure and what visits plug into the kernel."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "visits"
    label = "visits"

    def ready(self) -> None:
        from visits.registrations import register

        register()
