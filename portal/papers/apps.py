"""Registers the papers."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "portal.papers"
    label = "papers"

    def ready(self) -> None:
        from portal.papers import searching
        from portal.papers.press import registrations

        searching.register()
        registrations.register()
