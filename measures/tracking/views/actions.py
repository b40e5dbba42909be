"""The page of one action and everything one can do there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking import actions as act
from measures.tracking import evidence_forms, forms, papers, permissions, queries
from measures.tracking.actions.deadlines import SOURCE
from measures.tracking.actions.life import can_undo
from measures.tracking.history import history
from measures.tracking.models import Action, Check
from measures.tracking.views.common import do, me, page_of, the_action
from portal.access.rows import allowed_or_403, visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.deadlines.forms import LaterForm
from portal.deadlines.queries import ladder, last_day_of_silence, office_days_of, silences
from portal.papers.queries import on
from portal.ui.formatting import datum
from portal.ui.forms import bind
from portal.ui.messages import undoable
from portal.ui.press import Refused, local, press


@signed_in
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    action = the_action(person, pk)
    record_view(person, action)
    queries.mark(person, [action])
    sees_measure = permissions.can_see_measure(person, action.measure)
    shows_ladder = sees_measure and action.is_unfinished
    return render(
        request,
        "tracking/action.html",
        {
            "action": action,
            "checks": action.checks.select_related("done_by"),
            # Who holds the action without a membership sees it, its guidance and the own work on it.
            "notes": _own(action.notes.select_related("by"), "by", person, sees_measure),
            "evidence": _own(
                action.evidence.standing(),
                "recorded_by",
                person,
                sees_measure,
            ),
            "history": history(action) if sees_measure else [],
            "sees_measure": sees_measure,
            "may_finish": permissions.can_finish(person, action),
            "may_drop": permissions.can_drop(person, action),
            "may_put_off": permissions.can_put_off(person, action),
            "ladder": ladder(SOURCE, action.pk, action.escalates_to) if shows_ladder else [],
            "silences": silences(SOURCE, action.pk) if shows_ladder else [],
            "may_undo": can_undo(person, action),
            "papers": on(papers.ACTION, action, person, reverse("tracking:add_paper_to_action", args=[pk])),
            "note_form": bind(request, forms.NoteForm, auto_id="note_%s"),
        },
    )


def _own(rows: Any, field: str, person: Any, sees_all: bool) -> Any:
    """All rows for who sees the measure; else only what the person wrote."""
    return rows if sees_all else rows.filter(**{field: person})


@signed_in
def finish(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    action = the_action(person, pk)
    allowed_or_403(permissions.can_finish(person, action))
    kwargs: dict[str, Any] = {}
    if action.evidence_kind == "briefing":
        kwargs["briefings"] = action.measure_briefings()
    elif action.evidence_kind == "document":
        kwargs["papers"] = papers.at_hand(person, action)
    sort = evidence_forms.FINISH_FORMS[action.evidence_kind]
    form = bind(request, sort, initial={"version": action.version}, **kwargs)

    def run(form: evidence_forms.FinishForm) -> str:
        do(
            lambda: act.finish(
                by=person, action=action, evidence=form.evidence(), version=form.cleaned_data["version"]
            ),
            action,
        )
        undoable(request, _("Klaar."), reverse("tracking:undo", args=[action.pk]), version=action.version)
        return local(form.cleaned_data["next"], page_of(action))

    return press(request, form, run, template="tracking/finish.html", back=page_of(action), action=action)


@signed_in
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    action = the_action(person, pk)
    allowed_or_403(permissions.can_finish(person, action))

    def run(form: forms.PlainPost) -> str:
        do(lambda: act.undo_finish(by=person, action=action), action)
        return local(form.cleaned_data["next"], page_of(action))

    return _button(request, action, run, _("Klaar ongedaan maken"), _("De actie staat daarna weer open."))


@signed_in
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    action = the_action(person, pk)
    allowed_or_403(permissions.can_finish(person, action))

    def run(form: forms.PlainPost) -> str:
        do(lambda: act.begin(by=person, action=action, version=form.cleaned_data["version"]), action)
        return local(form.cleaned_data["next"], page_of(action))

    return _button(request, action, run, _("Actie oppakken"), _("Anderen zien dan dat eraan gewerkt wordt."))


def _button(request: HttpRequest, action: Action, run: Any, title: str, text: str) -> HttpResponse:
    form = bind(request, forms.PlainPost, initial={"version": action.version})
    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        back=page_of(action),
        action=action,
        title=title,
        text=text,
        button=title,
    )


@signed_in
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    action = the_action(person, pk)
    allowed_or_403(permissions.can_hand_over(person, action))
    holder = f"person:{action.holder_person_id}" if action.holder_person_id else f"role:{action.holder_role}"
    form = bind(
        request, forms.HandOverForm, action=action, initial={"version": action.version, "holder": holder}
    )

    def run(form: forms.HandOverForm) -> str:
        new = form.cleaned_data["holder"]
        do(
            lambda: act.hand_over(
                by=person,
                action=action,
                to_role=new["role"],
                to_person=new["person"],
                version=form.cleaned_data["version"],
            ),
            action,
        )
        return local(form.cleaned_data["next"], reverse("tracking:mine"))

    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        back=page_of(action),
        action=action,
        title=_("Actie overdragen"),
        text=_("De nieuwe actiehouder krijgt hierover één bericht."),
        button=_("Draag over"),
    )


@signed_in
def later(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ordinary reminders about this action wait for this person; the page says what goes on all the same."""
    person = me(request)
    action = the_action(person, pk)
    allowed_or_403(permissions.can_put_off(person, action))
    form = bind(request, LaterForm, last=last_day_of_silence(person), days=office_days_of(person))

    def run(form: LaterForm) -> str:
        data = form.cleaned_data
        until = do(
            lambda: act.put_off(
                by=person, action=action, until=data["until"], reason=data["reason"], key=data["key"]
            ),
            action,
        )
        messages.success(request, _("Dit komt terug op %(day)s.") % {"day": datum(until)})
        return page_of(action)

    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        back=page_of(action),
        action=action,
        title=_("Later horen"),
        text=_(
            "Alleen uw eigen herinneringen wachten. De datum blijft, en wie het na u hoort, hoort het gewoon."
        ),
        button=_("Herinner mij dan"),
    )


