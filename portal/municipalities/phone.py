"""Telephone numbers as texts show them: number, hours, and a warning when the check is old."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal import clock
from portal.municipalities.models import PhoneNumber


def written() -> dict[str, SafeString]:
    """Every number of the register by its key, ready to stand in a text; one query."""
    today = clock.today()
    return {row.key: _written(row, row.is_stale(today)) for row in PhoneNumber.objects.all()}


def _written(row: PhoneNumber, is_stale: bool) -> SafeString:
    digits = "".join(one for one in row.number if one.isdigit())
    shown = format_html('<a href="tel:{}">{}</a> ({})', digits, row.number, row.hours)
    if is_stale:
        checked = _("laatst gecontroleerd op %(day)s") % {"day": row.checked_on.strftime("%d-%m-%Y")}
        return format_html('{} <span class="meta">{}</span>', shown, checked)
    return shown
