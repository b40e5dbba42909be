"""The page, the state and the PDF of one briefing."""

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.briefings import making, office, words
from portal.briefings.models import Briefing
from portal.briefings.registry import document
from portal.briefings.views import office as pages


def _the_briefing(request: HttpRequest, pk: UUID) -> Briefing:
    """The briefing, if this person sees its subject; 404 otherwise."""
    found: Briefing = visible_or_404(Briefing.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    return found


@signed_in
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is, and the PDF once it is there; a post makes a failed one again."""
    row = _the_briefing(request, pk)
    here = reverse("briefings:briefing", args=[row.pk])
    if request.method == "POST":
        person: Any = request.user
        if not making.is_over(row):
            making.retry(by=person, briefing=row)
        return HttpResponseRedirect(here)
    of = document(row.document)
    if of.rhythm is not None and office.is_present(row) and row.is_settled:
        return pages.show(request, row.document, row.subject_id, row.reader)
    subject = of.load(row)
    if subject is None:
        raise Http404
    audience = of.audience(subject, row.audience)
    return render(
        request,
        "briefings/briefing.html",
        {
            "briefing": row,
            "document": of,
            "subject": subject,
            "audience": audience,
            "progress": words.progress(row),
            "problem": words.problem(row),
            "validity": words.validity(row.valid_until),
            "is_over": making.is_over(row),
            "back": reverse("briefings:list") if of.rhythm else "",
        },
    )


@require_safe
@signed_in
def status(request: HttpRequest, pk: UUID) -> JsonResponse:
    """For the page that waits: the state, and whether waiting is over."""
    row = _the_briefing(request, pk)
    return JsonResponse({"state": row.state, "done": row.is_settled, "text": words.progress(row)})


@require_safe
@signed_in
def pdf(request: HttpRequest, pk: UUID) -> FileResponse:
    """The file, to whoever sees the subject now."""
    row = _the_briefing(request, pk)
    if not row.is_ready or not default_storage.exists(row.file):
        raise Http404
    person: Any = request.user
    record_view(person, row)
    response = FileResponse(
        default_storage.open(row.file),
        content_type="application/pdf",
        filename=document(row.document).name_of(row.audience),
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
