"""Asking for a pack of a subject, its page with the contents, its state and its file."""

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import clock
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.audit.record import record_view
from portal.briefings.words import validity
from portal.papers.packs import actions, sight, words
from portal.papers.packs.compose import offer
from portal.papers.packs.forms import AskForm
from portal.papers.packs.models import Pack, Piece
from portal.papers.packs.registry import Binder, binder
from portal.papers.packs.whole_pack import lines
from portal.people.views.common import me
from portal.ui.forms import bind
from portal.ui.press import press

# Neutral on purpose: file names travel further than the files.
FILE_NAME = "bundel.pdf"
# So many earlier packs are of use; older ones say what nobody asks any more.
LISTED = 5


def _page(pack: Pack) -> str:
    return reverse("papers:pack", args=[pack.pk])


def ask(
    request: HttpRequest, *, key: str, pk: UUID, back: str, crumbs: list[tuple[str, str]]
) -> HttpResponse:
    """The form, and below it the packs this reader made before; the caller says where it stands."""
    person, of = me(request), binder(key)
    subject = of.subject_for(person, pk)
    if subject is None:
        raise Http404
    made = list(Pack.objects.visible_to(person).about(key, pk)[:LISTED])
    found = offer(of, subject, person, clock.now())
    form = bind(request, AskForm, offer=found, left_out=made[0].left_out if made else [])

    def run(form: AskForm) -> str:
        return _page(
            actions.ask(
                by=person, binder=key, subject=subject, left_out=form.left_out(), key=form.cleaned_data["key"]
            )
        )

    return press(
        request,
        form,
        run,
        template="packs/ask.html",
        back=back,
        crumbs=crumbs,
        packs=made,
        title=_("Bundel maken"),
        text=_(
            "Eén PDF met een inhoud, bladwijzers en paginanummers. U krijgt alleen wat u zelf mag zien; "
            "uw naam staat op elke pagina."
        ),
        button=_("Maak de bundel"),
    )


def _the_pack(request: HttpRequest, pk: UUID) -> Pack:
    """The pack, if it was made for this person and its subject is still seen; 404 otherwise."""
    rows = Pack.objects.visible_to(me(request)).select_related("reader")
    found: Pack = visible_or_404(rows, pk=pk)
    return found


def _pieces(pack: Pack) -> list[Piece]:
    return list(pack.pieces.defer("html").order_by("order"))


def _subject(pack: Pack, of: Binder) -> Any:
    found = of.load(pack.subject_id)
    if found is None:
        raise Http404
    return found


@signed_in
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is; once it is there its contents as a page; a post makes a failed one again."""
    pack = _the_pack(request, pk)
    if request.method == "POST":
        actions.retry(by=me(request), pack=pack)
        return HttpResponseRedirect(_page(pack))
    of = binder(pack.binder)
    subject, pieces = _subject(pack, of), _pieces(pack)
    context: dict[str, Any] = {
        "pack": pack,
        "binder": of,
        "subject": subject,
        "ask_url": of.ask_url(pack.subject_id),
        "progress": words.progress(pack),
        "problem": words.problem(pack),
    }
    if pack.is_ready:
        record_view(me(request), pack)
        seen = sight.is_all_seen(pack, of, subject, pieces)
        there = default_storage.exists(pack.file)
        context |= {"is_seen": seen, "is_there": there, "validity": validity(pack.valid_until)}
        if seen:
            front = pack.pages - sum(one.pages for one in pieces)
            context |= {
                "lines": lines(pieces, front),
                "changes": sight.changes(pack, of, subject, pieces),
                "mark": words.mark(pack.content_hash),
            }
    return render(request, "packs/pack.html", context)


@require_safe
@signed_in
def status(request: HttpRequest, pk: UUID) -> JsonResponse:
    """For the page that waits: the state, and whether waiting is over."""
    pack = _the_pack(request, pk)
    return JsonResponse({"state": pack.state, "done": pack.is_settled, "text": words.progress(pack)})


@require_safe
@signed_in
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file, to its reader, as long as he may see everything in it; else the page that says so."""
    pack = _the_pack(request, pk)
    if not pack.is_ready or not default_storage.exists(pack.file):
        raise Http404
    of = binder(pack.binder)
    if not sight.is_all_seen(pack, of, _subject(pack, of), _pieces(pack)):
        return HttpResponseRedirect(_page(pack))
    record_view(me(request), pack)
    response = FileResponse(
        default_storage.open(pack.file), content_type="application/pdf", filename=FILE_NAME
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
