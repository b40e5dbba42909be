"""Registers the papers."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "portal.papers"
    label = "papers"

    def ready(self) -> None:
        from portal.papers import searching

        searching.register()
