"""What happened to briefings, in sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, str | Promise] = {
    "briefing.asked": gettext_lazy("vroeg om een briefing"),
    "briefing.retried": gettext_lazy("liet de briefing opnieuw maken"),
}
