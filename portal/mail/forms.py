"""Forms for a service, for one's own number and for the code that proves it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.mail import gateways, outside, phones, queries
from portal.mail.actions.gateways import Wanted, others_in_use
from portal.mail.models import Gateway
from portal.municipalities.models import Scope
from portal.people.marks import made_id
from portal.people.models import Person
from portal.people.places import place_of
from portal.ui.forms import CreatingForm, FreeText, PortalForm

FIRST_BODY = '{\n  "to": "{to}",\n  "text": "{text}"\n}'
SHORTEST_SECRET = 24
TOO_MANY_CODES = gettext_lazy("U vroeg al vijf codes in een uur. Wacht een uur en probeer het dan opnieuw.")


class ChannelForm(CreatingForm):
    """What every service has. `row` is the service that is changed; without one a new one is made."""

    place = forms.ChoiceField(label=gettext_lazy("Voor wie"))
    name = FreeText(
        label=gettext_lazy("Naam"),
        rows=1,
        max_length=80,
        help_text=gettext_lazy("Zoals u de dienst noemt. Alleen beheerders zien dit."),
        error_messages={"required": gettext_lazy("Vul een naam in.")},
    )
    url = forms.CharField(
        label=gettext_lazy("Adres van de dienst"),
        max_length=500,
        help_text=gettext_lazy("Begint met https:// en leidt naar het internet."),
        error_messages={"required": gettext_lazy("Vul het adres van de dienst in.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    headers = forms.CharField(
        label=gettext_lazy("Geheime kopregels"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    drop_headers = forms.BooleanField(label=gettext_lazy("Haal de kopregels weg"), required=False)

    def __init__(self, *args: Any, by: Person, kind: str, row: Gateway | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.kind, self.row = by, kind, row
        places = [place_of(row)] if row else queries.places(by)
        self.places = {place.key: place for place in places}
        choice = self.fields["place"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(place.key, place.name or place.title) for place in places]
        if len(places) == 1:
            choice.widget = forms.HiddenInput()
            self.initial["place"] = places[0].key
        is_set = bool(row and row.sealed_headers)
        self.fields["headers"].help_text = (
            _("Ingesteld. Laat leeg om ze te houden, of vul nieuwe in. U ziet ze hier niet meer terug.")
            if is_set
            else _(
                "Eén per regel, zoals Authorization: Bearer abc. U ziet ze na het bewaren niet meer terug."
            )
        )
        if not is_set:
            del self.fields["drop_headers"]

    def scope(self) -> Scope | None:
        """Whose the service is; of a valid form."""
        return self.places[self.cleaned_data["place"]].scope

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            outside.check(url)
        except outside.Refused as refused:
            raise ValidationError(refused.sentence) from refused
        return url

    def clean_headers(self) -> str:
        text: str = self.cleaned_data["headers"]
        try:
            gateways.read_headers(text)
        except gateways.Wrong as wrong:
            raise ValidationError(wrong.sentence) from wrong
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        place = self.places.get(cleaned.get("place", ""))
        mine = self.row.pk if self.row else made_id(self.by, cleaned.get("key") or "")
        is_used = self.row is None or self.row.is_active
        if place is not None and is_used and others_in_use(self.kind, place.scope, but=mine):
            self.add_error(
                "place" if len(self.places) > 1 else None,
                _("Hier is al zo'n dienst in gebruik. Wijzig die, of zet die eerst uit."),
            )
        return cleaned

    def wanted(self) -> Wanted:
        """What was asked for; of a valid form."""
        data = self.cleaned_data
        headers = "" if data.get("drop_headers") else data["headers"] or None
        return Wanted(data["name"], data["url"], headers=headers, **self._own())

    def _own(self) -> dict[str, Any]:
        return {}


class TelephoneForm(ChannelForm):
    """A service that sends an SMS or makes a call, with the request that it asks for."""

    method = forms.ChoiceField(
        label=gettext_lazy("Manier van aanroepen"),
        choices=[("POST", "POST"), ("PUT", "PUT"), ("GET", "GET")],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Kies GET alleen als de dienst niets anders kent: het nummer staat dan in het adres."
        ),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Vorm van de aanroep"),
        choices=[("json", gettext_lazy("JSON")), ("form", gettext_lazy("Formulier: naam=waarde"))],
        widget=forms.RadioSelect,
    )
    body = forms.CharField(
        label=gettext_lazy("Inhoud van de aanroep"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("Zet {to} waar het nummer komt en {text} waar de tekst komt."),
        error_messages={"required": gettext_lazy("Vul in wat de dienst moet krijgen.")},
    )

    field_order = ["place", "name", "url", "method", "encoding", "body", "headers", "drop_headers"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        encoding = cleaned.get("encoding", "")
        if cleaned.get("method") == "GET" and encoding == "json":
            self.add_error("encoding", _("Bij GET staat alles in het adres. Kies dan Formulier."))
        elif encoding and cleaned.get("body"):
            try:
                gateways.read_body(cleaned["body"], encoding)
            except gateways.Wrong as wrong:
                self.add_error("body", wrong.sentence)
        return cleaned

    def _own(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("method", "encoding", "body")}


class WebhookForm(ChannelForm):
    """An address that gets a signed JSON message."""

    secret = forms.CharField(
        label=gettext_lazy("Geheim voor de handtekening"),
        max_length=200,
        error_messages={"required": gettext_lazy("Vul het geheim in dat u met de ontvanger afspreekt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    field_order = ["place", "name", "url", "secret", "headers", "drop_headers"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].required = self.row is None
        self.fields["secret"].help_text = (
            _("Ingesteld. Laat leeg om het te houden, of vul een nieuw geheim in.")
            if self.row
            else _(
                "Spreek met de ontvanger een lang, willekeurig geheim af. U ziet het hier niet meer terug."
            )
        )

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"]
        if secret and len(secret) < SHORTEST_SECRET:
            raise ValidationError(
                _("Dit geheim is te kort. Neem minstens %(n)s tekens.") % {"n": SHORTEST_SECRET}
            )
        return secret

    def _own(self) -> dict[str, Any]:
        return {"secret": self.cleaned_data["secret"] or None}


class PhoneForm(PortalForm):
    """One's own mobile number."""

    number = forms.CharField(
        label=gettext_lazy("Uw mobiele nummer"),
        max_length=30,
        help_text=gettext_lazy("Bijvoorbeeld 06 12345678. Alleen u ziet dit nummer."),
        error_messages={"required": gettext_lazy("Vul uw mobiele nummer in.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_number(self) -> str:
        if phones.codes_lately(self.by) >= phones.CODES_AN_HOUR:
            raise ValidationError(TOO_MANY_CODES)
        try:
            return phones.normalise(self.cleaned_data["number"])
        except phones.NotANumber as error:
            raise ValidationError(
                _("Vul een mobiel nummer in, zoals 06 12345678 of +32 470 12 34 56.")
            ) from error


class CodeForm(PortalForm):
    """The code that was sent to the number."""

    code = forms.CharField(
        label=gettext_lazy("De code van 6 cijfers"),
        max_length=12,
        error_messages={"required": gettext_lazy("Vul de code in.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", code):
            raise ValidationError(_("De code heeft 6 cijfers. Kijk nog eens in het bericht."))
        return code
