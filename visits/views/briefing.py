"""The briefing of a visit: its page, its PDF, and what the office writes for it."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking.views.common import me
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.people.models import Person
from portal.ui.forms import bind, new_key
from portal.ui.press import press
from visits import actions as act
from visits import paper_queries as papers
from visits import permissions
from visits.briefing_forms import ContentForm, initial_of
from visits.enums import Sheet
from visits.models import Visit
from visits.papers.subject import BRIEFING
from visits.views.common import do, the_visit, to_change
from visits.views.sheets import ask


@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The briefing as it is now, beside the newest PDF of it."""
    person = me(request)
    visit = the_visit(person, pk)
    record_view(person, visit)
    context = {
        "visit": visit,
        "paper": papers.paper(visit, BRIEFING, Sheet.MAYOR),
        "card": papers.briefing_card(visit, person),
        "may_change": permissions.can_change(person, visit),
        "key": new_key(),
    }
    return render(request, "visits/briefing.html", context)


@signed_in
def make(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the PDF now, also within the hour after the last one."""
    visit = the_visit(me(request), pk)
    return ask(request, visit, BRIEFING, Sheet.MAYOR, reverse("visits:briefing", args=[visit.pk]))


@signed_in
def content(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything the office writes for the papers of the visit, on one form."""
    person = me(request)
    visit = to_change(person, pk)
    back = reverse("visits:briefing", args=[visit.pk])
    form = bind(request, ContentForm, is_secret=visit.is_secret, initial=initial_of(visit))

    def run(form: ContentForm) -> str:
        do(lambda: _save(person, visit, form), visit)
        messages.success(request, _("Bewaard. De bladen en de briefing zeggen dit nu ook."))
        return back

    return press(request, form, run, template="visits/briefing_content.html", back=back, visit=visit)


@transaction.atomic
def _save(person: Person, visit: Visit, form: ContentForm) -> None:
    seen = form.cleaned_data["version"]
    changed = act.change_visit(by=person, visit=visit, version=seen, **form.facts())
    act.write_figures(
        by=person, visit=visit, figures=form.figures(), version=visit.version if changed else seen
    )
