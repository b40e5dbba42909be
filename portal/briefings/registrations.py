"""What the briefings plug into the shell: documents, sections, menu entries, a card, samples."""

from django.utils.translation import gettext_lazy as _

from portal.briefings import cards as start
from portal.briefings import duty, office, samples
from portal.briefings.permissions import may_keep_timetables, reads_briefings
from portal.ui.registry import Card, NavItem, cards, nav


def register() -> None:
    """Register everything of the briefings; called once when the app is ready."""
    office.register()
    duty.register()
    samples.register()
    nav.register(NavItem("briefings", _("Briefings"), "briefings:list", 15, "work", reads_briefings))
    nav.register(
        NavItem(
            "timetables",
            _("Wanneer briefings komen"),
            "briefings:timetables",
            35,
            "manage",
            may_keep_timetables,
        )
    )
    cards.register(Card("dagbrief", frozenset(), 15, start.dagbrief))
