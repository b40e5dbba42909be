"""The sheets of a visit: one programme, told to each reader as far as that reader may know."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from measures.tracking.views.common import me
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from visits.models import Visit


@signed_in
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sheet of somebody who comes along, as long as that lasts."""
    rows = Visit.objects.accompanied_by(me(request)).select_related("host", "measure")
    visit = visible_or_404(rows, pk=pk)
    return render(request, "visits/sheet.html", {"visit": visit})
