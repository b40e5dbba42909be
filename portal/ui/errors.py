"""What a person sees when a request cannot be answered: what is so, and what to do next."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from portal.ui import held


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, in the same words for what is not there and for what is not yours."""
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: seen, but not allowed."""
    return render(request, "403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request we cannot read."""
    return render(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 from a page that asks for nothing; when even that fails, one plain sentence."""
    try:
        body = render_to_string("500.html")
    except Exception:
        # This is the last page there is; whatever broke it, somebody must still read a sentence.
        text = gettext("Hier ging iets mis. Probeer het over een minuut nog een keer.")
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A post with an old token: back to its form, filled; without a known reader 403 with a way back."""
    back = held.hold(request)
    if back is not None and request.user.is_authenticated:
        messages.info(request, gettext("Deze pagina stond te lang open. Wat u typte is bewaard."))
        return HttpResponseRedirect(back)
    return render(request, "csrf_failure.html", {"back_url": page_before(request)}, status=403)


def page_before(request: HttpRequest) -> str:
    """The path of the page on this site that the post came from, or the start page."""
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(referrer)
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
