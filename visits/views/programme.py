"""The editor of a programme: one page with all stops, that works without JavaScript too."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.access.rules import signed_in
from portal.audit.models import AuditRow
from portal.people.history import Happened
from portal.people.models import Person
from portal.ui import held
from visits import actions as act
from visits import programme_forms as forms
from visits import programme_queries as queries
from visits import programme_rules as rules
from visits.actions.changed import ChangedMeanwhile, Ended, NotAhead
from visits.enums import Use
from visits.history import SENTENCES, last_change
from visits.models import Visit
from visits.programme_forms import ProgrammeForm
from visits.views.common import me, page_of, to_change

# What another version of the programme comes from.
CHANGES = ("programme.changed", "consent.withdrawn", "visit.moved")


@signed_in
def programme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show, rearrange or save the programme; what was typed is never lost on the way."""
    person = me(request)
    visit = to_change(person, pk)
    if not visit.is_ahead:
        messages.warning(request, _over())
        return HttpResponseRedirect(page_of(visit))
    if request.method == "POST":
        shown = request.POST.get("version", "")
        version = int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 9 else 0
        if request.POST.get("do"):
            return _rearranged(request, visit, version)
        return _saved(request, person, visit, version)
    kept = held.typed(request)
    if kept is not None:
        messages.info(request, _("Wat u typte is bewaard. Kijk het na en druk dan opnieuw."))
        return _page(request, visit, _shown(visit, forms.typed(kept), visit.programme_version))
    stops = queries.stops_of(visit)
    rows = forms.of_parts(stops or rules.proposal(rules.hours_of(visit.starts_at, visit.ends_at)))
    return _page(request, visit, _shown(visit, rows, visit.programme_version), is_proposal=not stops)


def _shown(visit: Visit, rows: list[forms.Raw], version: int) -> ProgrammeForm:
    return ProgrammeForm(visit, rows, data=None, version=version)


def _page(
    request: HttpRequest, visit: Visit, form: ProgrammeForm, status: int = 200, **context: Any
) -> HttpResponse:
    usual = {"visit": visit, "form": form, "back": page_of(visit, "programma")}
    more: dict[str, Any] = {"change": None, "stands": [], "is_proposal": False}
    return render(request, "visits/programme.html", usual | more | context, status=status)


def _rearranged(request: HttpRequest, visit: Visit, version: int) -> HttpResponse:
    """The same form with a row moved or added, or only counted again; nothing is saved."""
    what, _colon, where = request.POST["do"].partition(":")
    rows = forms.typed(request.POST)
    nr = int(where) - 1 if where.isascii() and where.isdecimal() and len(where) < 4 else -1
    if what == "go":
        return _to_consents(request, visit, rows, nr)
    lifted, said = (-1, ""), ""
    if what in ("up", "down") and 0 <= nr < len(rows):
        rows, to = forms.swapped(rows, nr, -1 if what == "up" else 1)
        name = rows[to].get("title") or forms.words("nameless", to + 1)
        lifted, said = (to, what), forms.words("moved", name, to + 1, len(rows))
    elif what == "add" and len(rows) < rules.MOST_STOPS:
        rows = forms.one_more(rows, visit.begins)
        lifted = (len(rows) - 1, "title")
    form = _shown(visit, rows, version)
    form.said = said
    if lifted[1]:
        form.lift(*lifted)
    return _page(request, visit, form)


def _to_consents(request: HttpRequest, visit: Visit, rows: list[forms.Raw], nr: int) -> HttpResponse:
    """To where the go of the host is written down; what was typed waits, and comes back after it."""
    back = held.hold(request)
    if back is None:
        messages.warning(request, _("Bewaar eerst het programma met pers: nee; leg daarna het akkoord vast."))
        return _page(request, visit, _shown(visit, rows, visit.programme_version))
    asked = {"next": back, "use": str(Use.PRESS)}
    if 0 <= nr < len(rows) and rows[nr].get("id"):
        asked["stop"] = rows[nr]["id"]
    return HttpResponseRedirect(f"{reverse('visits:consents', args=[visit.pk])}?{urlencode(asked)}")


def _saved(request: HttpRequest, person: Person, visit: Visit, version: int) -> HttpResponse:
    form = ProgrammeForm(visit, forms.typed(request.POST), data=request.POST, version=version)
    if not form.is_valid(queries.press_goes(visit).at):
        return _page(request, visit, form, 422)

    try:
        done = act.write_programme(by=person, visit=visit, stops=form.parts(), version=version)
    except act.NotAProgramme as error:
        form.refuse(error.faults)
        return _page(request, visit, form, 422)
    except ChangedMeanwhile:
        return _stale(request, visit, form)
    except (NotAhead, Ended):
        messages.warning(request, _over())
        return HttpResponseRedirect(page_of(visit))
    if done:
        _say(request, visit, form)
    return HttpResponseRedirect(page_of(visit, "programma"))


def _stale(request: HttpRequest, visit: Visit, form: ProgrammeForm) -> HttpResponse:
    """What was typed, beside what stands now and who made it so; a second press is a choice."""
    visit.refresh_from_db(fields=["programme_version", "starts_at", "ends_at"])
    form.version = visit.programme_version
    return _page(request, visit, form, 409, change=_change(visit), stands=queries.stops_of(visit))


def _change(visit: Visit) -> Happened:
    rows = AuditRow.objects.about(visit._meta.label_lower, visit.pk).filter(event__in=CHANGES)
    found = rows.filter(actor__isnull=False).select_related("actor").last()
    if found is None or found.actor is None:
        return last_change(visit)
    return Happened(found.at, found.actor.name, str(SENTENCES[found.event]))


def _over() -> str:
    return _("Dit bezoek is geweest of gaat niet door. Het programma blijft zoals het was.")


def _say(request: HttpRequest, visit: Visit, form: ProgrammeForm) -> None:
    """That it is saved; and, calmly, that it does not fit in the hours of the visit."""
    messages.success(request, _("Het programma is bewaard."))
    if form.total and form.total.over and visit.ends_at:
        said = _("Het programma duurt %(over)s langer dan het bezoek. Maak het korter of verzet het einde.")
        messages.warning(request, said % {"over": rules.duration(form.total.over)})
