"""The start page: what must I do now, from the cards the apps registered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal import clock
from portal.access.rules import signed_in
from portal.people.models import Person
from portal.ui.registry import cards_for


@signed_in
def today(request: HttpRequest) -> HttpResponse:
    person: Person = request.user  # type: ignore[assignment]
    built = [(card, card.build(person)) for card in cards_for(person)]
    cards = [(card, content) for card, content in built if content is not None]
    return render(request, "start.html", {"today": clock.today(), "cards": cards})
