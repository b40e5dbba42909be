"""The page Kanalen, and what a beheerder does there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.rows import visible_or_404
from portal.access.rules import only, signed_in
from portal.mail import actions as act
from portal.mail import queries
from portal.mail.forms import FIRST_BODY, ChannelForm, TelephoneForm, WebhookForm
from portal.mail.history import last_change
from portal.mail.models import Gateway
from portal.mail.permissions import may_manage_channels
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.views.common import PRESS, PlainPost, me
from portal.ui.forms import bind, new_key
from portal.ui.press import Refused, Stale, press


def _list() -> str:
    return reverse("mail:channels")


def _crumbs() -> list[tuple[str, str]]:
    return [(_list(), _("Kanalen"))]


def _row(request: HttpRequest, pk: UUID) -> Gateway:
    row: Gateway = visible_or_404(queries.kept_by(me(request)), pk=pk)
    return row


def _do(write: Callable[[], Any], row: Gateway | None = None) -> str:
    """Run the write and go on to the list; its refusals in words."""
    try:
        write()
    except act.AlreadyOne as error:
        raise Refused(_("Hier is al zo'n dienst in gebruik. Zet die eerst uit.")) from error
    except act.NoNumber as error:
        raise Refused(
            _("Een proef gaat naar uw eigen nummer. Vul dat eerst in bij Mijn gegevens.")
        ) from error
    except ChangedMeanwhile as error:
        assert row is not None
        row.refresh_from_db()
        raise Stale(row.version, last_change(row)) from error
    return _list()


@only(may_manage_channels)
def channels(request: HttpRequest) -> HttpResponse:
    person = me(request)
    phone = queries.phone_of(person)
    context = {
        "channels": queries.channels(person),
        "kinds": queries.KINDS,
        "key": new_key(),
        "has_number": phone is not None and phone.verified_at is not None,
    }
    return render(request, "mail/channels/list.html", context)


def _form(kind: str) -> type[ChannelForm]:
    return WebhookForm if kind == "webhook" else TelephoneForm


@only(may_manage_channels)
def add_channel(request: HttpRequest, kind: str) -> HttpResponse:
    person = me(request)
    if kind not in queries.KINDS:
        raise Http404
    initial = {"method": "POST", "encoding": "json", "body": FIRST_BODY}
    form = bind(request, _form(kind), by=person, kind=kind, initial=initial)

    def run(form: ChannelForm) -> str:
        back = _do(
            lambda: act.add_gateway(
                by=person,
                kind=kind,
                scope=form.scope(),
                wanted=form.wanted(),
                key=form.cleaned_data["key"],
            )
        )
        messages.success(request, _("Het kanaal staat aan. Stuur nu een proef."))
        return back

    title = _("%(kind)s toevoegen") % {"kind": queries.KINDS[kind]}
    return press(
        request,
        form,
        run,
        template="mail/channels/one.html",
        back=_list(),
        crumbs=_crumbs(),
        title=title,
        kind=kind,
    )


@signed_in
def change_channel(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, row = me(request), _row(request, pk)
    names = ("name", "url", "method", "encoding", "body", "version")
    initial = {name: getattr(row, name) for name in names}
    form = bind(request, _form(row.kind), by=person, kind=row.kind, row=row, initial=initial)

    def run(form: ChannelForm) -> str:
        version = form.cleaned_data["version"]
        back = _do(lambda: act.change_gateway(by=person, row=row, wanted=form.wanted(), version=version), row)
        messages.success(request, _("Het kanaal is bewaard. Stuur nu een proef."))
        return back

    return press(
        request,
        form,
        run,
        template="mail/channels/one.html",
        back=_list(),
        crumbs=_crumbs(),
        title=row.name,
        kind=row.kind,
        row=row,
    )


@signed_in
def switch_channel(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, row = me(request), _row(request, pk)
    on = not row.is_active

    def run(form: PlainPost) -> str:
        back = _do(lambda: act.switch_gateway(by=person, row=row, on=on))
        messages.success(request, _("Het kanaal staat aan.") if on else _("Het kanaal staat uit."))
        return back

    return press(
        request,
        bind(request, PlainPost),
        run,
        template=PRESS,
        back=_list(),
        crumbs=_crumbs(),
        title=_("%(name)s aanzetten") % {"name": row.name}
        if on
        else _("%(name)s uitzetten") % {"name": row.name},
        text=_("Spoedberichten gaan dan ook over dit kanaal.")
        if on
        else _("Er gaat dan niets meer over dit kanaal. Spoed blijft per mail komen."),
        button=_("Zet aan") if on else _("Zet uit"),
        danger=not on,
    )


@signed_in
def test_channel(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, row = me(request), _row(request, pk)
    if not row.is_active:
        raise Http404

    def run(form: PlainPost) -> str:
        return _do(lambda: act.send_test(by=person, row=row, key=form.cleaned_data["key"]))

    return press(
        request,
        bind(request, PlainPost),
        run,
        template=PRESS,
        back=_list(),
        crumbs=_crumbs(),
        title=_("Een proef over %(name)s") % {"name": row.name},
        text=_("De proef gaat naar de ontvanger van de webhook.")
        if row.kind == "webhook"
        else _("De proef gaat naar uw eigen nummer. Op de lijst ziet u of de dienst hem aannam."),
        button=_("Stuur een proef"),
    )


@signed_in
@require_safe
def test_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whether the last test is still on its way; for the page that waits for it."""
    row = _row(request, pk)
    last = queries.last_test(row, queries.newest_test(row))
    return JsonResponse({"done": last.state != "busy", "text": last.text})
