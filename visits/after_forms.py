"""Forms for what comes of a visit: promises, the answer, who was told, a next one; they do not save."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.tracking.forms import HolderField
from portal.planning.fields import DayField
from portal.ui.forms import CreatingForm, FreeText, PortalForm
from visits.enums import ReportTo
from visits.forms import on_past_day
from visits.models import Visit


class PledgeForm(CreatingForm):
    """A promise, with who keeps it and by when."""

    title = FreeText(label=gettext_lazy("Wat is er toegezegd?"), rows=1, max_length=120)
    due_on = DayField(label=gettext_lazy("Uiterlijk"))
    description = FreeText(
        label=gettext_lazy("Toelichting"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Aan welke organisatie, en wat precies. Geen namen van cliënten."),
    )

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"] = HolderField(
            scope=visit.scope, kind_key=visit.measure.kind, label=_("Wie komt het na?")
        )
        self.order_fields(["title", "holder", "due_on", "description"])


class WriteDownForm(PortalForm):
    """What the visit brought."""

    answer = FreeText(label=gettext_lazy("Antwoord op de vraag van het bezoek"), rows=4, required=False)
    learned = FreeText(label=gettext_lazy("Wat doen we een volgende keer anders?"), rows=3, required=False)


class ReportForm(CreatingForm):
    """Somebody was told."""

    to = forms.ChoiceField(label=gettext_lazy("Aan wie?"), choices=ReportTo.choices)
    on = DayField(label=gettext_lazy("Op welke dag?"))
    kept_in = FreeText(
        label=gettext_lazy("Waar staat het verslag?"),
        rows=1,
        max_length=160,
        required=False,
        help_text=gettext_lazy("Systeem en nummer, of het overleg."),
    )

    def clean_on(self) -> date | None:
        return on_past_day(self.cleaned_data["on"])


class DuplicateForm(CreatingForm):
    """A new visit after this one."""

    title = FreeText(label=gettext_lazy("Titel"), rows=1, max_length=120)
