"""Asking for a briefing: for whom it is made."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.briefings.registry import Audience
from portal.ui.forms import PortalForm


class AskForm(PortalForm):
    """Choose the audience; the one-time key is the form's own."""

    audience = forms.ChoiceField(label=gettext_lazy("Voor wie"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, audiences: Sequence[Audience], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["audience"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.key, one.label) for one in audiences]
