"""Starting a visit, its page, and what it is about."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking import papers
from measures.tracking.views.common import me
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.papers.press.enums import PressSort, PressState
from portal.papers.press.queries import on as press_on
from portal.papers.queries import on as papers_on
from portal.ui.forms import bind
from portal.ui.press import Unfit, press
from visits import actions as act
from visits import forms, paper_queries, permissions, programme_queries, queries
from visits.enums import StopPress
from visits.history import history_of
from visits.models import Visit
from visits.standing import now_of
from visits.views.common import do, page_of, question, the_visit, to_change
from visits.visit_forms import ChangeForm


@signed_in
def begin(request: HttpRequest) -> HttpResponse:
    """To the form of the one template there is; with several, to where one chooses."""
    versions = list(queries.versions(me(request))[:2])
    if len(versions) == 1:
        return HttpResponseRedirect(reverse("visits:start", args=[versions[0].pk]))
    return HttpResponseRedirect(reverse("tracking:choose"))


@signed_in
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    version = visible_or_404(queries.versions(person), pk=pk)
    scopes = queries.scopes_to_start(person, version)
    if not scopes:
        raise PermissionDenied
    form = bind(request, forms.StartForm, scopes=scopes, hosts=queries.hosts(person))

    def run(form: forms.StartForm) -> str:
        try:
            visit = _started(person, version, form)
        except act.NamedAlready as error:
            said = _("‘%(name)s’ staat al in de lijst. Kies haar daar, of schrijf een andere naam.")
            raise Unfit("host_name", said % {"name": form.cleaned_data["host_name"]}) from error
        messages.success(request, _("Het werkbezoek staat erin. De acties hebben hun datum."))
        return page_of(visit)

    return press(
        request, form, run, template="visits/start.html", back=reverse("visits:list"), version=version
    )


@transaction.atomic
def _started(person: Any, version: Any, form: forms.StartForm) -> Visit:
    data, scope, key = form.cleaned_data, form.chosen_scope(), form.cleaned_data["key"]
    host, new = form.chosen_host(), form.new_host()
    if new is not None:
        host = act.add_host(by=person, scope=scope, key=key, **new)
    starts_at, ends_at = form.hours()
    return act.start_visit(
        by=person,
        version=version,
        scope=scope,
        key=key,
        title=form.named(),
        host=host,
        aim=data["aim"],
        question=data["question"],
        with_driehoek=data["with_driehoek"],
        starts_at=starts_at,
        ends_at=ends_at,
        invites=data["invites"],
    )


@signed_in
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)
    names = ("title", "question", "aim", "gathers_at", "version")
    initial = {name: getattr(visit, name) for name in names} | {"host": visit.host_id or ""}
    form = bind(request, ChangeForm, visit=visit, hosts=queries.hosts(person), initial=initial)

    def run(form: ChangeForm) -> str:
        version = form.cleaned_data["version"]
        do(lambda: act.change_visit(by=person, visit=visit, version=version, **form.facts()), visit)
        return page_of(visit)

    return question(request, visit, form, run, title=_("Gegevens wijzigen"), text="", button=_("Wijzig"))


@signed_in
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = the_visit(person, pk)
    record_view(person, visit)
    return render(request, "visits/visit.html", _whole(visit, person))


def _whole(visit: Visit, person: Any) -> dict[str, Any]:
    """All that the page of a visit shows."""
    table, work = queries.options_of(visit), queries.work_of(visit, person)
    programme = programme_queries.programme_of(visit)
    stops = programme.stops
    may_change = permissions.can_change(person, visit) and visit.measure.is_running
    now = now_of(
        visit,
        stops=len(stops),
        options=len(table.options),
        open_pledges=work.open_pledges,
        open_actions=work.total - work.done,
    )
    measure = visit.measure
    texts = press_on(papers.MEASURE, measure, person, reverse("tracking:add_press_text", args=[measure.pk]))
    return {
        "visit": visit,
        "measure": measure,
        "now": now,
        "named_day": queries.named_day(visit),
        "programme": programme,
        "card": paper_queries.briefing_card(visit, person),
        "cards": paper_queries.sheets_card(visit),
        "consents": programme_queries.consents_of(visit, person),
        "options": table,
        "along": queries.along(visit, table.companions),
        "work": work,
        "reports": list(visit.reports.select_related("recorded_by")),
        "history": history_of(visit),
        "may_change": may_change,
        "may_resume": permissions.can_resume(person, visit) and not measure.is_running,
        "may_start": permissions.can_start(person, visit.scope),
        "press": texts,
        "admitting": [one for one in stops if one.press != StopPress.NO],
        "is_invited": any(
            one.sort == PressSort.INVITATION and one.state != PressState.WITHDRAWN for one in texts.rows
        ),
        "papers": papers_on(
            papers.MEASURE, measure, person, reverse("tracking:add_paper_to_measure", args=[measure.pk])
        ),
    }
