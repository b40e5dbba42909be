"""The register of telephone numbers, that the national beheerder keeps; and a municipality's mailbox."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.access.rows import visible_or_404
from portal.access.rules import only, signed_in
from portal.municipalities import actions as act
from portal.municipalities.forms import MailboxForm, NumberForm
from portal.municipalities.history import last_change, last_mailbox_change
from portal.municipalities.models import Municipality, PhoneNumber
from portal.municipalities.permissions import may_edit_numbers
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.marks import state_of
from portal.people.places import MUNICIPALITY, the_place
from portal.people.views.common import PRESS, PlainPost, me
from portal.ui.forms import PortalForm, bind
from portal.ui.press import Stale, press


def _list() -> str:
    return reverse("municipalities:numbers")


def _do(write: Callable[[], None], row: PhoneNumber) -> str:
    """Run the write and go on to the list, or come back with what went between."""
    try:
        write()
    except ChangedMeanwhile as error:
        row.refresh_from_db()
        raise Stale(act.state(row), last_change(row)) from error
    return _list()


def _page(request: HttpRequest, form: PortalForm, run: Any, **words: Any) -> HttpResponse:
    crumbs = [(_list(), _("Telefoonnummers"))]
    return press(request, form, run, template=PRESS, back=_list(), crumbs=crumbs, **words)


@signed_in
def numbers(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    rows = [(row, row.is_stale(today), act.state(row)) for row in PhoneNumber.objects.order_by("label")]
    context = {"rows": rows, "may_edit": may_edit_numbers(me(request))}
    return render(request, "municipalities/numbers.html", context)


@only(may_edit_numbers)
def change_number(request: HttpRequest, key: str) -> HttpResponse:
    person = me(request)
    row: PhoneNumber = visible_or_404(PhoneNumber.objects.all(), key=key)
    now = {name: getattr(row, name) for name in ("number", "hours", "source")}
    form = bind(request, NumberForm, initial={**now, "checked_on": clock.today(), "version": act.state(row)})

    def run(form: NumberForm) -> str:
        names = ("number", "hours", "source", "checked_on", "version")
        changed = {name: form.cleaned_data[name] for name in names}
        back = _do(lambda: act.change_number(by=person, row=row, **changed), row)
        messages.success(
            request, _("Het nummer staat zo in het register en in elke tekst die ernaar verwijst.")
        )
        return back

    text = _("Teksten en briefings halen dit nummer hier op; u hoeft het nergens anders te wijzigen.")
    return _page(request, form, run, title=row.label, text=text, button=_("Bewaar het nummer"))


@only(may_edit_numbers)
def check_number(request: HttpRequest, key: str) -> HttpResponse:
    person = me(request)
    row: PhoneNumber = visible_or_404(PhoneNumber.objects.all(), key=key)
    form = bind(request, PlainPost, initial={"version": act.state(row)})

    def run(form: PlainPost) -> str:
        version = form.cleaned_data["version"]
        back = _do(lambda: act.check_number(by=person, row=row, version=version), row)
        messages.success(request, _("%(name)s: vandaag gecontroleerd.") % {"name": row.label})
        return back

    title = _("%(name)s vandaag gecontroleerd") % {"name": row.label}
    text = _("Nummer %(number)s, bereikbaar: %(hours)s. Klopt dat nog, volgens %(source)s?")
    words = {"number": row.number, "hours": row.hours, "source": row.source}
    return _page(request, form, run, title=title, text=text % words, button=_("Vandaag gecontroleerd"))


@signed_in
def mailbox(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = me(request)
    place = the_place(person, MUNICIPALITY, pk)
    row = Municipality.objects.get(pk=pk)
    form = bind(request, MailboxForm, initial={"mailbox": row.mailbox, "version": state_of(row.mailbox)})

    def run(form: MailboxForm) -> str:
        data = form.cleaned_data
        try:
            act.set_mailbox(by=person, municipality=row, mailbox=data["mailbox"], version=data["version"])
        except ChangedMeanwhile as error:
            row.refresh_from_db()
            raise Stale(state_of(row.mailbox), last_mailbox_change(row)) from error
        messages.success(request, _("De postbus is bewaard."))
        return place.url

    return press(
        request,
        form,
        run,
        template=PRESS,
        back=place.url,
        crumbs=[(place.url, _("Mensen van %(place)s") % {"place": place.title})],
        title=_("Postbus van %(place)s") % {"place": place.title},
        text=_("In uitnodigingen voor afspraken staat dit adres als afzender van de vergadering."),
        button=_("Bewaar"),
    )
