"""Planning a text for the press, its page, and every step of its life."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.rows import allowed_or_403, visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.papers.press import actions as act
from portal.papers.press import forms, queries
from portal.papers.press.enums import Decision, PressSort
from portal.papers.press.history import history, last_change
from portal.papers.press.models import Approval, PressText
from portal.papers.press.permissions import can_change, can_decide, can_release, can_write
from portal.papers.press.workflow import IllegalMove
from portal.papers.shelves import shelf
from portal.people.views.common import PRESS, PlainPost, me
from portal.ui.forms import PortalForm, bind
from portal.ui.press import Refused, Stale, press

_FIELDS = ("sort", "title", "text", "medium", "embargo_until")


def _page(row: PressText) -> str:
    return reverse("press:text", args=[row.pk])


def _the_text(request: HttpRequest, pk: UUID) -> PressText:
    """The text, if this person sees it; 404 otherwise."""
    rows = PressText.objects.visible_to(me(request)).select_related("written_by", "released_by")
    found: PressText = visible_or_404(rows, pk=pk)
    return found


def _do(write: Callable[[], Any], row: PressText) -> None:
    """Run the write and put its refusals in words."""
    try:
        write()
    except act.NoWords as error:
        raise Refused(_("Er is nog geen tekst. Schrijf die eerst.")) from error
    except act.UnderEmbargo as error:
        raise Refused(_("Het embargo geldt dan nog. Noteer de plaatsing als het voorbij is.")) from error
    except IllegalMove as error:
        raise Refused(_("Dat kan met deze tekst niet meer; kijk hoe die er nu voor staat.")) from error
    except act.ChangedMeanwhile as error:
        row.refresh_from_db()
        raise Stale(row.version, last_change(row)) from error


def add(request: HttpRequest, *, key: str, subject: Any) -> HttpResponse:
    """Plan a text about a subject that the calling view fetched for this person."""
    person = me(request)
    allowed_or_403(can_write(person, subject, key))
    usual: dict[str, Any] = {"embargo_until": shelf(key).press_facts(subject).embargo_until}
    if (sort := request.GET.get("soort", "")) in set(PressSort):
        usual["sort"] = sort
    form = bind(request, forms.PlanForm, initial=usual)
    back = shelf(key).url(subject.pk)

    def run(form: forms.PlanForm) -> str:
        data = form.cleaned_data
        fields = {name: data[name] for name in _FIELDS}
        return _page(act.plan(by=person, shelf=key, subject=subject, key=data["key"], **fields))

    return press(
        request,
        form,
        run,
        template=PRESS,
        back=back,
        crumbs=[(back, subject.title)],
        title=_("Nieuwe perstekst"),
        text=_("Wie hier aan persteksten werkt, ziet de tekst meteen; anderen pas als die is vrijgegeven."),
        button=_("Bewaar de tekst"),
    )


@signed_in
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The words, how far approval is, and what may be done now."""
    person, row = me(request), _the_text(request, pk)
    of = shelf(row.shelf)
    subject = of.load(row.subject_id)
    if subject is None:
        raise Http404
    record_view(person, row)
    steps = row.current_steps()
    return render(
        request,
        "press/text.html",
        {
            "row": row,
            "subject": subject,
            "subject_url": of.url(row.subject_id).partition("#")[0],
            "steps": [(step, queries.who(step)) for step in steps],
            "may": queries.may(person, row, steps),
            "now": queries.now_words(row, steps),
            "history": history(row),
            "works_on_it": can_change(person, row),
        },
    )


def _form_page(
    request: HttpRequest,
    row: PressText,
    form: PortalForm,
    write: Callable[[dict[str, Any]], Any],
    **words: Any,
) -> HttpResponse:
    """One question about this text; a good answer leads back to its page."""

    def run(form: PortalForm) -> str:
        _do(lambda: write(form.cleaned_data), row)
        return _page(row)

    words = {"template": PRESS, "crumbs": [(_page(row), row.title)], "row": row, **words}
    return press(request, form, run, back=_page(row), **words)


