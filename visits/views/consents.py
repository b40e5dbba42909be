"""For what the host gave its go, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.people.models import Person
from portal.ui.forms import bind
from portal.ui.press import Refused, local, press
from visits import actions as act
from visits import permissions
from visits import programme_queries as queries
from visits.consent_forms import WHOLE, GiveForm, WithdrawForm
from visits.enums import Use
from visits.models import Consent, Visit
from visits.views.common import do, me, page_of, question, the_visit, to_change


@signed_in
def consents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What stands and what was withdrawn; and, for who may change the visit, writing down a go."""
    person = me(request)
    visit = to_change(person, pk) if request.method == "POST" else the_visit(person, pk)
    found, stops = queries.consents_of(visit, person), queries.stops_of(visit)
    known = {str(one.pk) for one in stops}
    asked, where = request.GET.get("use", ""), request.GET.get("stop", "")
    initial = {
        "given_on": clock.today(),
        "said_by": visit.host.contact_function if visit.host else "",
        "uses": [asked] if asked in Use else [],
        "stop": where if where in known else WHOLE,
        "next": request.GET.get("next", "")[:400],
    }
    form = bind(request, GiveForm, stops=stops, standing=found.standing, initial=initial)
    page = reverse("visits:consents", args=[visit.pk])

    def run(form: GiveForm) -> str:
        _give(person, visit, form)
        messages.success(request, _("Het akkoord is vastgelegd."))
        return local(form.cleaned_data["next"], page)

    return press(
        request,
        form,
        run,
        template="visits/consents.html",
        back=page_of(visit, "akkoord") if request.method == "GET" else page,
        visit=visit,
        consents=found,
        may_change=permissions.can_change(person, visit) and visit.measure.is_running,
        may_withdraw=permissions.can_change(person, visit),
    )


def _give(person: Person, visit: Visit, form: GiveForm) -> None:
    data = form.cleaned_data
    facts: dict[str, Any] = {"uses": data["uses"], "stop": form.chosen_stop(), "on": data["given_on"]}
    try:
        do(
            lambda: act.give_consents(
                by=person, visit=visit, said_by=data["said_by"], key=data["key"], **facts
            ),
            visit,
        )
    except (act.StandsAlready, act.NoPressWithMinors) as error:
        # Somebody was a moment earlier; the form had looked.
        raise Refused(_("Dit is intussen gewijzigd. Kijk eerst wat er al is vastgelegd.")) from error


def _say(request: HttpRequest, count: int) -> None:
    """That it was taken back, and at how many stops there is no press any more."""
    messages.success(request, _("Vastgelegd: het akkoord is ingetrokken."))
    if count:
        said = ngettext(
            "Bij %(count)s onderdeel is nu geen pers meer. Kijk het programma na.",
            "Bij %(count)s onderdelen is nu geen pers meer. Kijk het programma na.",
            count,
        )
        messages.warning(request, said % {"count": count})


@signed_in
def withdraw(request: HttpRequest, pk: UUID, consent: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)
    row = visible_or_404(visit.consents.select_related("stop"), pk=consent)
    initial = {"on": clock.today(), "version": row.version}
    form = bind(request, WithdrawForm, consent=row, initial=initial)
    page = reverse("visits:consents", args=[visit.pk])
    if not row.is_standing:
        messages.info(request, _("Dit akkoord was al ingetrokken."))
        return HttpResponseRedirect(page)

    def run(form: WithdrawForm) -> str:
        data = form.cleaned_data
        stops = do(
            lambda: act.withdraw_consent(
                by=person, visit=visit, consent=row, on=data["on"], version=data["version"]
            ),
            visit,
            shown=row,
        )
        _say(request, len(stops))
        return page

    return question(
        request,
        visit,
        form,
        run,
        back=page,
        title=_("Akkoord ingetrokken"),
        text=_about(row),
        button=_("Leg vast"),
        danger=True,
    )


def _about(row: Consent) -> str:
    """Which go it is, and what follows."""
    where = f"‘{row.stop.title}’" if row.stop else _("het hele bezoek")
    return f"{row.use_label}: {where}. {_follows(row)}"


def _follows(row: Consent) -> str:
    """What taking it back does, in one sentence."""
    if row.use == Use.PRESS:
        return _("Waar de pers hierdoor welkom was bij slachtoffers, wordt pers meteen ‘nee’.")
    if row.use in queries.IN_TEXTS:
        return _("Persteksten die nog niet zijn geplaatst, moet u daarna nakijken.")
    return _("Overleg met de gastorganisatie wat er in de plaats komt.")
