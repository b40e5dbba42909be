"""What opens with a secret address alone, without a session: the feed that a calendar reads."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.rules import by_secret_link
from portal.audit.record import record_view
from portal.feeds import ical, queries


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


def _closed(response: HttpResponse) -> HttpResponse:
    """Kept by its reader alone, asked for anew each time, and named to no other site."""
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