@signed_in
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, row = me(request), _the_text(request, pk)
    allowed_or_403(can_change(person, row))
    now = {name: getattr(row, name) for name in _FIELDS}
    form = bind(request, forms.WriteForm, initial={**now, "version": row.version})
    return _form_page(
        request,
        row,
        form,
        lambda data: act.write(by=person, row=row, **{name: data[name] for name in (*_FIELDS, "version")}),
        title=_("Perstekst schrijven"),
        text="",
        button=_("Bewaar de tekst"),
    )


@signed_in
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, row = me(request), _the_text(request, pk)
    allowed_or_403(can_change(person, row))
    of = shelf(row.shelf)
    subject = of.load(row.subject_id)
    host = of.press_facts(subject).organisation if subject is not None else ""
    form = bind(request, forms.AskForm, initial={"version": row.version, "host": host})

    def write(data: dict[str, Any]) -> None:
        steps, answer_by = form.steps(), data["answer_by"]
        act.ask_approval(by=person, row=row, steps=steps, answer_by=answer_by, version=data["version"])

    return _form_page(
        request,
        row,
        form,
        write,
        title=_("Akkoord vragen"),
        text=_("Zij krijgen de tekst na elkaar, de burgemeester als laatste. Zolang verandert er niets aan."),
        button=_("Vraag akkoord"),
    )


@signed_in
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer one step; `pk` is that of the step, so that an answer never lands on another one."""
    person = me(request)
    step: Approval = visible_or_404(
        Approval.objects.filter(press_text__in=PressText.objects.visible_to(person)).select_related(
            "press_text"
        ),
        pk=pk,
    )
    allowed_or_403(can_decide(person, step))
    row = step.press_text
    form = bind(request, forms.DecideForm, initial={"version": row.version})

    def write(data: dict[str, Any]) -> None:
        decision = Decision(data["decision"])
        act.decide(by=person, step=step, decision=decision, remark=data["remark"], version=data["version"])

    return _form_page(
        request,
        row,
        form,
        write,
        title=_("Akkoord als: %(who)s") % {"who": queries.who(step)},
        text=_("Wie nee zegt, schrijft wat er anders moet; dan wordt het weer een concept."),
        button=_("Bewaar het antwoord"),
        template="press/decide.html",
    )


def _reason_page(request: HttpRequest, pk: UUID, write: Callable[..., None], **words: Any) -> HttpResponse:
    """A step of who works on it that asks for a reason."""
    person, row = me(request), _the_text(request, pk)
    allowed_or_403(can_change(person, row))
    form = bind(request, forms.ReasonForm, initial={"version": row.version})
    return _form_page(
        request,
        row,
        form,
        lambda data: write(by=person, row=row, reason=data["reason"], version=data["version"]),
        **words,
    )


@signed_in
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _reason_page(
        request,
        pk,
        act.take_back,
        title=_("Terug naar concept"),
        text=_("Elk akkoord vervalt: u vraagt het daarna opnieuw."),
        button=_("Maak er weer een concept van"),
    )


@signed_in
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, row = me(request), _the_text(request, pk)
    allowed_or_403(can_release(person, row))
    return _form_page(
        request,
        row,
        bind(request, PlainPost, initial={"version": row.version}),
        lambda data: act.release(by=person, row=row, version=data["version"]),
        title=_("Tekst vrijgeven"),
        text=_("Daarna verandert er geen woord meer aan, en ziet iedereen de tekst die dit onderwerp ziet."),
        button=_("Geef de tekst vrij"),
    )


@signed_in
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, row = me(request), _the_text(request, pk)
    allowed_or_403(can_release(person, row))
    initial = {"version": row.version, "where": row.medium}
    return _form_page(
        request,
        row,
        bind(request, forms.PlaceForm, initial=initial, released_at=row.released_at),
        lambda data: act.place(
            by=person, row=row, on=data["on"], where=data["where"], version=data["version"]
        ),
        title=_("Plaatsing noteren"),
        text=_("Waar en op welke dag stond de tekst?"),
        button=_("Noteer de plaatsing"),
    )


@signed_in
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _reason_page(
        request,
        pk,
        act.withdraw,
        title=_("Tekst intrekken"),
        text=_("De tekst gaat niet uit. Wie eraan werkte, kan hem blijven lezen."),
        button=_("Trek de tekst in"),
        danger=True,
    )
