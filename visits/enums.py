"""States and fixed choices of working visits."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisitState(TextChoices):
    IDEA = "idea", _("Idee")
    PLANNED = "planned", _("Gepland")
    CONFIRMED = "confirmed", _("Bevestigd")
    HELD = "held", _("Gehouden")
    FOLLOWED_UP = "followed_up", _("Nagekomen")
    CANCELLED = "cancelled", _("Afgezegd")


class HostKind(TextChoices):
    VEILIG_THUIS = "veilig_thuis", _("Veilig Thuis")
    CRISISOPVANG = "crisisopvang", _("Crisisopvang")
    VROUWENOPVANG = "vrouwenopvang", _("Vrouwenopvang")
    CSG = "csg", _("Centrum Seksueel Geweld")
    POLITIE = "politie", _("Politie")
    RVDK = "rvdk", _("Raad voor de Kinderbescherming")
    ZVH = "zvh", _("Zorg- en Veiligheidshuis")
    SCHOOL = "school", _("School")
    OTHER = "other", _("Andere organisatie")


class Function(TextChoices):
    """As what somebody comes along; not a right in the portal."""

    OVJ = "ovj", _("Officier van justitie")
    TEAMCHEF = "teamchef", _("Teamchef politie")
    WETHOUDER = "wethouder", _("Wethouder")
    LOCO = "loco", _("Locoburgemeester")
    ADVISEUR = "adviseur", _("Adviseur")
    WOORDVOERDER = "woordvoerder", _("Woordvoerder")
    OTHER = "other", _("Andere functie")


class Answer(TextChoices):
    YES = "yes", _("Kan")
    MAYBE = "maybe", _("Misschien")
    NO = "no", _("Kan niet")


class Meets(TextChoices):
    """Whom the visitors meet at a stop; never who they are."""

    STAFF = "staff", _("Medewerkers en leiding")
    VICTIMS = "victims", _("Slachtoffers of ervaringsdeskundigen")
    MINORS = "minors", _("Minderjarigen")


class StopPress(TextChoices):
    WELCOME = "welcome", _("Welkom")
    BY_ARRANGEMENT = "by_arrangement", _("Op afspraak")
    NO = "no", _("Nee")


class Use(TextChoices):
    """For what the host gives its go; each use is a question of its own."""

    TALK = "talk", _("Gesprek")
    QUOTE = "quote", _("Citaat")
    PHOTO = "photo", _("Foto")
    NAME = "name", _("Naam")
    PUBLICATION = "publication", _("Publicatie")
    PRESS = "press", _("Pers erbij")


class Sheet(TextChoices):
    """For whom a sheet of the programme is made."""

    MAYOR = "burgemeester", _("Burgemeester")
    COMPANION = "meereis", _("Wie meegaat")
    HOST = "gastheer", _("Gastorganisatie")
    PRESS = "pers", _("Pers")


class ReportTo(TextChoices):
    DRIEHOEK = "driehoek", _("Driehoek")
    COLLEGE = "college", _("College")
    RAAD = "raad", _("Gemeenteraad")
    HOST = "host", _("Gastorganisatie")
