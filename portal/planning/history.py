"""What happened with closed days and recess, in sentences: one for every audit event."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, str | Promise] = {
    "calendar.day_added": gettext_lazy("voegde een gesloten dag toe"),
    "calendar.day_removed": gettext_lazy("haalde een gesloten dag weg"),
    "calendar.recess_added": gettext_lazy("voegde een reces toe"),
    "calendar.recess_removed": gettext_lazy("haalde een reces weg"),
    "calendar.confirmed": gettext_lazy("keek de lijst na"),
}
