"""Forms for closed days and recess, and the field for a calendar day."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.municipalities.models import Scope
from portal.people.marks import made_id
from portal.people.models import Person
from portal.people.places import Place, own_places
from portal.planning.days import OfficeDays, last_known_day
from portal.planning.models import ClosedDay, Recess
from portal.ui.forms import FreeText, PortalForm

FIRST_DAY = date(2013, 1, 1)


class DayField(forms.DateField):
    """A calendar day within the years whose holidays are known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages",
            {
                "invalid": gettext_lazy("Schrijf de datum als dag-maand-jaar, zoals 20-11-2026."),
                "required": gettext_lazy("Vul een datum in."),
            },
        )
        super().__init__(input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and day > last_known_day():
            raise ValidationError(
                _("Kies een datum tot en met %(year)s. Van latere jaren zijn de feestdagen nog niet bekend.")
                % {"year": last_known_day().year}
            )
        if day is not None and day < FIRST_DAY:
            raise ValidationError(_("Kies een datum vanaf %(year)s.") % {"year": FIRST_DAY.year})
        return day


class PlaceForm(PortalForm):
    """A form that first asks for which of the own municipalities; with one it does not ask."""

    place = forms.ChoiceField(label=gettext_lazy("Voor welke gemeente"))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        places = own_places(by)
        self.places = {place.key: place for place in places}
        choice = self.fields["place"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(place.key, place.name) for place in places]
        if len(places) == 1:
            choice.widget = forms.HiddenInput()
            self.initial["place"] = places[0].key

    def chosen(self) -> Place | None:
        """The municipality that was chosen; None while that is not clear."""
        return self.places.get(self.cleaned_data.get("place", ""))

    def scope(self) -> Scope:
        """The scope that was chosen; for a valid form."""
        place = self.chosen()
        assert place is not None
        assert place.scope is not None
        return place.scope

    def already(self, rows: "QuerySet[Any]") -> bool:
        """Whether such a row is there, other than the one this very form made at its first post."""
        made = made_id(self.by, self.cleaned_data.get("key", ""))
        return rows.exclude(pk=made).exists()


class ClosedDayForm(PlaceForm):
    """A day on which the town hall is shut."""

    day = DayField(label=gettext_lazy("Welke dag"))
    name = FreeText(
        label=gettext_lazy("Waarom"),
        rows=1,
        max_length=80,
        help_text=gettext_lazy("Bijvoorbeeld: collectieve vrije dag."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, place = cleaned.get("day"), self.chosen()
        if day is None or place is None:
            return cleaned
        if day < clock.today():
            self.add_error("day", _("Deze dag is al voorbij. Kies vandaag of later."))
        elif why := OfficeDays(closed={}).why_skipped(day):
            self.add_error("day", _("Deze dag telt al niet mee: %(why)s.") % {"why": why})
        elif self.already(ClosedDay.objects.filter(municipality_id=place.owner_id, day=day)):
            self.add_error("day", _("Deze dag staat al in de lijst."))
        return cleaned


class RecessForm(PlaceForm):
    """A period in which the council or the college does not meet."""

    name = FreeText(
        label=gettext_lazy("Hoe heet het reces"),
        rows=1,
        max_length=80,
        help_text=gettext_lazy("Bijvoorbeeld: kerstreces of zomerreces."),
    )
    starts_on = DayField(label=gettext_lazy("Eerste dag"))
    ends_on = DayField(label=gettext_lazy("Laatste dag"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last, place = cleaned.get("starts_on"), cleaned.get("ends_on"), self.chosen()
        if first is None or last is None or place is None:
            return cleaned
        if last < first:
            self.add_error("ends_on", _("De laatste dag ligt vóór de eerste dag. Draai ze om."))
        elif last < clock.today():
            self.add_error("ends_on", _("Dit reces is al voorbij. Kies een laatste dag vanaf vandaag."))
        elif self.already(
            Recess.objects.filter(municipality_id=place.owner_id, starts_on=first, ends_on=last)
        ):
            self.add_error("starts_on", _("Dit reces staat al in de lijst."))
        return cleaned


def chosen_before(request: HttpRequest) -> dict[str, Any]:
    """The municipality that the link to this form named."""
    return {"place": request.GET["voor"]} if "voor" in request.GET else {}