@signed_in
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    action = the_action(me(request), pk)
    allowed_or_403(permissions.can_drop(me(request), action))
    return _with_reason(
        request,
        action,
        act.drop,
        title=_("Actie laten vervallen"),
        text=_("Er komen geen herinneringen meer. U kunt de actie later heropenen."),
        button=_("Laat vervallen"),
        danger=True,
    )


@signed_in
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    action = the_action(me(request), pk)
    allowed_or_403(permissions.can_reopen(me(request), action))
    return _with_reason(
        request,
        action,
        act.reopen,
        title=_("Actie heropenen"),
        text=_("De actie komt terug op de lijst, met haar herinneringen."),
        button=_("Heropen"),
    )


def _with_reason(
    request: HttpRequest, action: Action, write: Callable[..., None], **context: Any
) -> HttpResponse:
    form = bind(request, forms.ReasonForm, initial={"version": action.version})

    def run(form: forms.ReasonForm) -> str:
        data = form.cleaned_data
        do(
            lambda: write(by=me(request), action=action, reason=data["reason"], version=data["version"]),
            action,
        )
        return page_of(action)

    back = page_of(action)
    return press(request, form, run, template="tracking/press.html", back=back, action=action, **context)


@signed_in
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    action = the_action(person, pk)
    allowed_or_403(permissions.can_note(person, action))
    form = bind(request, forms.NoteForm)

    def run(form: forms.NoteForm) -> str:
        act.write_note(by=person, action=action, text=form.cleaned_data["text"], key=form.cleaned_data["key"])
        return page_of(action) + "#notities"

    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        back=page_of(action),
        action=action,
        title=_("Notitie bij deze actie"),
        text="",
        button=_("Bewaar notitie"),
    )


@signed_in
def tick(request: HttpRequest, pk: UUID, line: UUID) -> HttpResponse:
    person = me(request)
    action = the_action(person, pk)
    allowed_or_403(permissions.can_finish(person, action))
    check: Check = visible_or_404(action.checks.select_related("action"), pk=line)
    if request.method == "POST":
        try:
            do(lambda: act.tick(by=person, check=check, done=request.POST.get("gedaan") == "1"), action)
        except Refused as refused:
            messages.warning(request, refused.sentence)
        return HttpResponseRedirect(page_of(action) + "#checklist")
    form = bind(request, forms.PlainPost)
    return press(
        request,
        form,
        lambda _form: page_of(action),
        template="tracking/press.html",
        back=page_of(action),
        action=action,
        title=_("Checklist bijwerken"),
        text=check.text,
        button=_("Gedaan"),
        name="gedaan",
        value="1",
    )
