"""What somebody typed is kept when a post cannot be handled: the session ended or the page was old.

The fields are sealed and stored for half an hour; after signing in the form comes back filled. A
held post belongs to the person whose page it was: each form carries a signed mark of its reader,
so nobody else sees it and no other site can leave something here.
"""

import codecs
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import uuid6
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from portal import clock
from portal.people.secrets import WrongKey, decrypt, encrypt
from portal.ui.models import HeldPost

KEPT_FOR = timedelta(minutes=30)
READER_FIELD = "lezer"
HELD_PARAMETER = "bewaard"
_SALT = "portal.ui.held"
_NEVER_KEPT = {"csrfmiddlewaretoken", READER_FIELD, "password", "code"}
_LONGEST = 200_000


def reader_mark(person_id: Any) -> str:
    """The signed mark of whose page this is; every form carries it."""
    return signing.dumps(str(person_id), salt=_SALT)


def _reader(request: HttpRequest) -> str:
    try:
        person: str = signing.loads(
            request.POST.get(READER_FIELD, ""), salt=_SALT, max_age=settings.SESSION_ABSOLUTE_SECONDS * 2
        )
    except signing.BadSignature:
        return ""
    return person


def hold(request: HttpRequest) -> str | None:
    """Keep the post and return the address at which its form comes back filled; None without a reader."""
    reader = _reader(request)
    if not reader or (request.user.is_authenticated and str(request.user.pk) != reader):
        return None
    typed = {
        name: values
        for name, values in request.POST.lists()
        if name not in _NEVER_KEPT and "password" not in name
    }
    text = json.dumps(typed)
    if len(text) > _LONGEST:
        return None
    row = HeldPost(id=uuid6.uuid7(), person_id=reader, path=request.path, kept_until=clock.now() + KEPT_FOR)
    row.sealed = encrypt(text, str(row.pk))
    HeldPost.objects.filter(kept_until__lt=clock.now()).delete()
    row.save(force_insert=True)
    return f"{request.path}?{urlencode({HELD_PARAMETER: str(row.pk)})}"


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead a post without a session through sign-in back to its form, filled if it could be kept."""
    back = hold(request)
    if back is None:
        said = _(
            "Uw sessie is voorbij. Meld u opnieuw aan; wat u typte was te lang en konden we niet bewaren."
        )
    else:
        said = _("Uw sessie is voorbij. Meld u opnieuw aan; wat u typte is bewaard.")
    messages.info(request, said)
    return HttpResponseRedirect(f"/aanmelden/?{urlencode({'next': back or request.path})}")


def typed(request: HttpRequest) -> QueryDict | None:
    """The held fields for this reading request, for the person whose they are; else None."""
    key = request.GET.get(HELD_PARAMETER)
    if request.method != "GET" or not key or not request.user.is_authenticated:
        return None
    try:
        row = HeldPost.objects.filter(
            pk=key, person_id=request.user.pk, path=request.path, kept_until__gte=clock.now()
        ).first()
    except (ValueError, ValidationError):
        return None
    if row is None:
        return None
    try:
        fields = json.loads(decrypt(row.sealed, str(row.pk)))
    except WrongKey:
        return None
    found = QueryDict(mutable=True)
    for name, values in fields.items():
        found.setlist(name, values)
    return found


def _check_readable(request: HttpRequest) -> None:
    """Refuse fields that are not text in UTF-8; every form of ours is, and Django trips over the others."""
    if request.encoding is not None and codecs.lookup(request.encoding).name != "utf-8":
        # From here on the request can be read, for the page that says no.
        request.encoding = "utf-8"
        raise BadRequest("fields in another charset")
    try:
        request.POST  # noqa: B018 - reading is what may fail
    except LookupError as error:
        raise BadRequest("the name of a field in an unknown charset") from error


class HeldPosts:
    """Catches a post without a session before the CSRF check, and keeps what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _check_readable(request)
        if (
            request.method == "POST"
            and not request.user.is_authenticated
            and request.content_type != "application/json"
            and READER_FIELD in request.POST
            and _reader(request)
        ):
            return to_sign_in(request)
        return self.get_response(request)
