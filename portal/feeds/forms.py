"""The form with which somebody makes or changes a feed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.feeds.enums import Alarm, Level
from portal.feeds.registry import sources
from portal.ui.forms import CreatingForm, FreeText, PortalForm


class FeedForm(PortalForm):
    """What a feed is called, how much it tells, and when it warns."""

    label = FreeText(
        label=_("Waar gebruikt u deze link?"),
        rows=1,
        max_length=40,
        help_text=_("Bijvoorbeeld: telefoon. Zo weet u later welke u kunt intrekken."),
    )
    contents = forms.MultipleChoiceField(
        label=_("Wat komt erin?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste één.")},
    )
    level = forms.ChoiceField(
        label=_("Wat ziet iemand die in de agenda kijkt?"),
        widget=forms.RadioSelect,
        choices=Level.choices,
        initial=Level.BUSY,
        help_text=_("Kijkt er iemand mee op uw scherm of in uw agenda, kies dan Bezet."),
    )
    alarms = forms.MultipleChoiceField(
        label=_("Wanneer waarschuwt uw agenda?"),
        widget=forms.CheckboxSelectMultiple,
        choices=Alarm.choices,
        required=False,
        help_text=_("Kiest u niets, dan komt er geen melding."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["contents"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(one.key, one.name) for one in sources]

    def facts(self) -> dict[str, Any]:
        """What the actions want of a valid form."""
        return {name: self.cleaned_data[name] for name in ("label", "level", "contents", "alarms")}


class MakeForm(CreatingForm, FeedForm):
    """A new feed."""
