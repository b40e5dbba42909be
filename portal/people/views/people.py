"""The page Mensen: of one place, or the list of places whose people somebody keeps."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access.rules import only, signed_in
from portal.municipalities.models import Scope
from portal.people import history, permissions, queries
from portal.people.permissions import may_manage_people
from portal.people.places import Place, own_places, the_place
from portal.people.views.common import me
from portal.ui.paging import page_of


@only(may_manage_people)
def overview(request: HttpRequest) -> HttpResponse:
    """The one municipality somebody keeps, or the places to choose from."""
    person = me(request)
    if permissions.is_national(person):
        return _national(request)
    places = own_places(person)
    if len(places) == 1:
        return _place(request, places[0])
    return render(request, "people/places.html", {"places": places})


def _national(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("zoek", "").strip()
    page = page_of(request, queries.municipalities(words), key="name")
    context = {
        "page": page,
        "words": words,
        "municipalities": [(row, Place(Scope(row.pk), row.name)) for row in page.rows],
        "driehoeken": [(row, Place(Scope(driehoek_id=row.pk), row.name)) for row in queries.driehoeken()],
        "national": Place(None),
    }
    return render(request, "people/national.html", context)


@signed_in
def place(request: HttpRequest, kind: str, pk: UUID | None = None) -> HttpResponse:
    """404 for everybody but those who keep the people of this place."""
    return _place(request, the_place(me(request), kind, pk))


def _place(request: HttpRequest, found: Place) -> HttpResponse:
    page = page_of(request, queries.memberships(found), key="person__name")
    members, left = queries.members(page.rows), queries.left_behind(found)
    invited = queries.invited(queries.open_invitations(found)[: queries.INVITED])
    context: dict[str, Any] = {
        "place": found,
        "page": page,
        "members": members,
        "invited": invited,
        "empty_roles": queries.empty_roles(found),
        "left_behind": left,
        "attention": queries.attention(members, invited, left),
        "earlier": queries.earlier(found),
        "history": history.in_place(found),
        "me": me(request),
        "is_national": permissions.is_national(me(request)),
    }
    return render(request, "people/place.html", context)
