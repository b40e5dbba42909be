"""All visits one may see."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from measures.tracking.queries import scopes_of
from measures.tracking.views.common import me
from portal.access.rules import signed_in
from portal.ui.paging import page_of
from visits import queries
from visits.models import Visit


@signed_in
def visits(request: HttpRequest) -> HttpResponse:
    """What lies ahead, those without a day first; and what was held or called off, the newest first."""
    person = me(request)
    rows = Visit.objects.visible_to(person).listed().select_related("measure__lead")
    ahead = (
        rows.ahead().order_by(F("starts_at").asc(nulls_first=True), "id")
        if "na" not in request.GET
        else rows.none()
    )
    page = page_of(request, rows.exclude(pk__in=rows.ahead().values("pk")), key="starts_at", descending=True)
    return render(
        request,
        "visits/list.html",
        {
            "ahead": list(ahead),
            "page": page,
            "several_scopes": len(scopes_of(person)) > 1,
            "may_start": queries.may_start(person),
        },
    )
