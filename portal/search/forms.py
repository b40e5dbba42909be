"""The search box."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.search.words import asked
from portal.ui.forms import PortalForm
from portal.ui.private import holds_bsn

LONGEST = 120


class SearchForm(PortalForm):
    """What is sought; posted, so that it stands in no address."""

    q = forms.CharField(
        label=gettext_lazy("Zoek in maatregelen, acties en stukken"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Typ een woord waarop u wilt zoeken.")},
    )

    def clean_q(self) -> Any:
        text = self.cleaned_data["q"]
        if holds_bsn(text):
            raise ValidationError(
                _("Hier staat een burgerservicenummer. Dit portaal bewaart geen BSN; zoek op iets anders.")
            )
        if not asked(text):
            raise ValidationError(_("Typ een woord waarop u wilt zoeken."))
        return text
