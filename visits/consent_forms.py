"""Forms for the go of the host; no field asks for whoever it passes the go on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.planning.fields import DayField
from portal.ui.forms import CreatingForm, FreeText, PortalForm
from visits.enums import Meets, Use
from visits.models import Consent, Stop


def _not_ahead(day: date | None) -> date | None:
    if day is not None and day > clock.today():
        raise ValidationError(_("Kies vandaag of een dag daarvoor."))
    return day


# Where the go counts at every stop.
WHOLE = "all"


class GiveForm(CreatingForm):
    """For what the host gave its go, where, when, and as what somebody there said so."""

    uses = forms.MultipleChoiceField(
        label=gettext_lazy("Waarvoor"),
        choices=list(Use.choices),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Vraag het per gebruik. Een ja tegen een gesprek is geen ja tegen een foto."),
    )
    stop = forms.ChoiceField(label=gettext_lazy("Waar"), initial=WHOLE)
    given_on = DayField(label=gettext_lazy("Gezegd op"))
    said_by = FreeText(
        label=gettext_lazy("In welke functie is het gezegd?"),
        rows=1,
        max_length=80,
        help_text=gettext_lazy(
            "De functie bij de gastorganisatie, zoals ‘teamleider’. Nooit de naam van een cliënt: de"
            " gastorganisatie vraagt en bewaart het akkoord van de mensen zelf."
        ),
    )

    def __init__(self, *args: Any, stops: Sequence[Stop], standing: Sequence[Consent], **kwargs: Any) -> None:
        self.stops = {str(one.pk): one for one in stops}
        self.standing = {(str(one.stop_id or WHOLE), one.use) for one in standing}
        super().__init__(*args, **kwargs)
        where = self.fields["stop"]
        assert isinstance(where, forms.ChoiceField)
        where.choices = [
            (WHOLE, _("Het hele bezoek")),
            *((key, one.title) for key, one in self.stops.items()),
        ]
        if not self.stops:
            where.widget = forms.HiddenInput()

    def clean_given_on(self) -> date | None:
        return _not_ahead(self.cleaned_data["given_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        stop = self.chosen_stop()
        if stop is not None and stop.meets == Meets.MINORS and Use.PRESS in data.get("uses", ()):
            self.add_error(
                "uses", _("Bij dit onderdeel zijn minderjarigen; daar is nooit pers. Haal ‘Pers erbij’ weg.")
            )
        known = [use for use in data.get("uses", ()) if (data.get("stop", WHOLE), use) in self.standing]
        if known:
            names = ", ".join(str(Use(use).label) for use in known)
            self.add_error(
                "uses", _("Dit akkoord staat er al: %(names)s. Haal dat vinkje weg.") % {"names": names}
            )
        return data

    def chosen_stop(self) -> Stop | None:
        return self.stops.get(self.cleaned_data.get("stop") or "")


class WithdrawForm(PortalForm):
    """When the host took its go back."""

    on = DayField(label=gettext_lazy("Ingetrokken op"))

    def __init__(self, *args: Any, consent: Consent, **kwargs: Any) -> None:
        self.consent = consent
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date | None:
        day = _not_ahead(self.cleaned_data["on"])
        if day is not None and day < self.consent.given_on:
            raise ValidationError(_("De dag van intrekken ligt niet voor de dag van het akkoord."))
        return day
