"""Reading templates and choosing one to start."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from measures.tracking import queries
from measures.tracking.kinds import kind
from measures.tracking.models import TemplateVersion
from measures.tracking.registrations import sees_templates
from measures.tracking.views.common import me
from portal.access.rows import visible_or_404
from portal.access.rules import only, signed_in


@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    return render(request, "tracking/choose.html", {"choices": queries.startable(me(request))})


@only(sees_templates)
def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "tracking/templates.html", {"versions": queries.listed_versions(me(request))})


@only(sees_templates)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    version: TemplateVersion = visible_or_404(queries.versions(person), pk=pk)
    return render(
        request,
        "tracking/template.html",
        {
            "version": version,
            "kind": kind(version.template.kind),
            "steps": version.steps.order_by("order"),
            "may_start": bool(queries.scopes_to_start(person, version)),
        },
    )
