"""The sheets of a visit: one programme, told to each reader as far as that reader may know."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking.views.common import me
from portal.access.rows import allowed_or_403, visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.briefings import making
from portal.briefings.models import Briefing
from portal.people.models import Person
from portal.people.views.common import PlainPost
from portal.ui.forms import CreatingForm, bind, new_key
from portal.ui.press import Refused
from visits import actions as act
from visits import paper_queries as papers
from visits import permissions, queries
from visits.actions.papers import NotReady
from visits.enums import Sheet
from visits.models import Visit
from visits.papers.documents import AUDIENCES
from visits.papers.documents import newest as newest_of
from visits.papers.subject import SHEET
from visits.views.common import do, question, the_visit


class SentForm(CreatingForm):
    """Which file was sent."""

    briefing = forms.UUIDField(widget=forms.HiddenInput)


def _accompanied(person: Person, pk: UUID) -> Visit | None:
    found: Visit | None = queries.accompanied(person).filter(pk=pk).first()
    return found


def _known(audience: str) -> str:
    if audience not in Sheet.values:
        raise Http404
    return audience


@signed_in
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sheet of somebody who comes along, as long as that lasts; the office goes to its own page."""
    person = me(request)
    visit = _accompanied(person, pk)
    if visit is None:
        seen = the_visit(person, pk)
        return HttpResponseRedirect(reverse("visits:sheet_of", args=[seen.pk, Sheet.COMPANION]))
    record_view(person, visit)
    found = papers.paper(visit, SHEET, Sheet.COMPANION)
    own = visit.companions.current().filter(person=person).first()
    return render(
        request,
        "visits/sheet.html",
        {
            "visit": visit,
            "paper": found,
            "own": own,
            "asks": visit.is_ahead and visit.options.filter(withdrawn_at__isnull=True).exists(),
            "key": new_key(),
        },
    )


@signed_in
def sheet_of(request: HttpRequest, pk: UUID, audience: str) -> HttpResponse:
    """One of the four sheets, for whoever sees the visit: as it is now, its PDF, and when it was sent."""
    person = me(request)
    visit = the_visit(person, pk)
    audience = _known(audience)
    record_view(person, visit)
    found = papers.paper(visit, SHEET, audience)
    sent = papers.sent_last(visit, audience)
    context = {
        "visit": visit,
        "paper": found,
        "audience": AUDIENCES[Sheet(audience)],
        "sheets": [(one, AUDIENCES[one].label) for one in Sheet],
        "sent": sent,
        "changed": found.content.changed_since(sent.briefing) if found and sent else [],
        "may_change": permissions.can_change(person, visit),
        "key": new_key(),
    }
    return render(request, "visits/sheet_of.html", context)


@signed_in
def make(request: HttpRequest, pk: UUID, audience: str) -> HttpResponse:
    """Make the PDF: who sees the visit for all readers, who comes along for companions."""
    person = me(request)
    along = _accompanied(person, pk) if audience == Sheet.COMPANION else None
    visit = along or the_visit(person, pk)
    audience = _known(audience)
    back = reverse("visits:sheet" if along else "visits:sheet_of", args=[pk] if along else [pk, audience])
    return ask(request, visit, SHEET, audience, back, "visits/own.html" if along else "")


def ask(
    request: HttpRequest, visit: Visit, document: str, audience: str, back: str, template: str = ""
) -> HttpResponse:
    """The press of a button that asks for a PDF; once for each key."""
    person = me(request)

    def run(form: PlainPost) -> str:
        if papers.paper(visit, document, audience) is None:
            raise Refused(_("Er is geen onderdeel waar de pers bij mag, dus er is geen blad voor de pers."))
        row: Briefing = making.ask(
            by=person,
            document=document,
            subject_id=visit.pk,
            scope=visit.scope,
            audience=audience,
            key=form.cleaned_data["key"],
        )
        return reverse("briefings:briefing", args=[row.pk])

    more = {"template": template} if template else {}
    return question(
        request,
        visit,
        bind(request, PlainPost),
        run,
        back=back,
        title=_("PDF maken"),
        text=_("Er komt een PDF met wat nu geldt."),
        button=_("Maak de PDF"),
        **more,
    )


@signed_in
def sent(request: HttpRequest, pk: UUID, audience: str) -> HttpResponse:
    """Write down that the file was sent outside the portal."""
    person = me(request)
    visit = the_visit(person, pk)
    allowed_or_403(permissions.can_change(person, visit))
    audience = _known(audience)
    back = reverse("visits:sheet_of", args=[visit.pk, audience])
    newest = newest_of(visit, SHEET, audience)[1]
    initial = {"briefing": newest.pk} if newest else {}

    def run(form: SentForm) -> str:
        rows = Briefing.objects.visible_to(person)
        row = visible_or_404(rows, pk=form.cleaned_data["briefing"], document=SHEET)
        try:
            do(
                lambda: act.note_sent(
                    by=person, visit=visit, audience=audience, briefing=row, key=form.cleaned_data["key"]
                ),
                visit,
            )
        except NotReady as error:
            raise Refused(_("Maak eerst de PDF.")) from error
        messages.success(request, _("Genoteerd. Verandert het programma, dan ziet u dat hier."))
        return back

    return question(
        request,
        visit,
        bind(request, SentForm, initial=initial),
        run,
        back=back,
        title=_("Het blad is verstuurd"),
        text=_("U noteert dat u de laatste PDF vandaag zelf hebt verstuurd. Het portaal verstuurt niets."),
        button=_("Verstuurd"),
    )
