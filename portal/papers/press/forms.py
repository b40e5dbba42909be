"""Writing a text for the press, asking approval of it, and answering."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.papers.press.enums import OUTSIDE, AsWhat, Decision, PressSort
from portal.planning.fields import DayField, MomentField
from portal.ui.forms import CreatingForm, FreeText, PortalForm

LONGEST = 20_000


class _Words(PortalForm):
    """The fields of a text."""

    sort = forms.ChoiceField(
        label=gettext_lazy("Soort"), choices=lambda: list(PressSort.choices), initial=PressSort.RELEASE
    )
    title = FreeText(label=gettext_lazy("Kop"), rows=1, max_length=160, help_text="")
    text = FreeText(
        label=gettext_lazy("Tekst"),
        rows=14,
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy(
            "Mag nog leeg blijven. Geen namen van kinderen of slachtoffers, en niets waaraan "
            "een opvangadres te herkennen is."
        ),
    )
    medium = FreeText(
        label=gettext_lazy("Waar komt het te staan?"),
        rows=1,
        max_length=120,
        required=False,
        help_text=gettext_lazy("Bijvoorbeeld: het huis-aan-huisblad."),
    )
    embargo_until = MomentField(
        label=gettext_lazy("Embargo tot"),
        required=False,
        help_text=gettext_lazy("Leeg is geen embargo."),
    )


class WriteForm(_Words):
    """Change the words of a plan or a draft."""


class PlanForm(CreatingForm, _Words):
    """Plan a text, with its words or without."""


class AskForm(PortalForm):
    """Whose approval is asked, in the fixed order, and until which day they have."""

    spokesperson = forms.BooleanField(label=AsWhat.SPOKESPERSON.label, required=False, initial=True)
    host = FreeText(
        label=AsWhat.HOST.label,
        rows=1,
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "Naam van de organisatie, als zij akkoord moet gaan. Geen naam van een persoon."
        ),
    )
    quoted = forms.BooleanField(
        label=AsWhat.QUOTED.label,
        required=False,
        help_text=gettext_lazy("De gastorganisatie vraagt het; hier komt geen naam te staan."),
    )
    answer_by = DayField(label=gettext_lazy("Antwoord uiterlijk"))

    def clean_answer_by(self) -> date:
        day: date = self.cleaned_data["answer_by"]
        if day < clock.today():
            raise ValidationError(_("Deze dag is voorbij. Kies vandaag of een latere dag."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("quoted") and not data.get("host") and "host" not in self.errors:
            self.add_error("host", _("Schrijf welke organisatie het de geciteerde vraagt."))
        return data

    def steps(self) -> list[tuple[AsWhat, str]]:
        """As what and which organisation, in the order in which they are asked; the mayor always last."""
        data = self.cleaned_data
        chosen = [one for one in AsWhat if one == AsWhat.MAYOR or data.get(str(one.value))]
        return [(one, data["host"] if one in OUTSIDE else "") for one in chosen]


class DecideForm(PortalForm):
    """Approve, or say what must change."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Antwoord"), choices=lambda: list(Decision.choices), widget=forms.RadioSelect
    )
    remark = FreeText(label=gettext_lazy("Opmerking"), rows=3, max_length=1000, required=False, help_text="")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        says_no = data.get("decision") == Decision.OBJECTED
        if says_no and not data.get("remark") and "remark" not in self.errors:
            self.add_error("remark", _("Schrijf wat er anders moet."))
        return data


class ReasonForm(PortalForm):
    """One reason, in a sentence."""

    reason = FreeText(label=gettext_lazy("Reden"), rows=2, max_length=500)


class PlaceForm(PortalForm):
    """Where and when it stood."""

    on = DayField(label=gettext_lazy("Geplaatst op"))
    where = FreeText(label=gettext_lazy("Waar"), rows=1, max_length=200, help_text="")

    def __init__(self, *args: Any, released_at: datetime | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.released_at = released_at

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("Deze dag moet nog komen. Noteer de plaatsing als het zover is."))
        if self.released_at and day < self.released_at.astimezone(clock.AMSTERDAM).date():
            raise ValidationError(_("Toen was de tekst nog niet vrijgegeven. Kies een latere dag."))
        return day
