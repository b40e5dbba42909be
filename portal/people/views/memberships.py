"""Changing a role, ending it, handing on what its person held, and mailing again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.people import actions as act
from portal.people import forms, kept, leaving, queries
from portal.people.enums import Role
from portal.people.models import Membership
from portal.people.places import place_of
from portal.people.views.common import PRESS, PlainPost, do, me
from portal.ui.forms import PortalForm, bind
from portal.ui.press import Refused, press


def _the_membership(request: HttpRequest, pk: UUID) -> Membership:
    """A membership in a place whose people this person keeps; 404 otherwise."""
    rows = Membership.objects.select_related("person", "municipality", "driehoek")
    found: Membership = visible_or_404(kept.managed(me(request), rows), pk=pk)
    return found


def _press(request: HttpRequest, row: Membership, form: PortalForm, run: Any, **words: Any) -> HttpResponse:
    place = place_of(row)

    def act_on(form: Any) -> str:
        words_said = do(lambda: run(form), row, lambda: row.version)
        messages.success(request, words_said)
        return place.url

    words.setdefault("template", PRESS)
    return press(request, form, act_on, back=place.url, crumbs=[(place.url, _("Mensen"))], **words)


def _refuse_over(membership: Membership) -> None:
    if queries.is_over(membership, clock.today()):
        raise Refused(_("Deze rol is intussen beëindigd."))


@signed_in
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    membership = _the_membership(request, pk)
    now = {name: getattr(membership, name) for name in ("function", "starts_on", "ends_on", "version")}
    form = bind(request, forms.ChangeForm, membership=membership, initial=now)

    def run(form: forms.ChangeForm) -> str:
        _refuse_over(membership)
        names = ("function", "starts_on", "ends_on", "version")
        changed = {name: form.cleaned_data[name] for name in names}
        act.change_membership(by=me(request), membership=membership, **changed)
        return _("De rol is gewijzigd.")

    return _press(
        request,
        membership,
        form,
        run,
        title=_("%(name)s, %(role)s") % {"name": membership.person.name, "role": Role(membership.role).label},
        text=_("Een andere rol nodig? Nodig de persoon uit voor die rol en beëindig deze."),
        button=_("Bewaar"),
    )


def _end_form(request: HttpRequest, membership: Membership, held: list[leaving.Open]) -> forms.EndForm:
    stays = ""
    if held and queries.stays_here(membership):
        stays = _("Niemand: %(name)s houdt hier nog een andere rol") % {"name": membership.person.name}
    return bind(
        request,
        forms.EndForm,
        others=queries.others_here(membership) if held else [],
        stays=stays,
        asks=bool(held),
        initial={"version": membership.version},
    )


def _handed(text: str, count: int) -> str:
    if not count:
        return text
    handed = ngettext("%(count)s actie is overgedragen.", "%(count)s acties zijn overgedragen.", count)
    return f"{text} {handed % {'count': count}}".strip()


@signed_in
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lists how much the person still holds here, never what, and asks to whom it goes."""
    membership = _the_membership(request, pk)
    held = leaving.still_open(membership.person, membership.scope)

    def run(form: forms.EndForm) -> str:
        _refuse_over(membership)
        hand_over, to, version = form.hand_over(), form.to(), form.cleaned_data["version"]
        count = act.end_membership(
            by=me(request), membership=membership, hand_over=hand_over, to=to, version=version
        )
        return _handed(_("De rol is beëindigd."), count)

    return _press(
        request,
        membership,
        _end_form(request, membership, held),
        run,
        template="people/end.html",
        membership=membership,
        role=Role(membership.role).label,
        held=held,
        ends=True,
    )


@signed_in
def hand_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same list for somebody whose role is over already."""
    membership = _the_membership(request, pk)
    held = leaving.still_open(membership.person, membership.scope)

    def run(form: forms.EndForm) -> str:
        if not form.hand_over():
            return _("De acties zijn gebleven waar ze waren.")
        return _handed("", act.hand_on(by=me(request), membership=membership, to=form.to()))

    return _press(
        request,
        membership,
        _end_form(request, membership, held),
        run,
        template="people/end.html",
        membership=membership,
        role=Role(membership.role).label,
        held=held,
        ends=False,
    )


@signed_in
def retry_mail(request: HttpRequest, pk: UUID) -> HttpResponse:
    membership = _the_membership(request, pk)
    person = membership.person

    def run(_form: PlainPost) -> str:
        act.retry_mail(by=me(request), person=person, scope=membership.scope)
        return _("Het portaal mailt weer naar dit adres.")

    return _press(
        request,
        membership,
        bind(request, PlainPost),
        run,
        title=_("Weer mailen aan %(name)s") % {"name": person.name},
        text=_("De mailserver weigerde %(email)s. Klopt het adres? Dan probeert het portaal het opnieuw.")
        % {"email": person.email},
        button=_("Mail weer"),
    )
