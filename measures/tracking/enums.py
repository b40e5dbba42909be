"""States and fixed choices of measures and actions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeasureState(TextChoices):
    RUNNING = "running", _("Loopt")
    COMPLETED = "completed", _("Afgerond")
    STOPPED = "stopped", _("Gestopt")


class ActionState(TextChoices):
    OPEN = "open", _("Open")
    IN_PROGRESS = "in_progress", _("Bezig")
    DONE = "done", _("Klaar")
    DROPPED = "dropped", _("Vervallen")


class Origin(TextChoices):
    STEP = "step", _("Stap uit het sjabloon")
    BY_HAND = "by_hand", _("Eigen actie")
    PLEDGE = "pledge", _("Toezegging")
    DECISION = "decision", _("Besluit")


class EvidenceKind(TextChoices):
    NONE = "none", _("Geen bewijs nodig")
    DECISION = "decision", _("Besluit")
    DOCUMENT = "document", _("Document")
    BRIEFING = "briefing", _("Briefing")
