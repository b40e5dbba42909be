"""Asking for a briefing, and choosing when one comes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.briefings.models import Timetable
from portal.briefings.registry import Audience, Document
from portal.briefings.rhythm import Every
from portal.deadlines.forms import HourField
from portal.ui.forms import PortalForm

WEEKDAYS = (
    (0, gettext_lazy("maandag")),
    (1, gettext_lazy("dinsdag")),
    (2, gettext_lazy("woensdag")),
    (3, gettext_lazy("donderdag")),
    (4, gettext_lazy("vrijdag")),
    (5, gettext_lazy("zaterdag")),
    (6, gettext_lazy("zondag")),
)
MOST_DAYS_AFTER = 20


class AskForm(PortalForm):
    """Choose the audience; the one-time key is the form's own."""

    audience = forms.ChoiceField(label=gettext_lazy("Voor wie"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, audiences: Sequence[Audience], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["audience"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.key, one.label) for one in audiences]


class TimetableForm(PortalForm):
    """Whether a briefing comes, at which hour and on which day; it asks only what its rhythm has."""

    is_on = forms.BooleanField(label=gettext_lazy("Maak deze briefing vanzelf"), required=False)
    at = HourField(label=gettext_lazy("Hoe laat"))
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Op welke dag"),
        choices=WEEKDAYS,
        coerce=int,
        error_messages={
            "required": gettext_lazy("Kies een dag uit de lijst."),
            "invalid_choice": gettext_lazy("Kies een dag uit de lijst."),
        },
        help_text=gettext_lazy(
            "Is het gemeentehuis die dag dicht, dan komt hij op de eerste werkdag daarna in die week."
        ),
    )
    days_after = forms.IntegerField(
        label=gettext_lazy("Hoeveel dagen na het begin van het kwartaal"),
        min_value=0,
        max_value=MOST_DAYS_AFTER,
        help_text=gettext_lazy("0 is de eerste dag, of de eerste werkdag als alleen die tellen."),
        error_messages={
            "required": gettext_lazy("Vul een getal in van 0 tot en met 20."),
            "invalid": gettext_lazy("Vul een getal in van 0 tot en met 20."),
            "min_value": gettext_lazy("Vul een getal in van 0 tot en met 20."),
            "max_value": gettext_lazy("Vul een getal in van 0 tot en met 20."),
        },
    )
    office_days_only = forms.BooleanField(
        label=gettext_lazy("Alleen op werkdagen"),
        required=False,
        help_text=gettext_lazy("Niet in het weekend, op feestdagen en op uw gesloten dagen."),
    )

    def __init__(self, *args: Any, of: Document, row: Timetable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert of.rhythm is not None
        self.row = row
        if of.rhythm.every != Every.WEEK:
            del self.fields["weekday"]
        if of.rhythm.every != Every.QUARTER:
            del self.fields["days_after"]

    def wanted(self) -> dict[str, Any]:
        """Every field of a timetable; what the form does not ask stays as it is."""
        names = ("is_on", "at", "weekday", "days_after", "office_days_only")
        return {name: self.cleaned_data.get(name, getattr(self.row, name)) for name in names}
