"""Who comes along."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.tracking.forms import PlainPost
from measures.tracking.views.common import me
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.feeds.invitations import NothingToAnswer
from portal.ui.forms import bind
from portal.ui.press import Refused
from visits import actions as act
from visits import queries
from visits.models import Companion, Visit
from visits.views.common import do, page_of, question, to_change
from visits.visit_forms import AddCompanionForm, CompanionForm, initial_of


def _companion(person: Any, pk: UUID) -> tuple[Visit, Companion]:
    """The companion, of a visit that this person may change."""
    rows = Companion.objects.filter(ended_at__isnull=True, visit__in=queries.seen(person))
    found: Companion = visible_or_404(rows.select_related("person"), pk=pk)
    found.visit = to_change(person, found.visit_id)
    return found.visit, found


@signed_in
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)
    form = bind(request, AddCompanionForm, is_secret=visit.is_secret, people=queries.people_to_bring(visit))

    def run(form: AddCompanionForm) -> str:
        facts, invites = form.facts(), form.cleaned_data["invites"]
        companion = do(lambda: act.add_companion(by=person, visit=visit, invites=invites, **facts), visit)
        messages.success(request, _("%(who)s gaat mee.") % {"who": companion.who})
        return page_of(visit, "mee")

    return question(
        request,
        visit,
        form,
        run,
        title=_("Iemand laten meegaan"),
        text=_("Wie een account heeft, ziet alleen het blad voor wie meegaat, zolang hij of zij meegaat."),
        button=_("Laat meegaan"),
    )


@signed_in
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit, companion = _companion(person, pk)

    def run(form: CompanionForm) -> str:
        data = form.cleaned_data
        do(
            lambda: act.change_companion(
                by=person,
                companion=companion,
                function=data["function"],
                part=data["part"],
                version=data["version"],
            ),
            visit,
            shown=companion,
        )
        return page_of(visit, "mee")

    return question(
        request,
        visit,
        bind(request, CompanionForm, is_secret=visit.is_secret, initial=initial_of(companion)),
        run,
        title=companion.who,
        text="",
        button=_("Wijzig"),
    )


@signed_in
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit, companion = _companion(person, pk)

    def run(form: PlainPost) -> str:
        version = form.cleaned_data["version"]
        do(
            lambda: act.end_companion(by=person, companion=companion, version=version),
            visit,
            shown=companion,
        )
        messages.success(request, _("%(who)s gaat niet meer mee.") % {"who": companion.who})
        return page_of(visit, "mee")

    return question(
        request,
        visit,
        bind(request, PlainPost, initial={"version": companion.version}),
        run,
        title=_("%(who)s gaat niet mee") % {"who": companion.who},
        text=_("Een uitnodiging wordt ingetrokken en het blad gaat meteen dicht."),
        button=_("Haal van het bezoek"),
        danger=True,
    )


@signed_in
def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)

    def run(_form: PlainPost) -> str:
        try:
            made = do(lambda: act.invite_everybody(by=person, visit=visit), visit)
        except NothingToAnswer as error:
            raise Refused(_("Kies eerst een dag die nog komt; daarna kunt u uitnodigen.")) from error
        if made:
            count = len(made)
            said = ngettext("%(count)s uitnodiging gaat uit.", "%(count)s uitnodigingen gaan uit.", count)
            messages.success(request, said % {"count": count})
        else:
            messages.info(request, _("Iedereen met een mailadres is al uitgenodigd."))
        return page_of(visit, "mee")

    return question(
        request,
        visit,
        bind(request, PlainPost),
        run,
        title=_("Iedereen uitnodigen"),
        text=_(
            "Wie meegaat en de contactpersoon van de gastorganisatie krijgen een mail met de dag en de tijd."
            " De titel en de plaats staan er niet in."
        ),
        button=_("Nodig uit"),
    )
