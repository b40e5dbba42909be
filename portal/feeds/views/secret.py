"""What opens with a secret address alone, without a session: a feed, and the answer to an invitation."""

from contextlib import suppress
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.rules import by_secret_link
from portal.audit.record import record_view
from portal.feeds import ical, invitations, queries
from portal.feeds.enums import Answer
from portal.feeds.models import Invitation
from portal.people.places import place_of


@require_safe
@by_secret_link
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """What the person sees at this moment, at the level of the feed; 410 once it ended.

    Of each day on which it is asked for the first time is noted, as a view by its person.
    """
    feed = queries.feed_at(token)
    if feed is None:
        raise Http404
    with translation.override(feed.person.language):
        if queries.has_ended(feed):
            ended = _("Deze agenda-link werkt niet meer. Verwijder het abonnement uit uw agenda.")
            return _closed(HttpResponse(ended, status=410, content_type="text/plain; charset=utf-8"))
        body = ical.feed(queries.items_of(feed), level=feed.level, alarms=feed.alarms)
    if not queries.was_used_today(feed):
        record_view(feed.person, feed)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="agenda.ics"'
    response["Content-Language"] = feed.person.language
    etag = quote_etag(sha256(body).hexdigest()[:32])
    response["ETag"] = etag
    found = get_conditional_response(request, etag=etag, response=response)
    return _closed(found or response)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@by_secret_link
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing, so whoever scans mail may; a press on a button is the answer.

    Without a check on forgery: only the link gives the right to answer, and no other page knows it. The
    check would refuse the press, because this page names itself to nobody and so sends no origin.
    """
    invitation = invitations.by_token(token)
    asked = request.POST.get("taal") or request.GET.get("taal", "")
    chosen = asked if asked in dict(settings.LANGUAGES) else ""
    with translation.override(chosen or (invitation.reads if invitation else settings.LANGUAGE_CODE)):
        if invitation is None:
            response = render(request, "feeds/unknown.html", status=404)
        else:
            response = _answer(request, invitation, chosen)
        response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    return _closed(response, "no-store")


def _answer(request: HttpRequest, invitation: Invitation, chosen: str) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = _keep(request, invitation, chosen)
        if status == 303:
            return HttpResponseRedirect(request.path + (f"?taal={chosen}" if chosen else ""))
        invitation.refresh_from_db(fields=["answer"])
    item = invitations.occasion(invitation)
    language = translation.get_language()
    shown = {
        "invitation": invitation,
        "item": item,
        "seen": invitations.hours_of(item) if item else "",
        "place": place_of(invitation).title,
        "state": invitations.state_of(invitation, item),
        "language": language,
        "other": next(one for one in settings.LANGUAGES if one[0] != language),
        "wrong": status == 422,
        "moved": status == 409,
    }
    return render(request, "feeds/answer.html", shown, status=status)


def _keep(request: HttpRequest, invitation: Invitation, chosen: str) -> int:
    """Keep what was pressed; gives 303, or 422 for no answer and 409 when other hours were shown."""
    given = request.POST.get("antwoord", "")
    if given not in set(Answer):
        return 422
    seen = request.POST.get("gezien", "")
    try:
        with suppress(invitations.NothingToAnswer):  # the page says why
            invitations.answer(invitation=invitation, answer=given, seen=seen, language=chosen)
    except invitations.OtherHours:
        return 409
    return 303


def _closed(response: HttpResponse, cache: str = "private, no-cache") -> HttpResponse:
    """Kept by its reader alone, asked for anew each time, and named to no other site."""
    response["Cache-Control"] = cache
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
