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

from measures.tracking.views.common import me
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.ui.forms import bind
from portal.ui.press import press
from visits import actions as act
from visits import forms, permissions, queries
from visits.models import Visit
from visits.views.common import page_of, the_visit


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
        visit = _started(person, version, form)
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
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = the_visit(person, pk)
    record_view(person, visit)
    return render(
        request,
        "visits/visit.html",
        {"visit": visit, "may_change": permissions.can_change(person, visit)},
    )
