"""The briefing of a measure: its page, and asking for the PDF."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from portal.access.rules import signed_in


@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    raise NotImplementedError


ask = page
