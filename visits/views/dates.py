"""Choosing or moving the day of a visit: first what it would do, then the move."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.tracking.views.common import me
from portal.access.rules import signed_in
from portal.ui.formatting import datum
from portal.ui.forms import bind
from portal.ui.press import Refused
from visits import actions as act
from visits.actions.changed import NotAhead
from visits.actions.dates import PastMidnight
from visits.models import DateOption, Visit
from visits.views.common import do, page_of, question, to_change
from visits.visit_forms import MoveForm, hours_of

# What the preview carries along to the press that counts.
_TYPED = ("day", "starts", "ends", "invites")


def _option(request: HttpRequest, visit: Visit) -> DateOption | None:
    """The moment that was pressed in the list, if there is one."""
    try:
        key = UUID(request.GET.get("moment", ""))
    except ValueError:
        return None
    return visit.options.filter(pk=key, withdrawn_at__isnull=True).first()


def _preview(form: MoveForm, visit: Visit) -> Any:
    """What the hours that were typed would do; None when they cannot be, with the sentence in the form."""
    try:
        return act.preview(visit, form.hours()[0])
    except PastMidnight as error:
        form.add_error("starts", _past_midnight(error))
    return None


def _past_midnight(error: PastMidnight) -> str:
    return _(
        "Dan gaat het onderdeel ‘%(title)s’ over middernacht heen. Kies een eerder begin of kort het"
        " programma in."
    ) % {"title": error.title}


def _said(moved: act.Moved) -> str:
    """What was done, in one sentence."""
    count = len(moved.actions.moves)
    actions = ngettext("%(count)s actie schoof mee.", "%(count)s acties schoven mee.", count) % {
        "count": count
    }
    return _("De dag is gekozen.") + " " + actions


def _show(request: HttpRequest, visit: Visit, form: MoveForm, found: act.Moved, title: str) -> HttpResponse:
    """The page that says all that would go along, with what was typed for the press that counts."""
    starts, ends = form.hours()
    context = {
        "visit": visit,
        "title": title,
        "form": form,
        "preview": found.actions,
        "moved": found,
        "starts_at": starts,
        "ends_at": ends,
        "back": page_of(visit),
        "typed": [(name, request.POST[name]) for name in _TYPED if name in request.POST],
    }
    return render(request, "visits/move.html", context)


@signed_in
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)
    initial = hours_of(visit, _option(request, visit)) | {"version": visit.version}
    form = bind(request, MoveForm, visit=visit, initial=initial)
    title = _("Dag verzetten") if visit.is_dated else _("Dag kiezen")
    if request.method == "POST" and form.is_valid() and (found := _preview(form, visit)):
        if "zeker" not in request.POST and visit.is_ahead:
            return _show(request, visit, form, found, title)

    def run(form: MoveForm) -> str:
        starts, ends = form.hours()
        facts = {name: form.cleaned_data[name] for name in ("invites", "version")}
        moved = do(lambda: _moved(by=person, visit=visit, starts_at=starts, ends_at=ends, **facts), visit)
        messages.success(request, _said(moved) if starts else _("De dag is losgelaten."))
        if moved.named and starts:
            messages.info(request, _named(starts, moved.named))
        return page_of(visit)

    return question(
        request,
        visit,
        form,
        run,
        title=title,
        text=_("U ziet eerst wat er meeschuift; er verandert nog niets."),
        button=_("Bekijk wat er meeschuift"),
    )


def _named(starts: Any, name: str) -> str:
    return _("Let op: %(day)s is geen gewone werkdag (%(name)s).") % {"day": datum(starts), "name": name}


def _moved(**facts: Any) -> act.Moved:
    try:
        return act.move(**facts)
    except NotAhead as error:
        raise Refused(_("Dit bezoek is al gehouden of afgezegd; de dag blijft wat hij was.")) from error
    except PastMidnight as error:
        raise Refused(_past_midnight(error)) from error
