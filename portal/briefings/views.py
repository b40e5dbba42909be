"""The page, the state and the PDF of one briefing."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from portal.access.rules import signed_in


@signed_in
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    raise NotImplementedError


status = pdf = detail
