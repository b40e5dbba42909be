"""Registers the briefings."""

from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "portal.briefings"
    label = "briefings"
