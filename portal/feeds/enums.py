"""How much a feed tells, and when a calendar warns."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    BUSY = "busy", _("Bezet: niet waarover het gaat")
    KIND = "kind", _("Alleen de soort, zoals ‘Driehoek’")
    TITLES = "titles", _("De titel, de plaats en een link naar het portaal")


class Answer(TextChoices):
    YES = "yes", _("Ja, ik kom")
    NO = "no", _("Nee, ik kom niet")
    MAYBE = "maybe", _("Misschien")


class Alarm(TextChoices):
    QUARTER = "quarter", _("15 minuten vooraf")
    HOUR = "hour", _("1 uur vooraf")
    DAY = "day", _("1 dag vooraf")
    MORNING = "morning", _("Wat de hele dag duurt: op de dag zelf om 09:00")
    EVE = "eve", _("Wat de hele dag duurt: een dag eerder om 09:00")


# Of something with an hour: how long before it begins.
BEFORE: dict[str, timedelta] = {
    Alarm.QUARTER: timedelta(minutes=15),
    Alarm.HOUR: timedelta(hours=1),
    Alarm.DAY: timedelta(days=1),
}
# Of something that lasts a day: on which day, counted from it, at nine.
AT_NINE: dict[str, int] = {Alarm.MORNING: 0, Alarm.EVE: -1}
