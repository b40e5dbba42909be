"""The two working screens: my actions and all measures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from measures.tracking import queries
from measures.tracking.filters import ActionFilter, MeasureFilter
from measures.tracking.models import Action, Measure
from measures.tracking.views.common import me
from portal.access.rules import signed_in
from portal.ui.paging import page_of


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    person = me(request)
    rows = Action.objects.visible_to(person).running().held_by(person)
    chosen = ActionFilter(request.GET, queryset=rows, person=person)
    listed = chosen.qs.select_related("measure", "municipality", "driehoek", "holder_person")
    page = page_of(request, listed, key="late_from")
    queries.mark(person, page.rows)
    return render(
        request,
        "tracking/mine.html",
        {
            "filter": chosen,
            "page": page,
            "groups": queries.by_urgency(page.rows),
            "several_scopes": len(queries.scopes_of(person)) > 1,
        },
    )


@signed_in
def measures(request: HttpRequest) -> HttpResponse:
    person = me(request)
    rows = Measure.objects.visible_to(person).listed().select_related("lead", "municipality", "driehoek")
    chosen = MeasureFilter(request.GET, queryset=rows, person=person)
    page = page_of(request, chosen.qs, key="started_at", descending=True)
    return render(
        request,
        "tracking/measures.html",
        {
            "filter": chosen,
            "page": page,
            "rows": queries.with_counts(page.rows),
            "several_scopes": len(queries.scopes_of(person)) > 1,
            "may_start": bool(queries.startable(person)),
        },
    )
