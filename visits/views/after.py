"""What comes of a visit: promises, the answer, who was told; and a next visit after this one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from measures.tracking.views.common import me
from portal import clock
from portal.access.rows import allowed_or_403
from portal.access.rules import signed_in
from portal.ui.forms import bind
from visits import actions as act
from visits import permissions, queries
from visits.after_forms import DuplicateForm, PledgeForm, ReportForm, WriteDownForm
from visits.views.common import do, page_of, question, the_visit, to_change


@signed_in
def promise(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)
    form = bind(request, PledgeForm, visit=visit, initial={"holder": f"person:{person.pk}"})

    def run(form: PledgeForm) -> str:
        data = form.cleaned_data
        do(
            lambda: act.promise(
                by=person,
                visit=visit,
                title=data["title"],
                description=data["description"],
                due_on=data["due_on"],
                key=data["key"],
                holder_role=data["holder"]["role"],
                holder_person=data["holder"]["person"],
            ),
            visit,
        )
        messages.success(request, _("De toezegging staat erin en blijft zichtbaar tot zij is nagekomen."))
        return request.path if "nog" in request.POST else page_of(visit, "na-afloop")

    return question(
        request,
        visit,
        form,
        run,
        title=_("Toezegging noteren"),
        text=_("Schrijf op wat er gezegd is, niet wat bedoeld kan zijn."),
        button=_("Noteer"),
        again=_("Noteer en schrijf er nog een"),
    )


@signed_in
def write_down(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)
    initial = {"answer": visit.answer, "learned": visit.learned, "version": visit.version}

    def run(form: WriteDownForm) -> str:
        data = form.cleaned_data
        do(
            lambda: act.write_down(
                by=person,
                visit=visit,
                answer=data["answer"],
                learned=data["learned"],
                version=data["version"],
            ),
            visit,
        )
        return page_of(visit, "na-afloop")

    return question(
        request,
        visit,
        bind(request, WriteDownForm, initial=initial),
        run,
        title=_("Wat het bezoek opleverde"),
        text=visit.question,
        button=_("Bewaar"),
    )


@signed_in
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)

    def run(form: ReportForm) -> str:
        data = form.cleaned_data
        do(
            lambda: act.report(
                by=person, visit=visit, to=data["to"], on=data["on"], kept_in=data["kept_in"], key=data["key"]
            ),
            visit,
        )
        return page_of(visit, "na-afloop")

    return question(
        request,
        visit,
        bind(request, ReportForm, initial={"on": clock.today()}),
        run,
        title=_("Wie is ingelicht?"),
        text=_("Leg vast aan wie u de opbrengst hebt verteld, en waar het verslag staat."),
        button=_("Leg vast"),
    )


@signed_in
def duplicate(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = the_visit(person, pk)
    allowed_or_403(permissions.can_start(person, visit.scope))
    version = queries.versions(person).filter(template=visit.measure.template_version.template).first()
    if version is None:
        raise PermissionDenied

    def run(form: DuplicateForm) -> str:
        data = form.cleaned_data
        made = act.duplicate(by=person, visit=visit, version=version, title=data["title"], key=data["key"])
        messages.success(request, _("Het nieuwe bezoek staat erin. Kies een dag en loop het programma na."))
        return page_of(made)

    return question(
        request,
        visit,
        bind(request, DuplicateForm, initial={"title": visit.title}),
        run,
        title=_("Nieuw bezoek naar dit voorbeeld"),
        text=_(
            "Gastorganisatie, doel, programma en wie meegaat gaan mee; de tijden zijn die van hoe het ging."
            " De dag, de vragen en wat de gastorganisatie goedvond niet."
        ),
        button=_("Maak het nieuwe bezoek"),
    )
