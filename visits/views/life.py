"""The life of a visit: confirmed, held, closed, cancelled, taken up again."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.tracking.actions.measures import OpenActionsLeft
from measures.tracking.forms import CompleteForm, PlainPost, ReasonForm, StopForm
from measures.tracking.views.common import me
from portal import clock
from portal.access.rows import allowed_or_403
from portal.access.rules import signed_in
from portal.feeds import invitations
from portal.ui.forms import bind
from portal.ui.press import Refused
from visits import actions as act
from visits import permissions
from visits.actions.life import NoHost, NotYet
from visits.calendars import VISITS
from visits.models import Visit
from visits.views.common import do, page_of, question, the_visit, to_change
from visits.visit_forms import ConfirmForm

Result = TypeVar("Result")


def _go(write: Callable[[], Result], visit: Visit) -> Result:
    """Run the write and put its refusals in words."""
    try:
        return do(write, visit)
    except NotYet as error:
        raise Refused(_("Het bezoek is nog niet begonnen. Na afloop kunt u het melden.")) from error
    except NoHost as error:
        raise Refused(_no_host()) from error
    except OpenActionsLeft as error:
        raise Refused(_still_open()) from error


def _no_host() -> str:
    return _("Kies eerst een gastorganisatie; daarna kan zij ja zeggen.")


def _still_open() -> str:
    return _(
        "Er staan nog acties of toezeggingen open. Rond ze af of laat ze vervallen;"
        " daarna kan het bezoek dicht."
    )


def _before_typing(request: HttpRequest, visit: Visit, sentence: str) -> HttpResponse:
    """What cannot be done yet is said before anybody types."""
    messages.warning(request, sentence)
    return HttpResponseRedirect(page_of(visit))


@signed_in
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)
    if visit.host is None:
        return _before_typing(request, visit, _no_host())
    initial = {"version": visit.version, "on": clock.today(), "said_by": visit.host.contact_function}

    def run(form: ConfirmForm) -> str:
        data = form.cleaned_data
        facts: dict[str, Any] = {name: data[name] for name in ("said_by", "on", "version")}
        _go(lambda: act.confirm(by=person, visit=visit, **facts), visit)
        messages.success(request, _("Het bezoek is bevestigd."))
        return page_of(visit)

    return question(
        request,
        visit,
        bind(request, ConfirmForm, initial=initial),
        run,
        title=_("Akkoord van de gastorganisatie"),
        text=_("Leg vast dat de gastorganisatie ja zegt tegen de dag en het programma."),
        button=_("Bevestig het bezoek"),
    )


@signed_in
def hold(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)

    def run(form: PlainPost) -> str:
        version = form.cleaned_data["version"]
        _go(lambda: act.hold(by=person, visit=visit, version=version), visit)
        messages.success(request, _("Gehouden. Noteer nu wat er is toegezegd, zolang het vers is."))
        return page_of(visit, "na-afloop")

    return question(
        request,
        visit,
        bind(request, PlainPost, initial={"version": visit.version}),
        run,
        title=_("Is het bezoek gehouden?"),
        text=_("Daarna noteert u toezeggingen en lopen de acties voor de nazorg."),
        button=_("Ja, het is gehouden"),
    )


@signed_in
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)

    def run(form: PlainPost) -> str:
        version = form.cleaned_data["version"]
        _go(lambda: act.take_back(by=person, visit=visit, version=version), visit)
        return page_of(visit)

    return question(
        request,
        visit,
        bind(request, PlainPost, initial={"version": visit.version}),
        run,
        title=_("Toch niet gehouden"),
        text=_("Het bezoek staat dan weer op de lijst van wat komt. Wat u noteerde blijft staan."),
        button=_("Zet terug"),
    )


@signed_in
def follow_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)
    if request.method != "POST" and visit.measure.actions.unfinished().exists():
        return _before_typing(request, visit, _still_open())

    def run(form: CompleteForm) -> str:
        data = form.cleaned_data
        _go(
            lambda: act.follow_up(by=person, visit=visit, result=data["result"], version=data["version"]),
            visit,
        )
        messages.success(request, _("Het bezoek is afgesloten: alles is nagekomen."))
        return page_of(visit)

    return question(
        request,
        visit,
        bind(request, CompleteForm, initial={"version": visit.version}),
        run,
        title=_("Bezoek afsluiten"),
        text=_("Kan als elke actie en elke toezegging klaar is. Schrijf in één zin wat het opleverde."),
        button=_("Sluit af"),
    )


def _who_hears(visit: Visit) -> str:
    """Before a visit is cancelled: who is told."""
    count = invitations.of(VISITS, visit.pk).count() if visit.starts_at else 0
    if not count:
        return _("Niemand is nog uitgenodigd. De acties stoppen.")
    return ngettext(
        "%(count)s genodigde krijgt een afzegging, zonder de reden. De acties stoppen.",
        "%(count)s genodigden krijgen een afzegging, zonder de reden. De acties stoppen.",
        count,
    ) % {"count": count}


@signed_in
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)

    def run(form: StopForm) -> str:
        data = form.cleaned_data
        facts = {name: data[name] for name in ("reason", "is_mistake", "version")}
        _go(lambda: act.cancel(by=person, visit=visit, **facts), visit)
        messages.success(request, _("Het bezoek is afgezegd."))
        return page_of(visit)

    return question(
        request,
        visit,
        bind(request, StopForm, initial={"version": visit.version}),
        run,
        title=_("Bezoek afzeggen"),
        text=_who_hears(visit),
        button=_("Zeg het bezoek af"),
        danger=True,
    )


@signed_in
def resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = the_visit(person, pk)
    allowed_or_403(permissions.can_resume(person, visit))

    def run(form: ReasonForm) -> str:
        data = form.cleaned_data
        _go(
            lambda: act.resume(by=person, visit=visit, reason=data["reason"], version=data["version"]),
            visit,
        )
        return page_of(visit)

    return question(
        request,
        visit,
        bind(request, ReasonForm, initial={"version": visit.version}),
        run,
        title=_("Bezoek weer oppakken"),
        text=_("Na een afzegging begint het weer als idee, zonder dag. De open acties spreken weer."),
        button=_("Pak weer op"),
    )
