"""Starting a measure, its page, and everything one can do there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.tracking import actions as act
from measures.tracking import forms, packs, papers, permissions, queries
from measures.tracking.history import history
from measures.tracking.kinds import kind
from measures.tracking.models import Measure, TemplateVersion
from measures.tracking.views.common import do, me, the_measure
from portal.access.rows import allowed_or_403, visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.papers.packs.models import Pack
from portal.papers.press.queries import on as press_on
from portal.papers.queries import on
from portal.ui.forms import PortalForm, bind
from portal.ui.press import press


def _page(measure: Measure) -> str:
    return reverse("tracking:measure", args=[measure.pk])


def _instead(measure: Measure, page: str) -> str:
    """The page of the subject that owns this measure, where it takes the place of this one."""
    of = kind(measure.kind)
    return of.instead(measure, page) if of.instead else ""


@signed_in
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    version: TemplateVersion = visible_or_404(queries.newest_versions(person), pk=pk)
    if page := kind(version.template.kind).start_page:
        return HttpResponseRedirect(reverse(page, args=[pk]))
    scopes = queries.scopes_to_start(person, version)
    if not scopes:
        raise PermissionDenied
    form = bind(request, forms.StartForm, template=version, scopes=scopes)

    def run(form: forms.StartForm) -> str:
        measure = act.start_measure(
            by=person,
            version=version,
            scope=form.chosen_scope(),
            anchors=form.anchors(),
            title=form.cleaned_data["title"],
            key=form.cleaned_data["key"],
        )
        messages.success(request, _("De maatregel loopt. Hieronder staan de acties met hun datum."))
        return _page(measure)

    return press(
        request,
        form,
        run,
        template="tracking/start.html",
        back=reverse("tracking:choose"),
        template_version=version,
        kind=kind(version.template.kind),
    )


@signed_in
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    measure = the_measure(person, pk)
    record_view(person, measure)
    of = kind(measure.kind)
    return render(
        request,
        "tracking/measure.html",
        {
            "measure": measure,
            "kind": of,
            "anchors": measure.anchors.all(),
            "actions": queries.actions_of(measure, person),
            "appointments": queries.appointments_of(measure),
            "history": history(measure),
            "may_steer": permissions.can_steer(person, measure),
            "subject_url": _instead(measure, "measure"),
            "briefing": queries.newest_briefing(measure),
            "packs": Pack.objects.filter(reader=person).about(packs.BINDER, measure.pk)[:3],
            "press": press_on(papers.MEASURE, measure, person, reverse("tracking:add_press_text", args=[pk])),
            "papers": on(
                papers.MEASURE, measure, person, reverse("tracking:add_paper_to_measure", args=[pk])
            ),
        },
    )


@signed_in
def anchor(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """First what the move would do, then the move."""
    person = me(request)
    measure = the_measure(person, pk)
    allowed_or_403(permissions.can_steer(person, measure))
    one = visible_or_404(measure.anchors.all(), name=name)
    if page := _instead(measure, name):
        return HttpResponseRedirect(page)
    form = bind(
        request,
        forms.AnchorForm,
        anchor=one,
        initial={"version": one.version, "to": one.at if one.is_moment else one.on},
    )
    context: dict[str, Any] = {
        "measure": measure,
        "title": _("%(anchor)s verzetten") % {"anchor": one.label},
        "back": _page(measure),
    }
    if request.method == "POST" and form.is_valid() and "zeker" not in request.POST:
        preview = act.preview_move(measure, name, form.cleaned_data["to"])
        return render(request, "tracking/preview.html", {**context, "form": form, "preview": preview})

    def run(form: forms.AnchorForm) -> str:
        data = form.cleaned_data
        moved = do(
            lambda: act.move_anchor(measure, name, data["to"], person, data["version"]), measure, shown=one
        )
        messages.success(request, _("%(count)s acties verschoven.") % {"count": len(moved.moves)})
        return _page(measure)

    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        **context,
        text=_("U ziet eerst wat er verschuift; er verandert nog niets."),
        button=_("Bekijk wat er verschuift"),
    )


@signed_in
def add_action(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    measure = the_measure(person, pk)
    allowed_or_403(permissions.can_steer(person, measure))
    form = bind(request, forms.AddActionForm, measure=measure, initial={"holder": f"person:{person.pk}"})

    def run(form: forms.AddActionForm) -> str:
        data = form.cleaned_data
        do(
            lambda: act.add_action(
                by=person,
                measure=measure,
                title=data["title"],
                description=data["description"],
                due_on=data["due_on"],
                holder_role=data["holder"]["role"],
                holder_person=data["holder"]["person"],
                key=data["key"],
            ),
            measure,
        )
        return _page(measure)

    return _form_page(request, measure, form, run, _("Eigen actie toevoegen"), "", _("Voeg toe"))


def _what_is_called_off(measure: Measure) -> str:
    """Before a measure ends: how many appointments it cancels; begins with a space."""
    count = measure.appointments.coming().count()
    if not count:
        return ""
    return " " + ngettext(
        "Er staat nog %(count)s afspraak. Die wordt afgezegd; genodigden krijgen bericht.",
        "Er staan nog %(count)s afspraken. Die worden afgezegd; genodigden krijgen bericht.",
        count,
    ) % {"count": count}


@signed_in
def complete(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    measure = the_measure(person, pk)
    allowed_or_403(permissions.can_steer(person, measure))
    if page := _instead(measure, "complete"):
        return HttpResponseRedirect(page)
    form = bind(request, forms.CompleteForm, initial={"version": measure.version})

    def run(form: forms.CompleteForm) -> str:
        data = form.cleaned_data
        do(
            lambda: act.complete(by=person, measure=measure, result=data["result"], version=data["version"]),
            measure,
        )
        return _page(measure)

    return _form_page(
        request,
        measure,
        form,
        run,
        _("Maatregel afronden"),
        _("Kan als er geen actie meer openstaat. Schrijf in één zin wat het heeft opgeleverd.")
        + _what_is_called_off(measure),
        _("Rond af"),
    )


@signed_in
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    measure = the_measure(person, pk)
    allowed_or_403(permissions.can_steer(person, measure))
    if page := _instead(measure, "stop"):
        return HttpResponseRedirect(page)
    form = bind(request, forms.StopForm, initial={"version": measure.version})

    def run(form: forms.StopForm) -> str:
        data = form.cleaned_data
        do(
            lambda: act.stop(
                by=person,
                measure=measure,
                reason=data["reason"],
                is_mistake=data["is_mistake"],
                version=data["version"],
            ),
            measure,
        )
        return _page(measure)

    return _form_page(
        request,
        measure,
        form,
        run,
        _("Maatregel stoppen"),
        _("Er komen geen herinneringen meer. Alles blijft bewaard en u kunt de maatregel heropenen.")
        + _what_is_called_off(measure),
        _("Stop de maatregel"),
        danger=True,
    )


@signed_in
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    measure = the_measure(person, pk)
    allowed_or_403(permissions.can_reopen_measure(person, measure))
    if page := _instead(measure, "reopen"):
        return HttpResponseRedirect(page)
    form = bind(request, forms.ReasonForm, initial={"version": measure.version})

    def run(form: forms.ReasonForm) -> str:
        data = form.cleaned_data
        do(
            lambda: act.reopen_measure(
                by=person, measure=measure, reason=data["reason"], version=data["version"]
            ),
            measure,
        )
        return _page(measure)

    return _form_page(
        request,
        measure,
        form,
        run,
        _("Maatregel heropenen"),
        _("De open acties krijgen weer herinneringen."),
        _("Heropen"),
    )


def _form_page(
    request: HttpRequest,
    measure: Measure,
    form: PortalForm,
    run: Any,
    title: str,
    text: str,
    button: str,
    danger: bool = False,
) -> HttpResponse:
    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        back=_page(measure),
        measure=measure,
        title=title,
        text=text,
        button=button,
        danger=danger,
    )
