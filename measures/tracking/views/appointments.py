"""Planning an appointment of a measure, its page, changing and cancelling it."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.tracking import actions as act
from measures.tracking import appointment_forms as forms
from measures.tracking import permissions, queries
from measures.tracking.actions.changed import ChangedMeanwhile
from measures.tracking.calendars import APPOINTMENTS
from measures.tracking.forms import ReasonForm
from measures.tracking.history import history, last_change
from measures.tracking.kinds import kind
from measures.tracking.models import Appointment
from measures.tracking.views.common import do, me, the_measure
from portal.access.rows import allowed_or_403, visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.feeds import invitations
from portal.ui.forms import bind
from portal.ui.press import Refused, Stale, press

Result = TypeVar("Result")


def page_of(appointment: Appointment) -> str:
    """The address of the appointment's page."""
    return reverse("tracking:appointment", args=[appointment.pk])


def the_appointment(person: Any, pk: UUID) -> Appointment:
    """The appointment, if this person may see it; 404 otherwise."""
    rows = Appointment.objects.visible_to(person).select_related(
        "measure__lead", "measure__municipality", "measure__driehoek", "municipality", "driehoek"
    )
    found: Appointment = visible_or_404(rows, pk=pk)
    return found


def run_on(write: Callable[[], Result], appointment: Appointment) -> Result:
    """Run the write and put its refusals in words."""
    try:
        return write()
    except act.TooLate as error:
        appointment.refresh_from_db()
        raise Refused(_too_late(appointment)) from error
    except ChangedMeanwhile as error:
        appointment.refresh_from_db()
        if appointment.cancelled_at is not None:
            raise Refused(_too_late(appointment)) from error
        raise Stale(appointment.version, last_change(appointment)) from error


def press_on(
    request: HttpRequest, appointment: Appointment, form: Any, run: Any, **words: Any
) -> HttpResponse:
    """One question about an appointment; a good answer leads where `run` says."""
    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        back=page_of(appointment),
        measure=appointment.measure,
        **words,
    )


def _too_late(appointment: Appointment) -> str:
    if appointment.cancelled_at is not None:
        return _("Deze afspraak is al afgezegd. Plan een nieuwe.")
    if appointment.is_over:
        return _("Deze afspraak is al voorbij.")
    if appointment.has_begun:
        return _("Deze afspraak is al begonnen.")
    return _("Deze maatregel loopt niet meer; heropen haar eerst.")


def _who_hears(appointment: Appointment) -> str:
    """Before a change: how many people it would mail."""
    count = invitations.of(APPOINTMENTS, appointment.pk).count()
    if not count:
        return ""
    return ngettext(
        "Verandert u de dag, de tijd of de plaats, dan krijgt %(count)s genodigde een nieuwe uitnodiging.",
        "Verandert u de dag, de tijd of de plaats, dan krijgen %(count)s genodigden een nieuwe uitnodiging.",
        count,
    ) % {"count": count}


def _who_hears_of_the_end(appointment: Appointment) -> str:
    stays = _("De afspraak blijft staan als afgezegd, met uw reden erbij.")
    count = invitations.of(APPOINTMENTS, appointment.pk).count()
    if not count:
        return stays
    heard = ngettext(
        "%(count)s genodigde krijgt een afzegging, zonder de reden.",
        "%(count)s genodigden krijgen een afzegging, zonder de reden.",
        count,
    ) % {"count": count}
    return f"{stays} {heard}"


@signed_in
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    measure = the_measure(person, pk)
    allowed_or_403(permissions.can_arrange(person, measure))
    form = bind(request, forms.PlanForm)

    def run(form: forms.PlanForm) -> str:
        made = do(
            lambda: act.plan_appointment(
                by=person, measure=measure, key=form.cleaned_data["key"], **form.facts()
            ),
            measure,
        )
        messages.success(request, _("De afspraak staat erin."))
        return page_of(made)

    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        back=reverse("tracking:measure", args=[pk]),
        measure=measure,
        title=_("Afspraak plannen"),
        text=_("Iedereen die deze maatregel ziet, ziet ook de afspraak."),
        button=_("Plan de afspraak"),
    )


@signed_in
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    appointment = the_appointment(person, pk)
    record_view(person, appointment)
    return render(
        request,
        "tracking/appointment.html",
        {
            "appointment": appointment,
            "measure": appointment.measure,
            "kind": kind(appointment.kind),
            "guests": list(invitations.of(APPOINTMENTS, appointment.pk)),
            "named_day": queries.named_day(appointment),
            "history": history(appointment),
            "may_arrange": permissions.can_arrange(person, appointment.measure),
        },
    )


@signed_in
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    appointment = the_appointment(person, pk)
    allowed_or_403(permissions.can_arrange(person, appointment.measure))
    form = bind(
        request, forms.AppointmentForm, appointment=appointment, initial=forms.initial_of(appointment)
    )

    def run(form: forms.AppointmentForm) -> str:
        run_on(
            lambda: act.change_appointment(
                by=person, appointment=appointment, version=form.cleaned_data["version"], **form.facts()
            ),
            appointment,
        )
        messages.success(request, _("De afspraak is gewijzigd."))
        return page_of(appointment)

    return press_on(
        request,
        appointment,
        form,
        run,
        title=_("Afspraak wijzigen"),
        text=_who_hears(appointment),
        button=_("Wijzig de afspraak"),
    )


@signed_in
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    appointment = the_appointment(person, pk)
    allowed_or_403(permissions.can_arrange(person, appointment.measure))
    form = bind(request, ReasonForm, initial={"version": appointment.version})

    def run(form: ReasonForm) -> str:
        data = form.cleaned_data
        run_on(
            lambda: act.cancel_appointment(
                by=person, appointment=appointment, reason=data["reason"], version=data["version"]
            ),
            appointment,
        )
        messages.success(request, _("De afspraak is afgezegd."))
        return page_of(appointment)

    return press_on(
        request,
        appointment,
        form,
        run,
        title=_("Afspraak afzeggen"),
        text=_who_hears_of_the_end(appointment),
        button=_("Zeg de afspraak af"),
        danger=True,
    )
