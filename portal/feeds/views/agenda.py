"""The calendar as a page."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal import clock
from portal.access.rules import signed_in
from portal.feeds.agenda import LIST, MONTH, SHAPES, WEEK, agenda
from portal.feeds.registry import sources
from portal.people.views.common import me
from portal.planning.days import last_known_day
from portal.planning.fields import FIRST_YEAR

_LABELS = {MONTH: _("Maand"), WEEK: _("Week"), LIST: _("Lijst")}
# Last days fill a calendar up; who wants them ticks them.
_LEFT_OUT = frozenset({"deadlines"})


def _day(text: str) -> date:
    """The day that the address names, if it is one that can be planned; otherwise today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return day if FIRST_YEAR < day.year < last_known_day().year else clock.today()


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponse:
    shape = request.GET.get("vorm", MONTH)
    shape = shape if shape in SHAPES else MONTH
    day, asked = _day(request.GET.get("dag", "")), request.GET.getlist("bron")
    known = [one.key for one in sources]
    keys = [one for one in known if one in asked] or [one for one in known if one not in _LEFT_OUT]

    def address(shape: str, day: date) -> str:
        return "?" + urlencode({"vorm": shape, "dag": day.isoformat(), "bron": keys}, doseq=True)

    shown = agenda(me(request), shape, day, keys)
    return render(
        request,
        "feeds/agenda.html",
        {
            "agenda": shown,
            "day": day,
            "shapes": [(one == shape, _LABELS[one], address(one, day)) for one in SHAPES],
            "before_url": address(shape, shown.before),
            "after_url": address(shape, shown.after),
            "today_url": address(shape, clock.today()),
            "sources": [(one.key, one.name, one.key in keys) for one in sources],
        },
    )
