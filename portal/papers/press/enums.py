"""The life of a text for the press, what sort of text it is, and as what somebody approves it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PressState(TextChoices):
    PLANNED = "planned", _("Gepland")
    DRAFT = "draft", _("Concept")
    IN_APPROVAL = "in_approval", _("Wacht op akkoord")
    APPROVED = "approved", _("Akkoord")
    RELEASED = "released", _("Vrijgegeven")
    PLACED = "placed", _("Geplaatst")
    WITHDRAWN = "withdrawn", _("Ingetrokken")


class PressSort(TextChoices):
    RELEASE = "release", _("Persbericht")
    COLUMN = "column", _("Column")
    INVITATION = "invitation", _("Uitnodiging voor de pers")
    WEB = "web", _("Bericht op de website")
    SOCIAL = "social", _("Bericht op sociale media")
    SPEECH = "speech", _("Toespraak")


class AsWhat(TextChoices):
    """As what somebody approves; in this order."""

    SPOKESPERSON = "spokesperson", _("Woordvoerder")
    HOST = "host", _("Gastorganisatie")
    QUOTED = "quoted", _("Geciteerde, via de gastorganisatie")
    MAYOR = "mayor", _("Burgemeester")


# Who has no account gives the answer to the office, which writes it down.
OUTSIDE = frozenset({AsWhat.HOST, AsWhat.QUOTED})


class Decision(TextChoices):
    APPROVED = "approved", _("Akkoord")
    OBJECTED = "objected", _("Niet akkoord")
