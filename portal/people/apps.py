"""Registers the people of the portal, their pages and the first steps."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "portal.people"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from portal.people import cards, first_steps, permissions, samples
        from portal.ui.registry import NavItem, nav

        first_steps.register()
        cards.register()
        samples.register()
        may = permissions.may_manage_people
        nav.register(NavItem("first_steps", _("Eerste stappen"), "people:first_steps", 10, "manage", may))
        nav.register(NavItem("people", _("Mensen"), "people:people", 20, "manage", may))
