"""Finishing an action with the evidence that its step asks for."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.tracking.enums import EvidenceKind
from portal import clock
from portal.briefings.models import Briefing
from portal.papers.models import PaperVersion
from portal.planning.fields import DayField
from portal.ui.forms import FreeText, PortalForm


class FinishForm(PortalForm):
    """Finish without evidence."""

    def evidence(self) -> dict[str, Any] | None:
        return None


class DecisionForm(FinishForm):
    """Finish with a decision: its text, by whom, when."""

    text = FreeText(label=gettext_lazy("Wat is besloten?"), rows=3, max_length=2000)
    decided_by_role = FreeText(
        label=gettext_lazy("Door wie (functie)"),
        rows=1,
        max_length=80,
        help_text=gettext_lazy("Bijvoorbeeld: burgemeester, college, driehoek."),
    )
    decided_by_name = FreeText(
        label=gettext_lazy("Naam van wie besloot"), rows=1, max_length=120, required=False, help_text=""
    )
    dated_on = DayField(label=gettext_lazy("Op welke datum"))

    def clean_dated_on(self) -> date:
        day: date = self.cleaned_data["dated_on"]
        if day > clock.today():
            raise ValidationError(_("Deze datum ligt in de toekomst. Vul de dag van het besluit in."))
        return day

    def evidence(self) -> dict[str, Any] | None:
        names = ("text", "decided_by_role", "decided_by_name", "dated_on")
        return {name: self.cleaned_data[name] for name in names}


# The stubs call the field generic; at run time Django's class takes no argument.
class PaperChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among the checked papers at hand, by their titles."""

    def label_from_instance(self, row: Any) -> str:
        return _("%(title)s (versie %(number)s)") % {"title": row.paper.title, "number": row.number}


class DocumentForm(FinishForm):
    """Finish with a document: a paper of the portal, or where it is kept otherwise."""

    paper_version = PaperChoice(
        label=gettext_lazy("Stuk in het portaal"),
        queryset=PaperVersion.objects.none(),
        required=False,
        empty_label=gettext_lazy("Het document staat ergens anders"),
    )
    kept_in = FreeText(
        label=gettext_lazy("Waar staat het document?"),
        rows=1,
        max_length=120,
        required=False,
        help_text=gettext_lazy("De naam van het systeem of de map, bijvoorbeeld het zaaksysteem."),
    )
    reference = FreeText(
        label=gettext_lazy("Nummer of titel"), rows=1, max_length=120, required=False, help_text=""
    )
    dated_on = DayField(label=gettext_lazy("Datum van het document"))

    def __init__(self, *args: Any, papers: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["paper_version"]
        assert isinstance(choice, forms.ModelChoiceField)
        if papers is not None:
            choice.queryset = papers
        self.has_papers = bool(papers)
        if not self.has_papers:
            del self.fields["paper_version"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("paper_version"):
            for name, missing in (
                ("kept_in", _("Schrijf waar het document staat.")),
                ("reference", _("Schrijf het nummer of de titel van het document.")),
            ):
                if name in data and not data[name]:
                    self.add_error(name, missing)
        return data

    def evidence(self) -> dict[str, Any] | None:
        """The paper that was chosen, or else where the document is kept."""
        data = self.cleaned_data
        if chosen := data.get("paper_version"):
            return {"paper_version": chosen, "dated_on": data["dated_on"]}
        return {name: data[name] for name in ("kept_in", "reference", "dated_on")}


class BriefingForm(FinishForm):
    """Finish with a briefing that the portal made."""

    briefing = forms.ModelChoiceField(
        label=gettext_lazy("Briefing"), queryset=Briefing.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, briefings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["briefing"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = briefings

    def evidence(self) -> dict[str, Any] | None:
        return {"briefing": self.cleaned_data["briefing"]}


FINISH_FORMS: dict[str, type[FinishForm]] = {
    EvidenceKind.NONE: FinishForm,
    EvidenceKind.DECISION: DecisionForm,
    EvidenceKind.DOCUMENT: DocumentForm,
    EvidenceKind.BRIEFING: BriefingForm,
}
