"""Adding a paper to a subject, its page, its files, a newer version, and taking it away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.rows import allowed_or_403, visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.papers import actions as act
from portal.papers import forms, queries, words
from portal.papers.history import last_change
from portal.papers.models import Paper, PaperVersion
from portal.papers.shelves import Subject, shelf
from portal.papers.uploading import refusal, takes_a_file
from portal.people.views.common import PRESS, me
from portal.ui.forms import bind
from portal.ui.press import Refused, Stale, press

UPLOAD = "papers/upload.html"


def _page(paper: Paper) -> str:
    return reverse("papers:paper", args=[paper.pk])


def _the_paper(request: HttpRequest, pk: UUID) -> Paper:
    """The paper, if this person sees it; 404 otherwise, also when its subject is gone."""
    rows = Paper.objects.visible_to(me(request)).select_related("added_by", "withdrawn_by")
    found: Paper = visible_or_404(queries.with_versions(rows), pk=pk)
    return found


def _subject(paper: Paper) -> Subject:
    found = shelf(paper.shelf).load(paper.subject_id)
    if found is None:
        raise Http404
    return found


def _do(write: Callable[[], Any], paper: Paper) -> None:
    """Run the write and put its refusals in words."""
    try:
        write()
    except act.Withdrawn as error:
        raise Refused(_("Dit stuk is intussen weggehaald.")) from error
    except act.ChangedMeanwhile as error:
        paper.refresh_from_db()
        raise Stale(paper.version, last_change(paper)) from error


def add(request: HttpRequest, *, key: str, subject: Any) -> HttpResponse:
    """Add a paper to a subject that the calling view fetched for this person."""
    person, of = me(request), shelf(key)
    allowed_or_403(of.may_add(person, subject))
    form = bind(request, forms.AddForm, refused=refusal(request))
    back = of.url(subject.pk)

    def run(form: forms.AddForm) -> str:
        data = form.cleaned_data
        paper = act.add(
            by=person,
            shelf=key,
            subject=subject,
            title=data["title"],
            upload=data["upload"],
            kind=form.kind(),
            key=data["key"],
        )
        return _page(paper)

    return press(
        request,
        form,
        run,
        template=UPLOAD,
        back=back,
        crumbs=[(back, subject.title)],
        title=_("Stuk toevoegen"),
        text=_("Het portaal kijkt het na. Daarna kan iedereen het openen die dit onderwerp ziet."),
        button=_("Voeg het stuk toe"),
    )


@signed_in
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The versions of a paper, who put them there, and how far the check of the newest is."""
    paper = _the_paper(request, pk)
    subject, of = _subject(paper), shelf(paper.shelf)
    record_view(me(request), paper)
    versions = list(paper.versions.all())
    return render(
        request,
        "papers/paper.html",
        {
            "paper": paper,
            "subject": subject,
            "subject_url": of.url(paper.subject_id),
            "versions": versions,
            "newest": versions[0],
            "ready": next((one for one in versions if one.is_ready), None),
            "may_change": of.may_add(me(request), subject) and paper.withdrawn_at is None,
        },
    )


@require_safe
@signed_in
def status(request: HttpRequest, pk: UUID) -> JsonResponse:
    """For the page that waits: the state of the newest version, and whether waiting is over."""
    newest = _the_paper(request, pk).versions.all()[0]
    return JsonResponse({"state": newest.state, "done": newest.is_settled, "text": words.progress(newest)})


@require_safe
@signed_in
def file(request: HttpRequest, pk: UUID, version: UUID) -> FileResponse:
    """The file, to whoever sees the subject now; to keep, never to run in the portal's own pages."""
    paper = _the_paper(request, pk)
    row: PaperVersion = visible_or_404(paper.versions.defer("text"), pk=version)
    if paper.withdrawn_at is not None or not row.is_ready or not default_storage.exists(row.file):
        raise Http404
    record_view(me(request), row)
    response = FileResponse(
        default_storage.open(row.file),
        as_attachment=True,
        content_type=row.media_type,
        filename=words.file_name(row),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@takes_a_file
@signed_in
def add_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, paper = me(request), _the_paper(request, pk)
    allowed_or_403(shelf(paper.shelf).may_add(person, _subject(paper)))
    form = bind(request, forms.UploadForm, refused=refusal(request), initial={"version": paper.version})

    def run(form: forms.UploadForm) -> str:
        data = form.cleaned_data
        _do(
            lambda: act.add_version(
                by=person,
                paper=paper,
                upload=data["upload"],
                kind=form.kind(),
                key=data["key"],
                version=data["version"],
            ),
            paper,
        )
        return _page(paper)

    return press(
        request,
        form,
        run,
        template=UPLOAD,
        back=_page(paper),
        crumbs=[(_page(paper), paper.title)],
        title=_("Nieuwe versie"),
        text=_("De oudere versies blijven te openen."),
        button=_("Voeg de versie toe"),
    )


@signed_in
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, paper = me(request), _the_paper(request, pk)
    subject, of = _subject(paper), shelf(paper.shelf)
    allowed_or_403(of.may_add(person, subject))
    form = bind(request, forms.WithdrawForm, initial={"version": paper.version})

    def run(form: forms.WithdrawForm) -> str:
        data = form.cleaned_data
        _do(
            lambda: act.withdraw(by=person, paper=paper, reason=data["reason"], version=data["version"]),
            paper,
        )
        messages.success(request, _("Het stuk is weggehaald. Niemand kan het nog openen."))
        return of.url(paper.subject_id)

    return press(
        request,
        form,
        run,
        template=PRESS,
        back=_page(paper),
        crumbs=[(_page(paper), paper.title)],
        title=_("Stuk weghalen"),
        text=_("Niemand kan het stuk dan nog openen. Dat het er was en waarom het weg is, blijft staan."),
        button=_("Haal het stuk weg"),
        danger=True,
    )
