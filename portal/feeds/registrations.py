"""What the calendars plug into the menu."""

from django.utils.translation import gettext_lazy as _

from portal.people.models import Person
from portal.ui.registry import NavItem, nav


def has_a_calendar(person: Person) -> bool:
    """Whoever has a role somewhere may see something in it."""
    return bool(person.grants)


def register() -> None:
    """Register the entry in the menu; called once when the app is ready."""
    nav.register(NavItem("agenda", _("Agenda"), "feeds:agenda", 18, "work", has_a_calendar))
