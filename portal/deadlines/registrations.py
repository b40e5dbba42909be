"""What the engine plugs into the mail and the shell."""

from django.utils.translation import gettext_lazy as _

from portal.deadlines import looking, samples
from portal.deadlines.permissions import may_read_words
from portal.mail import last_look, refusals
from portal.ui.registry import NavItem, nav


def register() -> None:
    """Register everything of the engine; called once when the app is ready."""
    refusals.listen(looking.refused)
    last_look.listen(looking.last_look)
    samples.register()
    nav.register(
        NavItem("words", _("Wat het portaal mailt"), "deadlines:words", 60, "manage", may_read_words)
    )
