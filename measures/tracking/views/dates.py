"""An own date for one action, and letting go of it again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from measures.tracking import actions as act
from measures.tracking import forms, permissions
from measures.tracking.views.common import do, me, page_of, the_action
from portal.access.rows import allowed_or_403
from portal.access.rules import signed_in
from portal.ui.forms import bind
from portal.ui.press import press


@signed_in
def pin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Typing a date pins the action; when others follow it, a preview comes first."""
    person = me(request)
    action = the_action(person, pk)
    allowed_or_403(permissions.can_pin(person, action))
    form = bind(
        request,
        forms.PinForm,
        is_moment=action.due_at is not None,
        initial={"version": action.version, "to": action.due},
    )
    preview = None
    if request.method == "POST" and form.is_valid() and "zeker" not in request.POST:
        preview = act.preview_pin(action, form.cleaned_data["to"])

    def run(form: forms.PinForm) -> str:
        to: date | datetime = form.cleaned_data["to"]
        do(lambda: act.pin(by=person, action=action, to=to, version=form.cleaned_data["version"]), action)
        return page_of(action)

    context: dict[str, Any] = {
        "action": action,
        "title": _("Eigen datum voor deze actie"),
        "back": page_of(action),
    }
    if preview is not None:
        return render(request, "tracking/preview.html", {**context, "form": form, "preview": preview})
    return press(
        request,
        form,
        run,
        template="tracking/press.html",
        **context,
        text=_("De actie schuift dan niet meer mee als de ijkdatum verandert."),
        button=_("Bekijk wat dit doet"),
    )


@signed_in
def unpin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Letting go of an own date shows first what moves with it, like every change of dates."""
    person = me(request)
    action = the_action(person, pk)
    allowed_or_403(permissions.can_pin(person, action))
    if action.step is None or not action.pinned or not action.is_unfinished:
        messages.info(request, _("Deze actie heeft geen eigen datum om los te laten."))
        return HttpResponseRedirect(page_of(action))
    form = bind(request, forms.PlainPost, initial={"version": action.version})

    def run(form: forms.PlainPost) -> str:
        do(lambda: act.unpin(by=person, action=action, version=form.cleaned_data["version"]), action)
        return page_of(action)

    return press(
        request,
        form,
        run,
        template="tracking/preview.html",
        back=page_of(action),
        action=action,
        title=_("Datum loslaten"),
        preview=act.preview_unpin(action),
    )
