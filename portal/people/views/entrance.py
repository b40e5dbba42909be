"""Coming in by an invitation: the one-time link, and the page on which somebody takes it up."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.access.rules import open_to_all
from portal.people import actions as act
from portal.people.actions.invitations import hash_of
from portal.people.enums import Role
from portal.people.forms import JoinForm
from portal.people.models import Invitation, Person
from portal.people.permissions import may_manage_people
from portal.people.places import place_of

_SESSION = "invitation"


@open_to_all
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Remember the link by its hash and go on to an address without it: the token stays in no history."""
    request.session[_SESSION] = hash_of(token)
    return redirect("people:accept")


def _found(request: HttpRequest) -> Invitation | None:
    rows = Invitation.objects.select_related("municipality", "driehoek")
    return rows.filter(token_hash=request.session.get(_SESSION, "")).first()


@open_to_all
def accept(request: HttpRequest) -> HttpResponse:
    """Take up an invitation: by one button with an account, else with a name and a password."""
    invitation = _found(request)
    if invitation is not None and invitation.accepted_by_id == request.user.pk and request.user.pk:
        return redirect("today")
    sentence = _why_closed(invitation)
    if sentence or invitation is None:
        return render(request, "people/closed.html", {"sentence": sentence}, status=410)
    context: dict[str, Any] = {
        "invitation": invitation,
        "place": place_of(invitation),
        "role": Role(invitation.role).label,
    }
    if request.user.is_authenticated:
        return _with_account(request, invitation, context)
    if Person.objects.filter(email=invitation.email).exists():
        return render(request, "people/sign_in_first.html", context)
    return _as_somebody_new(request, invitation, context)


def _why_closed(invitation: Invitation | None) -> str:
    """Why this link lets nobody in, as one sentence; "" when it does."""
    if invitation is None:
        return _("Deze link werkt niet. Open de nieuwste mail, of vraag de beheerder om een nieuwe link.")
    if invitation.accepted_by_id is not None:
        return _("Deze link is al gebruikt. Meld u aan met uw e-mailadres en wachtwoord.")
    if invitation.withdrawn_at is not None:
        return _("Deze uitnodiging is ingetrokken. Vraag de beheerder waarom.")
    if not invitation.is_open(clock.now()):
        return _("Deze link is verlopen: hij werkt zeven dagen. Vraag de beheerder om een nieuwe.")
    if invitation.ends_on is not None and invitation.ends_on < clock.today():
        return _("De periode van deze uitnodiging is voorbij. Vraag de beheerder om een nieuwe.")
    return ""


def _with_account(request: HttpRequest, invitation: Invitation, context: dict[str, Any]) -> HttpResponse:
    """One button, for the person whose address was invited."""
    person: Person = request.user  # type: ignore[assignment]
    if person.email != invitation.email:
        return render(request, "people/somebody_else.html", context, status=403)
    if request.method != "POST":
        return render(request, "people/accept.html", context)
    try:
        act.accept(by=person, invitation=invitation)
    except act.CannotAccept:
        return redirect("people:accept")
    request.session.pop(_SESSION, None)
    messages.success(request, _("U werkt nu ook voor %(place)s.") % {"place": context["place"].title})
    return redirect("today")


def _as_somebody_new(request: HttpRequest, invitation: Invitation, context: dict[str, Any]) -> HttpResponse:
    """A name and a password; then signed in as after any other sign-in."""
    form = JoinForm(request.POST or None, email=invitation.email, initial={"name": invitation.name})
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "people/join.html", {**context, "form": form}, status=status)
    data = form.cleaned_data
    try:
        person = act.join(invitation=invitation, name=data["name"], password=data["password1"])
    except act.CannotAccept:
        return redirect("people:accept")
    request.session.pop(_SESSION, None)
    messages.success(request, _("Welkom. U bent aangemeld."))
    return _signed_in(request, person)


def _signed_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign in through the same flow as the sign-in page; a required second factor is set up next.

    The password was chosen a moment ago, so setting up the app does not ask for it once more.
    """
    record_authentication(request, person, method="password", email=person.email, reauthenticated=True)
    first = "people:first_steps" if may_manage_people(person) else "today"
    login = Login(user=person, email=person.email, redirect_url=reverse(first))
    response: HttpResponse = perform_login(request, login)
    return response
