"""Moments put to everybody, and what they say to them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking.views.common import me
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.ui.forms import bind
from portal.ui.press import Refused, press
from visits import actions as act
from visits import queries
from visits.actions.changed import NotAhead
from visits.actions.options import MOST_OPTIONS, TooMany
from visits.models import DateOption, Visit
from visits.views.common import do, page_of, question, to_change
from visits.visit_forms import AnswersForm, OptionForm


def _run(act_: Any, visit: Visit) -> Any:
    try:
        return do(act_, visit)
    except NotAhead as error:
        raise Refused(
            _("Over dit moment valt niets meer te kiezen. Bekijk hoe het bezoek nu staat.")
        ) from error
    except TooMany as error:
        raise Refused(
            _("Leg hoogstens %(most)s momenten voor. Haal er eerst een weg.") % {"most": MOST_OPTIONS}
        ) from error


@signed_in
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)

    def run(form: OptionForm) -> str:
        starts, ends = form.hours()
        assert starts is not None
        assert ends is not None
        _run(lambda: act.add_options(by=person, visit=visit, hours=[(starts, ends)]), visit)
        return page_of(visit, "momenten")

    return question(
        request,
        visit,
        bind(request, OptionForm),
        run,
        title=_("Moment voorleggen"),
        text=_("Leg een paar momenten voor en noteer wie kan. Daarna kiest u er een."),
        button=_("Leg voor"),
    )


@signed_in
def answers(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    visit = to_change(person, pk)
    table = queries.options_of(visit)
    form = bind(request, AnswersForm, options=table.options, who=table.who, said=table.said)
    companions = {str(one.pk): one for one in table.companions}

    @transaction.atomic
    def write(form: AnswersForm) -> None:
        for option, key, answer in form.answers():
            act.answer_option(by=person, option=option, companion=companions.get(key), answer=answer)

    def run(form: AnswersForm) -> str:
        _run(lambda: write(form), visit)
        messages.success(request, _("De antwoorden zijn genoteerd."))
        return page_of(visit, "momenten")

    return press(
        request, form, run, template="visits/answers.html", back=page_of(visit, "momenten"), visit=visit
    )


@signed_in
def own(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody who comes along says which moments suit, and sees nobody else's answers."""
    person = me(request)
    visit: Visit = visible_or_404(queries.accompanied(person), pk=pk)
    companion = visit.companions.current().get(person=person)
    options = list(visit.options.filter(withdrawn_at__isnull=True)) if visit.is_ahead else []
    said = companion.answers.filter(option__in=options).values_list("option", "answer")
    key, back = str(companion.pk), reverse("visits:sheet", args=[pk])
    if not options:
        messages.info(request, _("Er zijn geen momenten om uit te kiezen."))
        return HttpResponseRedirect(back)
    form = bind(
        request,
        AnswersForm,
        options=options,
        who=[(key, _("Kunt u dan?"))],
        said={(option, key): answer for option, answer in said},
    )

    @transaction.atomic
    def write(form: AnswersForm) -> None:
        for option, _key, answer in form.answers():
            act.answer_option(by=person, option=option, companion=companion, answer=answer)

    def run(form: AnswersForm) -> str:
        _run(lambda: write(form), visit)
        messages.success(request, _("Dank u; uw antwoorden zijn genoteerd."))
        return back

    return press(request, form, run, template="visits/own_answers.html", back=back)


@signed_in
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    option: DateOption = visible_or_404(
        DateOption.objects.filter(visit__in=queries.seen(person)).select_related("visit__measure"), pk=pk
    )
    visit = to_change(person, option.visit_id)
    if request.method == "POST":
        option.visit = visit
        try:
            _run(lambda: act.withdraw_option(by=person, option=option), visit)
        except Refused as refused:
            messages.warning(request, refused.sentence)
    return HttpResponseRedirect(page_of(visit, "momenten"))
