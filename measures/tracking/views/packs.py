"""Asking for the pack of a measure, also by who holds one of its actions."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from measures.tracking import packs
from measures.tracking.models import Measure
from measures.tracking.views.common import me
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.papers.packs.views import ask


@signed_in
def pack(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    measure: Measure = visible_or_404(packs.visible_to(person), pk=pk)
    back = reverse("tracking:mine")
    if Measure.objects.visible_to(person).filter(pk=pk).exists():
        back = reverse("tracking:measure", args=[pk])
    return ask(request, key=packs.BINDER, pk=pk, back=back, crumbs=[(back, measure.title)])
