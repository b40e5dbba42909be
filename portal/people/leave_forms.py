"""Forms for announcing and changing a leave."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.people import leave_queries
from portal.people.leave_rules import Plan, Problem, problem
from portal.people.marks import made_id
from portal.people.models import Leave, Person
from portal.planning.forms import DayField
from portal.ui.forms import PortalForm

# Which field a broken rule stands with, and what to do about it.
SAID: dict[Problem, tuple[str, str | Promise]] = {
    Problem.BACKWARDS: ("ends_on", gettext_lazy("De laatste dag ligt vóór de eerste dag. Draai ze om.")),
    Problem.PAST: ("ends_on", gettext_lazy("Deze dag is al voorbij. Kies vandaag of later.")),
    Problem.HIMSELF: ("deputy", gettext_lazy("Niemand kan zichzelf vervangen. Kies een collega.")),
    Problem.OVERLAP: (
        "starts_on",
        gettext_lazy("In deze dagen staat al ander verlof. Wijzig dat verlof of kies andere dagen."),
    ),
    Problem.CIRCLE: (
        "deputy",
        gettext_lazy("Zo vervangt u elkaar in een kring en is er niemand. Kies iemand die er dan wel is."),
    ),
    Problem.NOTHING_SHARED: (
        "deputy",
        gettext_lazy("Deze collega werkt in die dagen nergens samen met wie weg is. Kies iemand anders."),
    ),
    Problem.NO_LOCO: (
        "deputy",
        gettext_lazy(
            "Alleen een loco-burgemeester mag de burgemeester vervangen (Gemeentewet, artikel 77). Kies"
            " iemand die de rol loco-burgemeester alle dagen heeft, of laat de beheerder die rol geven."
        ),
    ),
}


class LeaveForm(PortalForm):
    """The days and the deputy; `leave` is the one that is changed."""

    starts_on = DayField(label=gettext_lazy("Eerste dag"))
    ends_on = DayField(
        label=gettext_lazy("Laatste dag"),
        help_text=gettext_lazy("De vervanging duurt tot en met deze dag, tot middernacht."),
    )
    deputy = forms.ChoiceField(
        label=gettext_lazy("Vervanger"),
        error_messages={
            "required": gettext_lazy("Kies wie vervangt."),
            "invalid_choice": gettext_lazy("Kies een vervanger uit de lijst."),
        },
    )

    def __init__(self, *args: Any, by: Person, person: Person, leave: Leave | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by, self.person, self.leave = by, person, leave
        if leave is not None and leave.began:
            # The past stays as it was.
            del self.fields["starts_on"]
        found = leave_queries.colleagues(person)
        self.deputies = {str(one.person.pk): one.person for one in found}
        field = self.fields["deputy"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Kies een collega")), *[(str(one.person.pk), one.label) for one in found]]
        if leave_queries.is_mayor(person):
            field.help_text = _("Een burgemeester wordt vervangen door een loco-burgemeester.")
        elif not found:
            field.help_text = _(
                "Er is nog geen collega om uit te kiezen. Vraag de beheerder iemand uit te nodigen."
            )
        else:
            field.help_text = _("U ziet straks eerst wat meegaat en wat de vervanger niet mag zien.")

    def plan(self) -> Plan:
        """What was asked; of a form whose fields are good."""
        data = self.cleaned_data
        leave_id = self.leave.pk if self.leave else made_id(self.by, data.get("key", ""))
        deputy = self.deputies[data["deputy"]]
        return Plan(self.person, deputy, data["starts_on"], data["ends_on"], leave_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.leave is not None:
            cleaned.setdefault("starts_on", self.leave.starts_on)
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if "starts_on" in self.fields and first is not None and first < clock.today():
            self.add_error("starts_on", str(SAID[Problem.PAST][1]))
        elif first is not None and last is not None and last < first:
            self.refuse(Problem.BACKWARDS)
        elif not self.errors and (found := problem(self.plan())):
            self.refuse(found)
        return cleaned

    def refuse(self, found: Problem) -> None:
        """Say which rule is broken at the field that can mend it."""
        name, sentence = SAID[found]
        self.add_error(name if name in self.fields else "ends_on", str(sentence))
