"""The briefings of an office: the list, the present edition as a page, and asking for its PDF."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.rows import visible_or_404
from portal.access.rules import only, signed_in
from portal.audit.record import record_view
from portal.briefings import making, office, reading
from portal.briefings.permissions import is_mayor_in, reads_briefings
from portal.briefings.registry import Document
from portal.municipalities.models import Municipality
from portal.people.models import Person
from portal.people.views.common import PRESS, PlainPost, me
from portal.ui.forms import bind, new_key
from portal.ui.paging import page_of
from portal.ui.press import press


@only(reads_briefings)
def briefings(request: HttpRequest) -> HttpResponse:
    """Today's dagbrief on top, then everything that was made, the newest first."""
    person = me(request)
    page = page_of(request, reading.mine(person), key="asked_at", descending=True)
    context = {
        "today": reading.today(person) if not page.previous_url else [],
        "others": [one for one in office.scheduled() if one.key != office.DAY],
        "places": list(office.offices(person).order_by("name")),
        "rows": reading.listed(page.rows),
        "page": page,
    }
    return render(request, "briefings/list.html", context)


def _what(request: HttpRequest, document: str, pk: Any) -> tuple[Document, Municipality, Person | None]:
    """The document, the municipality and for whom this person reads it; 404 outside the own offices."""
    person = me(request)
    of = next((one for one in office.scheduled() if one.key == document), None)
    if of is None:
        raise Http404
    place: Municipality = visible_or_404(office.offices(person), pk=pk)
    of_office = request.GET.get("voor", request.POST.get("audience", "")) == office.OFFICE.key
    return of, place, office.reader_for(person, of.key, place.pk, of_office=of_office)


@signed_in
def now(request: HttpRequest, document: str, pk: UUID) -> HttpResponse:
    """The edition of today, this week or this quarter as it is now: the own copy, or that of the office."""
    of, place, reader = _what(request, document, pk)
    return show(request, of.key, place.pk, reader)


def show(request: HttpRequest, key: str, municipality_id: Any, reader: Person | None) -> HttpResponse:
    """The page of the present edition for this reader, who is the person that asks, or for the office."""
    person = me(request)
    of = next(one for one in office.scheduled() if one.key == key)
    place: Municipality = visible_or_404(office.offices(person), pk=municipality_id)
    if reader is not None and (reader != person or not is_mayor_in(person, place.pk)):
        raise Http404
    record_view(person, place)
    found = reading.now(of, place, person if reader else None)
    context = {
        "now": found,
        "has_choice": key == office.DAY and is_mayor_in(person, place.pk),
        "key": new_key(),
    }
    return render(request, "briefings/office.html", context)


@signed_in
def ask(request: HttpRequest, document: str, pk: UUID) -> HttpResponse:
    """Make the PDF of the present edition anew; nobody is mailed about that."""
    of, place, reader = _what(request, document, pk)
    person = me(request)
    subject = office.edition(of.key, place, reader)

    def run(form: PlainPost) -> str:
        row = making.ask(
            by=person,
            document=of.key,
            subject_id=place.pk,
            scope=subject.scope,
            audience=of.audiences(subject)[0].key,
            key=form.cleaned_data["key"],
            reader=reader,
            period=subject.period,
        )
        return reverse("briefings:briefing", args=[row.pk])

    return press(
        request,
        bind(request, PlainPost),
        run,
        template=PRESS,
        back=subject.url,
        crumbs=[(reverse("briefings:list"), _("Briefings")), (subject.url, of.title)],
        title=_("PDF opnieuw maken"),
        text=_("Er komt een nieuwe PDF met wat nu geldt. De vorige blijft in de lijst staan."),
        button=_("Maak de PDF"),
    )
