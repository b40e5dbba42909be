"""The states of a briefing and the reasons for which one is not made."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    ASKED = "asked", _("Wacht")
    MAKING = "making", _("Wordt gemaakt")
    READY = "ready", _("Klaar")
    FAILED = "failed", _("Mislukt")
    MISSED = "missed", _("Niet gemaakt")


class Problem(TextChoices):
    """Why a briefing failed, as a sentence for the person who asked."""

    NO_RENDERER = (
        "no_renderer",
        _(
            "Op deze server kan nu geen PDF worden gemaakt: het onderdeel Pango ontbreekt. "
            "Waarschuw de beheerder. De briefing als webpagina werkt wel."
        ),
    )
    RENDER = (
        "render",
        _(
            "Het maken van de PDF is drie keer niet gelukt. Probeer het nog eens; "
            "lukt het dan weer niet, waarschuw dan de beheerder. De briefing als webpagina werkt wel."
        ),
    )
    GONE = "gone", _("Dit onderwerp bestaat niet meer, dus er is niets om een briefing over te maken.")
    AUDIENCE = "audience", _("Voor deze lezer kan geen briefing meer worden gemaakt. Kies een andere lezer.")
    TAKEN = "taken", _("Er stond iets in dat het portaal niet meer mag bewaren. Maak een nieuwe PDF.")
