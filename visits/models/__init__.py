"""Host organisations; visits with dates, companions, programme and consents; and what came of them."""

from visits.models.after import Report
from visits.models.figures import Figure
from visits.models.hosts import Host
from visits.models.programme import Consent, Stop
from visits.models.sheets import SheetSent
from visits.models.visits import Companion, DateOption, OptionAnswer, Visit

__all__ = [
    "Companion",
    "Consent",
    "DateOption",
    "Figure",
    "Host",
    "OptionAnswer",
    "Report",
    "SheetSent",
    "Stop",
    "Visit",
]
