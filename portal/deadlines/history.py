"""What people changed in how they hear, in sentences: one for every audit event."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, str | Promise] = {
    "choices.changed": gettext_lazy("wijzigde wanneer herinneringen komen"),
    "choices.unsubscribed": gettext_lazy("schreef zich uit voor de verzamelmail"),
}
