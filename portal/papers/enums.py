"""What a paper can be, how far its check is, and the reasons for which one is refused."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What the content is, whatever the file was called."""

    PDF = "pdf", _("PDF")
    IMAGE = "image", _("Afbeelding")
    OFFICE = "office", _("Kantoorbestand")


class State(TextChoices):
    WAITING = "waiting", _("Wordt nog nagekeken")
    CHECKING = "checking", _("Wordt nu nagekeken")
    READY = "ready", _("Klaar")
    REFUSED = "refused", _("Geweigerd")


class Refusal(TextChoices):
    """Why a file is refused, as a sentence that says what to do."""

    TOO_BIG = "too_big", _("Dit bestand is groter dan 50 MB. Maak het kleiner of lever het in delen aan.")
    PHOTO_TOO_BIG = "photo_too_big", _("Deze foto is groter dan 15 MB. Verklein de foto en kies hem opnieuw.")
    EMPTY = "empty", _("Dit bestand is leeg. Kies een ander bestand.")
    INTERRUPTED = "interrupted", _("Het bestand kwam niet helemaal aan. Kies het opnieuw.")
    UNKNOWN = (
        "unknown",
        _("Dit soort bestand kan hier niet. Kies een PDF, een JPEG-, PNG- of WebP-foto, DOCX, XLSX of ODT."),
    )
    HEIC = "heic", _("Een HEIC-foto kan hier niet. Bewaar de foto eerst als JPEG en kies hem opnieuw.")
    OLD_OFFICE = (
        "old_office",
        _(
            "Dit kantoorbestand is van een oude soort of heeft een wachtwoord. "
            "Bewaar het als DOCX of XLSX zonder wachtwoord, of als PDF."
        ),
    )
    ENCRYPTED = (
        "encrypted",
        _("Dit bestand heeft een wachtwoord of een beveiliging. Haal die eraf en kies het opnieuw."),
    )
    CORRUPT = (
        "corrupt",
        _("Dit bestand is beschadigd. Open het op uw computer, bewaar het opnieuw en kies dat."),
    )
    ACTIVE = (
        "active",
        _("Dit bestand kan iets uitvoeren, zoals een script. Maak er een gewone PDF van, via ‘Afdrukken’."),
    )
    MACROS = (
        "macros",
        _("Dit bestand heeft macro’s. Bewaar het zonder macro’s, als gewone DOCX, XLSX of ODT."),
    )
    ENCLOSED = (
        "enclosed",
        _("In dit bestand zit een ander bestand. Haal dat eruit en lever het als los stuk aan."),
    )
    FORM = (
        "form",
        _("Dit is een formulier dat zichzelf verandert (XFA). Maak er een PDF van, via ‘Afdrukken’."),
    )
    TOO_LONG = "too_long", _("Deze PDF heeft 3.000 pagina’s of meer. Lever hem in delen aan.")
    TOO_MANY_PIXELS = (
        "too_many_pixels",
        _("Deze foto heeft te veel beeldpunten: meer dan 64 miljoen. Verklein de foto en kies hem opnieuw."),
    )
    SWELLS = (
        "swells",
        _("Uitgepakt is dit bestand veel te groot. Bewaar het opnieuw met minder inhoud, of als PDF."),
    )
    TOO_HEAVY = (
        "too_heavy",
        _("Dit bestand is te zwaar om na te kijken. Maak het eenvoudiger of lever het in delen aan."),
    )
    VIRUS = (
        "virus",
        _("De virusscanner vond iets in dit bestand. Gebruik het niet en waarschuw uw beheerder."),
    )
