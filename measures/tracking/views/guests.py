"""Inviting people to an appointment, and taking an invitation back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.tracking import actions as act
from measures.tracking import permissions
from measures.tracking.appointment_forms import InviteForm
from measures.tracking.calendars import APPOINTMENTS
from measures.tracking.forms import PlainPost, members_who_see
from measures.tracking.models import Appointment
from measures.tracking.views.appointments import page_of, press_on, run_on, the_appointment
from measures.tracking.views.common import me
from portal.access.rows import allowed_or_403, visible_or_404
from portal.access.rules import signed_in
from portal.feeds import invitations
from portal.feeds.models import Invitation
from portal.ui.forms import bind


def _invite_form(request: HttpRequest, appointment: Appointment) -> InviteForm:
    members = members_who_see(appointment.scope, appointment.kind)
    return bind(
        request,
        InviteForm,
        colleagues=list({one.person_id: one.person for one in members}.values()),
        invited=list(invitations.of(APPOINTMENTS, appointment.pk)),
    )


def _say(request: HttpRequest, count: int) -> None:
    """How many invitations go out; none when everybody was asked already."""
    if count:
        said = ngettext("%(count)s uitnodiging gaat uit.", "%(count)s uitnodigingen gaan uit.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Wie u koos, is al uitgenodigd."))


@signed_in
def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    appointment = the_appointment(person, pk)
    allowed_or_403(permissions.can_arrange(person, appointment.measure))
    form = _invite_form(request, appointment)

    def run(form: InviteForm) -> str:
        persons, guests = form.persons(), form.guests()
        made = run_on(
            lambda: act.invite_to(by=person, appointment=appointment, persons=persons, guests=guests),
            appointment,
        )
        _say(request, len(made))
        return page_of(appointment)

    return press_on(
        request,
        appointment,
        form,
        run,
        title=_("Mensen uitnodigen"),
        text=_(
            "Zij krijgen een mail met de soort, de dag en de tijd. De plaats zien zij op de pagina"
            " waar zij antwoorden; de titel en de gesprekspunten niet."
        ),
        button=_("Nodig uit"),
    )


@signed_in
def withdraw(request: HttpRequest, pk: UUID, guest: UUID) -> HttpResponse:
    person = me(request)
    appointment = the_appointment(person, pk)
    row: Invitation = visible_or_404(invitations.ever_of(APPOINTMENTS, pk), pk=guest)
    allowed_or_403(permissions.can_arrange(person, appointment.measure))
    if row.withdrawn_at is not None:
        if request.method == "POST":
            messages.info(request, _("Deze uitnodiging is al ingetrokken."))
        return HttpResponseRedirect(page_of(appointment))

    def run(_form: PlainPost) -> str:
        invitations.withdraw(by=person, invitation=row)
        messages.success(request, _("De uitnodiging is ingetrokken."))
        return page_of(appointment)

    return press_on(
        request,
        appointment,
        bind(request, PlainPost),
        run,
        title=_("Uitnodiging intrekken"),
        text=_("%(who)s krijgt bericht en hoeft niet te komen.") % {"who": row.who},
        button=_("Trek de uitnodiging in"),
        danger=True,
    )
