"""The register of host organisations."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking.actions.changed import ChangedMeanwhile
from measures.tracking.views.common import me
from portal.access.rows import allowed_or_403, visible_or_404
from portal.access.rules import signed_in
from portal.municipalities.models import Scope
from portal.ui.forms import bind
from portal.ui.press import Stale, Unfit, press
from visits import actions as act
from visits import permissions, queries
from visits.history import last_change
from visits.host_forms import AddHostForm, HostForm
from visits.models import Host


@signed_in
def hosts(request: HttpRequest) -> HttpResponse:
    person = me(request)
    rows = Host.objects.visible_to(person).select_related("municipality", "driehoek")
    return render(
        request,
        "visits/hosts.html",
        {
            "rows": rows.order_by("-is_active", "name", "id"),
            "places": queries.own_municipalities(person),
            "may_start": queries.may_start(person),
        },
    )


@signed_in
def add(request: HttpRequest) -> HttpResponse:
    """In the municipality that the address names; the only one there is without it."""
    person = me(request)
    places = queries.own_municipalities(person)
    chosen = [one for one in places if str(one[0]) == request.GET.get("bij", "")] or places[:1]
    if not chosen:
        raise PermissionDenied
    scope = Scope(chosen[0][0])

    def run(form: AddHostForm) -> str:
        try:
            act.add_host(by=person, scope=scope, key=form.cleaned_data["key"], **form.facts())
        except act.NamedAlready as error:
            raise Unfit("name", _("Deze organisatie staat er al. Zoek haar in de lijst.")) from error
        messages.success(request, _("De organisatie staat in de lijst."))
        return reverse("visits:hosts")

    return _page(request, bind(request, AddHostForm), run, _("Nieuwe gastorganisatie"), _("Zet in de lijst"))


@signed_in
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    host: Host = visible_or_404(Host.objects.visible_to(person), pk=pk)
    allowed_or_403(permissions.can_keep_host(person, host))
    initial = {name: getattr(host, name) for name in (*act.HOST_FIELDS, "version")}

    def run(form: HostForm) -> str:
        try:
            act.change_host(by=person, host=host, version=form.cleaned_data["version"], **form.facts())
        except ChangedMeanwhile as error:
            host.refresh_from_db()
            raise Stale(host.version, last_change(host)) from error
        except act.NamedAlready as error:
            raise Unfit("name", _("Zo heet een andere organisatie al. Kies een andere naam.")) from error
        messages.success(request, _("De gegevens zijn gewijzigd."))
        return reverse("visits:hosts")

    return _page(request, bind(request, HostForm, initial=initial), run, host.name, _("Wijzig"))


def _page(request: HttpRequest, form: Any, run: Any, title: str, button: str) -> HttpResponse:
    return press(
        request,
        form,
        run,
        template="visits/press.html",
        back=reverse("visits:hosts"),
        title=title,
        text=_("Schrijf alleen over de organisatie, nooit over wie er verblijft."),
        button=button,
    )
