"""When briefings come: the page of a beheerder, and changing it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.rules import only, signed_in
from portal.briefings import office, timetables
from portal.briefings.forms import TimetableForm
from portal.briefings.history import last_change
from portal.briefings.permissions import may_keep_timetables
from portal.briefings.registry import Document
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.models import Person
from portal.people.places import Place, own_places, the_own_municipality
from portal.people.views.common import PRESS, me
from portal.ui.forms import bind
from portal.ui.press import Stale, press


@only(may_keep_timetables)
def timetable(request: HttpRequest) -> HttpResponse:
    """Every briefing of the own municipalities with its hour and the next one."""
    places = [(place, timetables.planned(place)) for place in own_places(me(request))]
    return render(request, "briefings/timetables.html", {"places": places})


def _keep(person: Person, place: Place, of: Document, form: TimetableForm) -> None:
    """Keep what was chosen, or come back with what went between."""
    data = form.cleaned_data
    try:
        timetables.change_timetable(
            by=person, place=place, of=of, version=data["version"] or 0, key=data["key"], **form.wanted()
        )
    except ChangedMeanwhile as error:
        newer = timetables.row_of(place.owner_id, of)
        raise Stale(newer.version, last_change(newer)) from error


@signed_in
def change(request: HttpRequest, pk: UUID, document: str) -> HttpResponse:
    person = me(request)
    place = the_own_municipality(person, pk)
    of = next((one for one in office.scheduled() if one.key == document), None)
    if of is None:
        raise Http404
    row = timetables.row_of(place.owner_id, of)
    initial = {name: getattr(row, name) for name in (*timetables.FIELDS, "version")}
    form = bind(request, TimetableForm, initial=initial, of=of, row=row)

    back = reverse("briefings:timetables")

    def run(form: TimetableForm) -> str:
        _keep(person, place, of, form)
        messages.success(request, _("Bewaard. Wat al gemaakt is, komt niet nog een keer."))
        return back

    return press(
        request,
        form,
        run,
        template=PRESS,
        back=back,
        crumbs=[(back, _("Wanneer briefings komen"))],
        title=_("%(briefing)s van %(place)s") % {"briefing": of.title, "place": place.name},
        text=_("De tijd is die van de klok in Nederland, ook als die een uur verspringt."),
        button=_("Bewaar"),
    )
