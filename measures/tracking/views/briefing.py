"""The briefing of a measure: its page, and asking for the PDF."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking import briefing
from measures.tracking.briefing_sections import MeasureSubject
from measures.tracking.views.common import me, the_measure
from portal import clock
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.briefings import making
from portal.briefings.compose import compose
from portal.briefings.enums import State
from portal.briefings.forms import AskForm
from portal.briefings.models import Briefing
from portal.briefings.reading import since
from portal.briefings.registry import document
from portal.briefings.words import validity
from portal.ui.forms import bind, new_key
from portal.ui.press import press

# How far back the page looks for a PDF that is ready when the newest one is not.
LOOK_BACK = 10


@signed_in
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The briefing as it is now, for the chosen audience, beside the newest PDF of it."""
    person = me(request)
    measure = the_measure(person, pk)
    record_view(person, measure)
    subject = MeasureSubject(measure)
    of = document(briefing.DOCUMENT)
    audience = briefing.audience_for(person, subject, request.GET.get("voor", ""))
    content = compose(of, subject, audience, clock.now())
    made = Briefing.objects.about(of.key, measure.pk).filter(audience=audience.key)
    recent = list(made.order_by("-asked_at", "-id")[:LOOK_BACK])
    ready = next((one for one in recent if one.state == State.READY), None)
    return render(
        request,
        "briefings/measure.html",
        {
            "measure": measure,
            "subject": subject,
            "content": content,
            "audience": audience,
            "audiences": briefing.audiences(subject),
            "newest": recent[0] if recent else None,
            "ready": ready,
            "is_same": ready is not None and ready.content_hash == content.hash,
            "since": since(ready, content) if ready else None,
            "validity": validity(content.valid_until),
            "key": new_key(),
        },
    )


@signed_in
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the PDF; whoever may see the measure may, for every audience that sees its kind."""
    person = me(request)
    measure = the_measure(person, pk)
    subject = MeasureSubject(measure)
    form = bind(
        request,
        AskForm,
        audiences=briefing.audiences(subject),
        initial={"audience": briefing.audience_for(person, subject).key},
    )

    def run(form: AskForm) -> str:
        row = making.ask(
            by=person,
            document=briefing.DOCUMENT,
            subject_id=measure.pk,
            scope=measure.scope,
            audience=form.cleaned_data["audience"],
            key=form.cleaned_data["key"],
        )
        return reverse("briefings:briefing", args=[row.pk])

    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        back=subject.url,
        measure=measure,
        title=_("PDF van de briefing maken"),
        text=_("De lezer staat op de eerste pagina en onderaan elke pagina."),
        button=_("Maak de PDF"),
    )
