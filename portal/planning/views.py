"""The page of closed days and recess, and what a beheerder does there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.access.rows import visible_or_404
from portal.access.rules import only, signed_in
from portal.people.places import own_places, the_own_municipality
from portal.people.views.common import PRESS, PlainPost, me
from portal.planning import actions as act
from portal.planning import forms, queries
from portal.planning.models import ClosedDay, Recess
from portal.planning.permissions import may_manage_calendar
from portal.ui.formatting import datum
from portal.ui.forms import PortalForm, bind
from portal.ui.press import press


def _list() -> str:
    return reverse("planning:calendar")


def _page(request: HttpRequest, form: PortalForm, run: Any, **words: Any) -> HttpResponse:
    crumbs = [(_list(), _("Gesloten dagen en reces"))]
    return press(request, form, run, template=PRESS, back=_list(), crumbs=crumbs, **words)


@only(may_manage_calendar)
def calendar(request: HttpRequest) -> HttpResponse:
    calendars = [queries.calendar(place) for place in own_places(me(request))]
    context = {"calendars": calendars, "holidays": queries.coming_holidays()}
    return render(request, "planning/calendar.html", context)


@only(may_manage_calendar)
def add_day(request: HttpRequest) -> HttpResponse:
    person = me(request)
    form = bind(request, forms.ClosedDayForm, by=person, initial=forms.chosen_before(request))

    def run(form: forms.ClosedDayForm) -> str:
        data = form.cleaned_data
        row = act.add_closed_day(
            by=person, scope=form.scope(), day=data["day"], name=data["name"], key=data["key"]
        )
        messages.success(
            request,
            _("%(day)s telt niet mee voor datums die u vanaf nu plant.") % {"day": capfirst(datum(row.day))},
        )
        return _list()

    return _page(
        request,
        form,
        run,
        title=_("Gesloten dag toevoegen"),
        text=_("Een dag waarop het gemeentehuis dicht is. Wat al gepland is, verschuift niet vanzelf."),
        button=_("Voeg de dag toe"),
    )


@only(may_manage_calendar)
def add_recess(request: HttpRequest) -> HttpResponse:
    person = me(request)
    form = bind(request, forms.RecessForm, by=person, initial=forms.chosen_before(request))

    def run(form: forms.RecessForm) -> str:
        data = form.cleaned_data
        act.add_recess(
            by=person,
            scope=form.scope(),
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            name=data["name"],
            key=data["key"],
        )
        messages.success(request, _("Het reces staat in de lijst."))
        return _list()

    return _page(
        request,
        form,
        run,
        title=_("Reces toevoegen"),
        text=_("Het portaal noemt het reces bij datums die erin vallen, maar slaat die dagen niet over."),
        button=_("Voeg het reces toe"),
    )


@signed_in
def remove_day(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    row: ClosedDay = visible_or_404(queries.kept_by(person, ClosedDay.objects.all()), pk=pk)

    def run(_form: PlainPost) -> str:
        act.remove_closed_day(by=person, row=row)
        messages.success(request, _("%(day)s is weggehaald.") % {"day": capfirst(datum(row.day))})
        return _list()

    return _page(
        request,
        bind(request, PlainPost),
        run,
        title=_("Gesloten dag weghalen"),
        text=_("%(day)s telt daarna weer mee voor datums die u vanaf nu plant.")
        % {"day": capfirst(datum(row.day))},
        button=_("Haal de dag weg"),
        danger=True,
    )


@signed_in
def remove_recess(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    row: Recess = visible_or_404(queries.kept_by(person, Recess.objects.all()), pk=pk)

    def run(_form: PlainPost) -> str:
        act.remove_recess(by=person, row=row)
        messages.success(request, _("Het reces is weggehaald."))
        return _list()

    return _page(
        request,
        bind(request, PlainPost),
        run,
        title=_("Reces weghalen"),
        text=_("Het portaal noemt dit reces dan niet meer bij datums die erin vallen."),
        button=_("Haal het reces weg"),
        danger=True,
    )


@signed_in
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    place = the_own_municipality(person, pk)

    def run(_form: PlainPost) -> str:
        assert place.scope is not None
        act.confirm_calendar(by=person, scope=place.scope)
        messages.success(request, _("Genoteerd dat de lijst klopt."))
        return _list()

    return _page(
        request,
        bind(request, PlainPost),
        run,
        title=_("De lijst klopt"),
        text=_("U keek de gesloten dagen en het reces van %(place)s na.") % {"place": place.name},
        button=_("De lijst klopt"),
    )
