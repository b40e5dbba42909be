"""One shape for every page that changes something: the form, the act, and what went between."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.ui.forms import PortalForm


class Refused(Exception):
    """The act cannot be done now; `.sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unfit(Exception):
    """Something typed cannot be kept as it is; `.sentence` says why, beside the field that it is about."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class Stale(Exception):
    """The row changed after the page was shown; `.version` and `.change` say to what and by whom."""

    def __init__(self, version: int, change: Any) -> None:
        super().__init__("changed meanwhile")
        self.version = version
        self.change = change


def local(address: str, fallback: str) -> str:
    """The address to go on to, if it is one of ours."""
    if address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return address
    return fallback


def press(
    request: HttpRequest,
    form: PortalForm,
    act: Callable[[Any], str],
    *,
    template: str,
    back: str,
    **context: Any,
) -> HttpResponse:
    """Show the form; on a good post run `act(form)` and go to the address it returns.

    A stale post gets the form back with what was typed, what changed, and the newer version, so
    that a second press is a choice; so does one with something unfit, at its field. A refused act leads
    to `back` with its sentence.
    """
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                return HttpResponseRedirect(act(form))
            except Refused as refused:
                messages.warning(request, refused.sentence)
                return HttpResponseRedirect(back)
            except Unfit as unfit:
                form.add_error(unfit.field, unfit.sentence)
                status = 422
            except Stale as stale:
                context["change"] = stale.change
                form.show(version=str(stale.version))
                status = 409
        else:
            status = 422
    elif form.was_held:
        messages.info(request, _("Wat u typte is bewaard. Kijk het na en druk dan opnieuw."))
    return render(request, template, {"form": form, "back": back, **context}, status=status)
