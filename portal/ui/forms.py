"""The base of every form: one-time key, version shown, free text that is looked at, what was held."""

import re
import secrets
from hashlib import sha256
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ui import held
from portal.ui.private import holds_bsn, worries


class FreeText(forms.CharField):
    """The one field for free text: a BSN is refused; what looks private is asked about once."""

    def __init__(self, *, rows: int = 3, max_length: int = 4000, **kwargs: Any) -> None:
        if rows > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        kwargs.setdefault(
            "help_text",
            gettext_lazy("Schrijf geen namen of gegevens van kinderen, slachtoffers of andere burgers."),
        )
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> Any:
        if isinstance(value, str):
            # A control character is never typed on purpose, and PostgreSQL cannot store NUL.
            value = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", value)
        text = super().clean(value)
        if text and holds_bsn(text):
            raise ValidationError(
                _("Hier staat een burgerservicenummer. Haal het weg; dit portaal bewaart geen BSN."),
                code="bsn",
            )
        return text


def new_key() -> str:
    """A one-time key for a creating form."""
    return secrets.token_urlsafe(18)


class PortalForm(forms.Form):
    """Every form of the portal.

    `seen_text` holds a hash of a worrying text that was shown with its warning: the same text is
    kept at the second press. `version` is the version of the row that the page showed.
    """

    seen_text = forms.CharField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    use_required_attribute = False
    # Set when the fields hold what somebody typed before the session ended.
    was_held = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in PortalForm.base_fields])

    def show(self, **fields: str) -> None:
        """Let hidden fields of a form that comes back hold these values; what was typed stays."""
        shown = QueryDict(mutable=True)
        shown.update(self.data)
        for name, value in fields.items():
            shown[self.add_prefix(name)] = value
        self.data = shown

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        worrying = {
            name: text
            for name, field in self.fields.items()
            if isinstance(field, FreeText) and (text := cleaned.get(name)) and worries(text)
        }
        if not worrying:
            return cleaned
        seen = sha256("\0".join(f"{n}={t}" for n, t in sorted(worrying.items())).encode()).hexdigest()
        if cleaned.get("seen_text") == seen:
            return cleaned
        for name, text in worrying.items():
            self.add_error(
                name,
                ValidationError(
                    _("Hier lijkt %(what)s te staan. Haal het weg, of druk nog eens als het echt nodig is.")
                    % {"what": _(" en ").join(worries(text))},
                    code="warn",
                ),
            )
        self.show(seen_text=seen)
        return cleaned


class CreatingForm(PortalForm):
    """A form that makes something: without its one-time key a second press could make it twice."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("key"):
            self.errors.pop("key", None)
            self.add_error(None, _("Er ontbrak iets aan dit formulier; druk nog een keer op de knop."))
            self.show(key=new_key())
        return cleaned


Form = TypeVar("Form", bound=PortalForm)


def bind(
    request: HttpRequest, form: type[Form], *, initial: dict[str, Any] | None = None, **kwargs: Any
) -> Form:
    """The form for this request: bound to a post, or unbound with what was held or `initial`."""
    if request.method == "POST":
        return form(request.POST, request.FILES, initial=initial, **kwargs)
    made = form(initial={"key": new_key(), **(initial or {})}, **kwargs)
    kept = held.typed(request)
    if kept is not None:
        made.was_held = True
        for name, field in made.fields.items():
            sent = made.add_prefix(name)
            if name != "version" and not field.widget.value_omitted_from_data(kept, MultiValueDict(), sent):
                made.initial[name] = field.widget.value_from_datadict(kept, MultiValueDict(), sent)
    return made
