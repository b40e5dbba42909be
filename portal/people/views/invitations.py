"""Inviting somebody, sending the link again, withdrawing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.access.rows import visible_or_404
from portal.access.rules import only, signed_in
from portal.people import actions as act
from portal.people import forms, kept
from portal.people.enums import Role
from portal.people.marks import state_of
from portal.people.models import Invitation, Membership
from portal.people.permissions import may_manage_people
from portal.people.places import place_of
from portal.people.roles import said
from portal.people.views.common import PRESS, PlainPost, do, me
from portal.ui.forms import bind
from portal.ui.press import Refused, press


@only(may_manage_people)
def invite(request: HttpRequest) -> HttpResponse:
    person = me(request)
    asked_for = {"place": request.GET.get("voor", ""), "role": request.GET.get("rol", "")}
    form = bind(request, forms.InviteForm, by=person, initial={"starts_on": clock.today(), **asked_for})
    back = reverse("people:people")

    def run(form: forms.InviteForm) -> str:
        data = form.cleaned_data
        made = act.invite(
            by=person, asked=form.asked(), name=data["name"], email=data["email"], key=data["key"]
        )
        messages.success(request, _answer(made))
        return form.asked().place.url

    return press(
        request,
        form,
        run,
        template="people/invite.html",
        back=back,
        crumbs=[(back, _("Mensen"))],
        roles=said(form.roles),
    )


def _answer(made: Invitation | Membership) -> str:
    """The same for whoever has an account elsewhere and whoever has none."""
    if isinstance(made, Membership):
        role = Role(made.role).label
        return _("Deze persoon werkt hier al en heeft de rol %(role)s er nu bij.") % {"role": role}
    return _("De uitnodiging gaat per mail. De link werkt zeven dagen.")


def _the_invitation(request: HttpRequest, pk: UUID) -> Invitation:
    """An invitation to a place whose people this person keeps; 404 otherwise."""
    rows = kept.managed(me(request), Invitation.objects.select_related("municipality", "driehoek"))
    found: Invitation = visible_or_404(rows, pk=pk)
    return found


def _press(request: HttpRequest, invitation: Invitation, run: Any, **words: Any) -> HttpResponse:
    """The page of one press; an invitation that is over says so on the page Mensen."""
    place = place_of(invitation)
    form = bind(request, PlainPost, initial={"version": state_of(invitation.token_hash)})

    def act_on(form: PlainPost) -> str:
        if invitation.accepted_by_id is not None:
            raise Refused(_("Deze uitnodiging is intussen aangenomen."))
        if invitation.withdrawn_at is not None:
            raise Refused(_("Deze uitnodiging is intussen ingetrokken."))
        version = form.cleaned_data["version"]
        do(lambda: run(version), invitation, lambda: state_of(invitation.token_hash))
        messages.success(request, words["done"])
        return place.url

    crumbs = [(place.url, _("Mensen"))]
    return press(request, form, act_on, template=PRESS, back=place.url, crumbs=crumbs, **words)


@signed_in
def resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    invitation = _the_invitation(request, pk)
    return _press(
        request,
        invitation,
        lambda version: act.resend(by=me(request), invitation=invitation, version=version),
        title=_("Uitnodiging opnieuw sturen"),
        text=_("%(email)s krijgt een nieuwe link, die zeven dagen werkt. De oude link werkt dan niet meer.")
        % {"email": invitation.email},
        button=_("Stuur opnieuw"),
        done=_("Er gaat een nieuwe link per mail. De oude werkt niet meer."),
    )


@signed_in
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    invitation = _the_invitation(request, pk)
    return _press(
        request,
        invitation,
        lambda version: act.withdraw(by=me(request), invitation=invitation, version=version),
        title=_("Uitnodiging intrekken"),
        text=_("De link die %(email)s kreeg, werkt dan niet meer.") % {"email": invitation.email},
        button=_("Trek in"),
        done=_("De uitnodiging is ingetrokken."),
        danger=True,
    )
