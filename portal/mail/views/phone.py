"""The pages on which everybody keeps the own number for urgent messages."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.rules import signed_in
from portal.mail import actions as act
from portal.mail import phones, queries, urgent
from portal.mail.forms import TOO_MANY_CODES, CodeForm, PhoneForm
from portal.mail.models import Phone
from portal.people.views.common import PRESS, PlainPost, me
from portal.ui.forms import bind
from portal.ui.press import Refused, press


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("people:me"), _("Mijn gegevens"))]


def _do(write: Callable[[], Any]) -> None:
    """Run the write; its refusals in words."""
    try:
        write()
    except act.TooManyCodes as error:
        raise Refused(str(TOO_MANY_CODES)) from error
    except act.NoService as error:
        raise Refused(_("Er is nu geen dienst die u een code kan sturen. Vraag uw beheerder.")) from error


@signed_in
def phone(request: HttpRequest) -> HttpResponse:
    person = me(request)
    row = queries.phone_of(person)
    form = bind(request, PhoneForm, by=person)

    def run(form: PhoneForm) -> str:
        _do(lambda: act.set_phone(by=person, number=form.cleaned_data["number"]))
        return reverse("mail:phone_code")

    return press(
        request,
        form,
        run,
        template="mail/phone/number.html",
        back=reverse("mail:phone"),
        crumbs=_crumbs(),
        phone=row,
        number=phones.as_written(phones.number_of(row)) if row else "",
        services=urgent.gateways_of(person),
        waits=row is not None and phones.waits_for_code(row),
    )


def _waiting(row: Phone | None) -> bool:
    return row is not None and row.verified_at is None and row.code_until is not None


@signed_in
def phone_code(request: HttpRequest) -> HttpResponse:
    person = me(request)
    row = queries.phone_of(person)
    if row is None or not _waiting(row):
        return HttpResponseRedirect(reverse("mail:phone"))
    form = bind(request, CodeForm)

    def run(form: CodeForm) -> str:
        if not act.verify_phone(by=person, row=row, code=form.cleaned_data["code"]):
            raise Refused(_why_not(row))
        messages.success(request, _("Uw nummer is bevestigd. Spoed komt voortaan ook op uw telefoon."))
        return reverse("mail:phone")

    return press(
        request,
        form,
        run,
        template="mail/phone/code.html",
        back=reverse("mail:phone_code"),
        crumbs=[*_crumbs(), (reverse("mail:phone"), _("Telefoon voor spoed"))],
        number=phones.as_written(phones.number_of(row)),
        state=queries.code_state(row),
        waits=phones.waits_for_code(row),
        until=row.code_until,
    )


def _why_not(row: Phone) -> str:
    row.refresh_from_db()
    if phones.waits_for_code(row):
        return _(
            "Deze code klopt niet. Kijk nog eens in het bericht; u kunt het nog %(n)s keer proberen."
        ) % {"n": phones.CODE_TRIES - row.code_tries}
    return _("Deze code werkt niet meer. Vraag een nieuwe.")


@signed_in
@require_safe
def code_state(request: HttpRequest) -> HttpResponse:
    """Whether the message with the code is still on its way; for the page that waits for it."""
    row = queries.phone_of(me(request))
    state = queries.code_state(row) if row else None
    return JsonResponse({"done": state is None or state.state != "busy", "text": state.text if state else ""})


@signed_in
def phone_again(request: HttpRequest) -> HttpResponse:
    person = me(request)
    row = queries.phone_of(person)
    if row is None or row.verified_at is not None:
        return HttpResponseRedirect(reverse("mail:phone"))

    def run(_form: PlainPost) -> str:
        _do(lambda: act.send_code(by=person, row=row))
        return reverse("mail:phone_code")

    return _plain(
        request,
        run,
        title=_("Een nieuwe code"),
        text=_("De code die u eerder kreeg, werkt dan niet meer."),
        button=_("Stuur een nieuwe code"),
    )


@signed_in
def phone_remove(request: HttpRequest) -> HttpResponse:
    person = me(request)
    if queries.phone_of(person) is None:
        return HttpResponseRedirect(reverse("mail:phone"))

    def run(_form: PlainPost) -> str:
        act.remove_phone(by=person)
        messages.success(request, _("Uw nummer is weg uit het portaal. Spoed komt nu alleen per mail."))
        return reverse("mail:phone")

    return _plain(
        request,
        run,
        title=_("Uw nummer weghalen"),
        text=_("Spoed komt daarna alleen nog per mail. U kunt later opnieuw een nummer invullen."),
        button=_("Haal mijn nummer weg"),
        danger=True,
    )


def _plain(request: HttpRequest, run: Callable[[PlainPost], str], **words: Any) -> HttpResponse:
    back = reverse("mail:phone")
    crumbs = [*_crumbs(), (back, _("Telefoon voor spoed"))]
    return press(request, bind(request, PlainPost), run, template=PRESS, back=back, crumbs=crumbs, **words)
