"""The run-sheet of the day, and the times as they were."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.people.models import Person
from portal.ui.forms import bind
from portal.ui.press import Refused, press
from visits import actions as act
from visits import permissions
from visits import programme_queries as queries
from visits.actions.running import may_note_times, may_run
from visits.models import Visit
from visits.times_forms import TimesForm
from visits.views.common import do, me, page_of, the_visit, to_change

PRESSES: dict[str, Callable[..., bool]] = {
    "begin": act.begin_stop,
    "end": act.end_stop,
    "undo": act.undo_stop,
}


@signed_in
def runsheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Now and next, then everything; for who may change the visit with what to press on the day."""
    person = me(request)
    if request.method == "POST":
        return _pressed(request, person, to_change(person, pk))
    visit = the_visit(person, pk)
    may_change = permissions.can_change(person, visit) and visit.measure.is_running
    return render(
        request,
        "visits/runsheet.html",
        {
            "visit": visit,
            "day": queries.now_next(queries.stops_of(visit), visit, clock.now()),
            "may_change": may_change,
            "may_press": may_change and may_run(visit),
            "may_note": may_change and may_note_times(visit),
        },
    )


def _pressed(request: HttpRequest, person: Person, visit: Visit) -> HttpResponse:
    page = reverse("visits:runsheet", args=[visit.pk])
    what, _colon, key = request.POST.get("do", "").partition(":")
    write = PRESSES.get(what)
    try:
        stop = visible_or_404(visit.stops.standing(), pk=UUID(key)) if write else None
    except ValueError:
        stop = None
    if write is None or stop is None:
        return HttpResponseRedirect(page)
    try:
        do(lambda: write(by=person, visit=visit, stop=stop), visit)
    except act.NotToday:
        messages.warning(request, _("Dit kan alleen op de dag zelf. Noteer de tijden na afloop."))
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return HttpResponseRedirect(page)


@signed_in
def times(request: HttpRequest, pk: UUID) -> HttpResponse:
    """When each stop really began and ended, so that the next visit is planned better."""
    person = me(request)
    visit = to_change(person, pk)
    stops = queries.stops_of(visit)
    page = reverse("visits:runsheet", args=[visit.pk])
    if not (stops and may_note_times(visit)):
        messages.warning(request, _("De tijden kunt u noteren zodra het bezoek is begonnen."))
        return HttpResponseRedirect(page)
    form = bind(request, TimesForm, visit=visit, stops=stops, initial={"version": visit.version})

    def run(form: TimesForm) -> str:
        facts: dict[str, Any] = {"times": form.times(), "version": form.cleaned_data["version"]}
        try:
            do(lambda: act.write_times(by=person, visit=visit, **facts), visit)
        except act.NotOver as error:
            raise Refused(_("De tijden kunt u noteren zodra het bezoek is begonnen.")) from error
        messages.success(request, _("De tijden zijn bewaard."))
        return page_of(visit, "programma")

    return press(request, form, run, template="visits/times.html", back=page, visit=visit, change=None)
