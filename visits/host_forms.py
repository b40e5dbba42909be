"""Forms for the register of host organisations; they validate and do not save."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ui.forms import CreatingForm, FreeText, PortalForm
from visits.enums import HostKind
from visits.places import refuse_addresses


class HostForm(PortalForm):
    """An organisation in the register."""

    kind = forms.ChoiceField(label=gettext_lazy("Soort"), choices=HostKind.choices)
    name = FreeText(label=gettext_lazy("Naam"), rows=1, max_length=120, help_text="")
    address_is_secret = forms.BooleanField(
        label=gettext_lazy("Het adres is geheim"),
        help_text=gettext_lazy("Dan staat overal ‘adres bij host bekend’. De route hoort u mondeling."),
        required=False,
    )
    address = FreeText(
        label=gettext_lazy("Bezoekadres"),
        rows=1,
        max_length=160,
        required=False,
        help_text=gettext_lazy("Laat leeg als het adres geheim is."),
    )
    contact_name = FreeText(
        label=gettext_lazy("Contactpersoon"),
        rows=1,
        max_length=80,
        required=False,
        help_text=gettext_lazy("Iemand die daar werkt."),
    )
    contact_function = FreeText(
        label=gettext_lazy("Functie van de contactpersoon"),
        rows=1,
        max_length=80,
        required=False,
        help_text="",
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Zakelijk e-mailadres"), max_length=254, required=False
    )
    profile = FreeText(
        label=gettext_lazy("Wat doet de organisatie?"),
        rows=6,
        max_length=3000,
        required=False,
        help_text=gettext_lazy("Voor wie, met wie, met hoeveel mensen. Staat in de briefing."),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("Kan gekozen worden voor een nieuw bezoek"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("address_is_secret") and data.get("address"):
            self.add_error(
                "address", _("Van een geheim adres bewaart het portaal niets. Maak dit veld leeg.")
            )
        if data.get("address_is_secret"):
            refuse_addresses(self, data, ("name", "contact_name", "contact_function", "profile"))
        return data

    def facts(self) -> dict[str, Any]:
        names = (
            "kind",
            "name",
            "address_is_secret",
            "address",
            "contact_name",
            "contact_function",
            "contact_email",
            "profile",
            "is_active",
        )
        return {name: self.cleaned_data[name] for name in names}


class AddHostForm(HostForm, CreatingForm):
    """A new organisation."""
