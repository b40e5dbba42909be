"""Registers the shell and its template tags."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "portal.ui"
    label = "ui"

    def ready(self) -> None:
        from portal.ui import checks  # noqa: F401 - registers the check
