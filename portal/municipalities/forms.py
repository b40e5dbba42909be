"""The forms for one telephone number and for the mailbox of a municipality."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.planning.forms import DayField
from portal.ui.forms import FreeText, PortalForm

_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){2,15}")


class NumberForm(PortalForm):
    """What the register says of one number."""

    number = forms.CharField(
        label=gettext_lazy("Nummer"),
        max_length=20,
        help_text=gettext_lazy("Zoals mensen het opschrijven: 0800-2000."),
    )
    hours = FreeText(
        label=gettext_lazy("Wanneer bereikbaar"),
        rows=1,
        max_length=120,
        help_text=gettext_lazy("Bijvoorbeeld: dag en nacht, gratis."),
    )
    source = FreeText(
        label=gettext_lazy("Waar staat dat"),
        rows=1,
        max_length=200,
        help_text=gettext_lazy("De website of organisatie waar u het hebt nagekeken."),
    )
    checked_on = DayField(label=gettext_lazy("Gecontroleerd op"))

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        if not _NUMBER.fullmatch(number):
            raise ValidationError(_("Schrijf alleen cijfers, spaties en streepjes, zoals 0800-2000."))
        return number

    def clean_checked_on(self) -> date:
        day: date = self.cleaned_data["checked_on"]
        if day > clock.today():
            raise ValidationError(_("Deze dag moet nog komen. Kies vandaag of eerder."))
        return day


class MailboxForm(PortalForm):
    """In whose name a municipality invites people."""

    mailbox = forms.EmailField(
        label=gettext_lazy("E-mailadres van de postbus"),
        required=False,
        help_text=gettext_lazy(
            "Een adres van het bureau, niet van één mens. Leeg is het adres van het portaal."
        ),
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("Dit e-mailadres klopt niet. Kijk het na."),
            "max_length": gettext_lazy("Dit e-mailadres is te lang. Schrijf hoogstens 254 tekens."),
        },
    )

    def clean_mailbox(self) -> str:
        address: str = self.cleaned_data["mailbox"].lower()
        return address
