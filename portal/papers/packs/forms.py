"""Asking for a pack: which items and which papers go in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.papers.packs.compose import Offer, paper_key
from portal.ui.forms import CreatingForm


class AskForm(CreatingForm):
    """Everything the reader sees, ticked; a paper whose item is left out stays out too."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("Onderdelen"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Kies minstens één onderdeel.")},
    )
    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Stukken"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Een stuk staat in de bundel achter het onderdeel waar het bij hoort."),
    )

    def __init__(self, *args: Any, offer: Offer, left_out: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._every = offer.keys()
        self._choose("items", [(one.key, one.title) for one in offer.items], left_out)
        papers = [
            (paper_key(paper.pk), f"{paper.title} ({item.title})")
            for item in offer.items
            for paper in offer.papers[item.key]
        ]
        self._choose("papers", papers, left_out)
        if not papers:
            del self.fields["papers"]

    def _choose(self, name: str, choices: list[tuple[str, str]], left_out: list[str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
        self.initial.setdefault(name, [key for key, _label in choices if key not in left_out])

    def left_out(self) -> list[str]:
        """What was not ticked; for a valid form."""
        ticked = {*self.cleaned_data["items"], *self.cleaned_data.get("papers", [])}
        return sorted(self._every - ticked)
