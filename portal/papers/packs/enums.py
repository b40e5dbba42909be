"""How far a pack and its pieces are, what a piece is, and why something fails or is not bound in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Of a pack, and of each of its pieces."""

    ASKED = "asked", _("Wacht")
    MAKING = "making", _("Wordt gemaakt")
    READY = "ready", _("Klaar")
    FAILED = "failed", _("Mislukt")


class Sort(TextChoices):
    """What a piece is."""

    ITEM = "item", _("Onderdeel")
    PAPER = "paper", _("Stuk")
    SHEET = "sheet", _("Niet opgenomen")


class Problem(TextChoices):
    """Why a pack failed, as a sentence for the person who asked."""

    NO_RENDERER = (
        "no_renderer",
        _(
            "Op deze server kan nu geen PDF worden gemaakt: het onderdeel Pango ontbreekt. "
            "Waarschuw de beheerder."
        ),
    )
    RENDER = (
        "render",
        _(
            "Het maken van de bundel is drie keer niet gelukt. Probeer het nog eens; "
            "lukt het dan weer niet, waarschuw dan de beheerder."
        ),
    )
    GONE = "gone", _("U kunt dit onderwerp niet meer zien, dus er is niets om een bundel van te maken.")
    NOTHING = "nothing", _("Alles wat u koos is weg. Maak een nieuwe bundel en kies opnieuw.")
    TOO_LONG = (
        "too_long",
        _("Deze bundel zou meer dan 3.000 pagina’s krijgen. Laat stukken weg en maak hem opnieuw."),
    )
    TOO_LARGE = (
        "too_large",
        _("Deze bundel zou groter dan 900 MB worden. Laat zware stukken weg en maak hem opnieuw."),
    )


class Left(TextChoices):
    """Why a paper is not bound in: what its sheet says, and what one can do."""

    CHECKING = (
        "checking",
        _("Het portaal kijkt dit stuk nog na. Maak de bundel opnieuw als het stuk klaar is."),
    )
    REFUSED = "refused", _("Dit stuk is geweigerd. Lever het opnieuw aan en maak de bundel dan opnieuw.")
    OFFICE = (
        "office",
        _(
            "Van dit kantoorbestand kon geen PDF worden gemaakt. Lever het als PDF aan, "
            "of open het in het portaal."
        ),
    )
    BROKEN = (
        "broken",
        _(
            "Dit bestand ging stuk bij het inbinden. Maak er via ‘Afdrukken’ een nieuwe PDF van, "
            "of open het in het portaal."
        ),
    )
    TOO_HEAVY = (
        "too_heavy",
        _("Dit bestand is te zwaar om in te binden. Lever het in delen aan, of open het in het portaal."),
    )
