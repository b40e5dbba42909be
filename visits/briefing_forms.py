"""The form for what the papers of a visit say beside its programme."""

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.planning.fields import DayField
from portal.ui.forms import FreeText, PortalForm
from visits.forms import MOST_QUESTIONS
from visits.models import Visit
from visits.models.figures import MOST_FIGURES
from visits.places import refuse_addresses

# A count below this can be one child that people know.
SMALL = 5
DAYS = gettext_lazy("Vul een getal in van 0 tot en met 20.")
TEXT_FIELDS = (
    "between_us",
    "sensitive",
    "questions_to_ask",
    "not_to_say",
    "press_line",
    "speaks_to_press",
    "house_rules",
    "asked_of_host",
)
FIGURE_FIELDS = ("value", "about", "source", "as_of")


def _prose(label: Any, help_text: Any = "", rows: int = 4) -> FreeText:
    hint = help_text or gettext_lazy("Schrijf geen gegevens van kinderen, slachtoffers of andere burgers.")
    return FreeText(label=label, rows=rows, max_length=4000, required=False, help_text=hint)


class ContentForm(PortalForm):
    """Everything the office writes for the briefing and the sheets, on one page."""

    between_us = _prose(
        gettext_lazy("Wat er speelt tussen gemeente en organisatie"),
        gettext_lazy("Zoals het contract, de subsidie of de wachtlijst. Alleen in de briefing."),
    )
    sensitive = _prose(
        gettext_lazy("Gevoelige punten"),
        gettext_lazy("Alleen de burgemeester leest dit, nooit de gast of de pers."),
    )
    questions_to_ask = _prose(
        gettext_lazy("Vragen om te stellen"), gettext_lazy("Een vraag per regel, hoogstens vijf."), 5
    )
    not_to_say = _prose(gettext_lazy("Niet zeggen of beloven"))
    press_line = _prose(
        gettext_lazy("Perslijn"), gettext_lazy("Wat de burgemeester zegt als de pers iets vraagt.")
    )
    speaks_to_press = FreeText(
        label=gettext_lazy("Wie de pers te woord staat"),
        rows=1,
        max_length=80,
        required=False,
        help_text=gettext_lazy("Een functie of de naam van een woordvoerder."),
    )
    house_rules = _prose(
        gettext_lazy("Huisregels"),
        gettext_lazy("Een regel per afspraak met de gastorganisatie, zoals: telefoons blijven weg."),
    )
    asked_of_host = _prose(
        gettext_lazy("Wat u de gastorganisatie vraagt"),
        gettext_lazy("Een regel per vraag, zoals: een ruimte zonder ramen aan de straat."),
    )
    briefing_days = forms.IntegerField(
        label=gettext_lazy("Hoeveel werkdagen vooraf de briefing komt"),
        min_value=0,
        max_value=20,
        help_text=gettext_lazy("0 is op de dag zelf. Hij komt om 6 uur ’s ochtends."),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), DAYS),
    )
    # A hash of the small numbers that were shown with their warning: they are kept at the second press.
    seen_small = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, is_secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_secret = is_secret
        for nr in range(MOST_FIGURES):
            for name, field in self._row(nr).items():
                self.fields[f"figure_{nr}_{name}"] = field

    @staticmethod
    def _row(nr: int) -> dict[str, forms.Field]:
        def words(label: Any, length: int) -> FreeText:
            return FreeText(label=label, rows=1, max_length=length, required=False, help_text="")

        return {
            "value": words(gettext_lazy("Cijfer"), 40),
            "about": words(gettext_lazy("Waarover"), 160),
            "source": words(gettext_lazy("Bron"), 160),
            "as_of": DayField(
                label=gettext_lazy("Van welke dag"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            ),
        }

    def texts(self) -> list[forms.BoundField]:
        """The fields above the figures, as they stand on the page."""
        return [self[name] for name in TEXT_FIELDS]

    def figure_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"figure_{nr}_{name}"] for name in FIGURE_FIELDS] for nr in range(MOST_FIGURES)]

    def clean_questions_to_ask(self) -> str:
        lines = [one.strip() for one in self.cleaned_data["questions_to_ask"].splitlines() if one.strip()]
        if len(lines) > MOST_QUESTIONS:
            raise ValidationError(
                _("Hoogstens %(most)s vragen; u schreef er %(count)s. Laat de minst belangrijke weg.")
                % {"most": MOST_QUESTIONS, "count": len(lines)}
            )
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for nr in range(MOST_FIGURES):
            row = {name: data.get(f"figure_{nr}_{name}") for name in FIGURE_FIELDS}
            if any(row.values()):
                self._whole(nr, row)
        self._small(data)
        if self.is_secret:
            refuse_addresses(self, data, TEXT_FIELDS)
        return data

    def _whole(self, nr: int, row: dict[str, Any]) -> None:
        missing = {
            "value": _("Vul het cijfer in, of maak de hele rij leeg."),
            "about": _("Schrijf waar dit cijfer over gaat."),
            "source": _("Schrijf waar dit cijfer vandaan komt."),
            "as_of": _("Vul in van welke dag dit cijfer is."),
        }
        for name, words in missing.items():
            field = f"figure_{nr}_{name}"
            if not row[name] and field not in self.errors:
                self.add_error(field, words)

    def _small(self, data: dict[str, Any]) -> None:
        fields = [f"figure_{nr}_value" for nr in range(MOST_FIGURES)]
        found = {name: data[name] for name in fields if is_small(data.get(name) or "")}
        if not found:
            return
        seen = sha256(repr(sorted(found.items())).encode()).hexdigest()
        if data.get("seen_small") == seen:
            return
        for name in found:
            self.add_error(
                name,
                ValidationError(
                    _(
                        "Laat tellingen onder de 5 weg: in een kleine gemeente is zo’n getal iemand. "
                        "Druk nog eens als het geen mensen telt."
                    ),
                    code="warn",
                ),
            )
        self.show(seen_small=seen)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*TEXT_FIELDS, "briefing_days")}

    def figures(self) -> list[dict[str, Any]]:
        """The rows that were filled in."""
        rows = [
            {name: self.cleaned_data[f"figure_{nr}_{name}"] for name in FIGURE_FIELDS}
            for nr in range(MOST_FIGURES)
        ]
        return [one for one in rows if one["value"]]


def is_small(value: str) -> bool:
    """A whole number under five."""
    return value.isascii() and value.isdigit() and int(value) < SMALL


def initial_of(visit: Visit) -> dict[str, Any]:
    """What the fields show of a visit."""
    found = {name: getattr(visit, name) for name in (*TEXT_FIELDS, "briefing_days", "version")}
    for nr, one in enumerate(visit.figures.order_by("order", "id")[:MOST_FIGURES]):
        for name in FIGURE_FIELDS:
            found[f"figure_{nr}_{name}"] = getattr(one, name)
    return found
