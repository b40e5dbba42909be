"""Forms for appointments; one day, from and until, and what the mayor must not forget to say."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.tracking.models import Appointment
from portal import clock
from portal.feeds.invitations import Guest
from portal.feeds.models import Invitation
from portal.people.models import Person
from portal.planning.fields import DayField, wall_moment
from portal.ui.forms import CreatingForm, FreeText, PortalForm

MOST_POINTS = 3
LONGEST_POINT = 160


class HourField(forms.TimeField):
    """A time on the Amsterdam wall clock."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": gettext_lazy("Schrijf de tijd als 14:30.")})
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], **kwargs)


class PointsField(FreeText):
    """At most three talking points, one on a line."""

    def clean(self, value: Any) -> str:
        text = super().clean(value) or ""
        lines = [" ".join(line.split()).lstrip("-•* ") for line in text.splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_POINTS:
            raise ValidationError(
                _("Schrijf hoogstens drie gesprekspunten, elk op een eigen regel. Nu zijn het er %(count)s.")
                % {"count": len(lines)}
            )
        if any(len(line) > LONGEST_POINT for line in lines):
            raise ValidationError(
                _("Maak elk gesprekspunt korter dan %(most)s tekens.") % {"most": LONGEST_POINT}
            )
        return "\n".join(lines)


class AppointmentForm(PortalForm):
    """What an appointment is, when, where, and its talking points."""

    title = FreeText(label=gettext_lazy("Waar gaat de afspraak over?"), rows=1, max_length=120)
    day = DayField(label=gettext_lazy("Op welke dag"))
    starts = HourField(label=gettext_lazy("Van"))
    ends = HourField(label=gettext_lazy("Tot"))
    place = FreeText(
        label=gettext_lazy("Plaats"),
        rows=1,
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "Geen geheim adres: schrijf dan ‘adres bij gastheer bekend’. Wie u uitnodigt, ziet deze plaats."
        ),
    )
    points = PointsField(
        label=gettext_lazy("Gesprekspunten"),
        rows=3,
        max_length=1000,
        required=False,
        help_text=gettext_lazy(
            "Hoogstens drie, elk op een eigen regel. Ze staan in de dagbrief van de burgemeester;"
            " gasten zien ze niet. Geen namen van kinderen, slachtoffers of andere burgers."
        ),
    )

    def __init__(self, *args: Any, appointment: Appointment | None = None, **kwargs: Any) -> None:
        self.appointment = appointment
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, starts, ends = cleaned.get("day"), cleaned.get("starts"), cleaned.get("ends")
        if day is None or starts is None or ends is None:
            return cleaned
        if ends == starts:
            self.add_error("ends", _("Het einde is gelijk aan het begin. Kies een latere eindtijd."))
        elif ends < starts:
            self.add_error(
                "ends",
                _(
                    "De eindtijd ligt vóór de begintijd. Loopt de afspraak door na middernacht,"
                    " kies dan 23:59 en plan de rest op de volgende dag."
                ),
            )
        for name, wall in (("starts", starts), ("ends", ends)):
            try:
                wall_moment(datetime.combine(day, wall))
            except ValidationError as error:
                self.add_error(name, error)
        if not self.errors and self._is_past(clock.at(day, starts)):
            self.add_error("day", _("Dit moment is al voorbij. Kies een moment dat nog komt."))
        return cleaned

    def _is_past(self, begins: datetime) -> bool:
        kept = self.appointment is not None and self.appointment.starts_at == begins
        return not kept and begins <= clock.now()

    def facts(self) -> dict[str, Any]:
        """What the actions want of a valid form."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "starts_at": clock.at(data["day"], data["starts"]),
            "ends_at": clock.at(data["day"], data["ends"]),
            "place": data["place"],
            "points": data["points"],
        }


class PlanForm(CreatingForm, AppointmentForm):
    """A new appointment."""


def initial_of(appointment: Appointment) -> dict[str, Any]:
    """The fields of the form that changes this appointment."""
    starts, ends = (
        moment.astimezone(clock.AMSTERDAM) for moment in (appointment.starts_at, appointment.ends_at)
    )
    return {
        "title": appointment.title,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "place": appointment.place,
        "points": appointment.talking_points,
        "version": appointment.version,
    }


class ColleaguesField(forms.MultipleChoiceField):
    """Colleagues to choose from; one who is in `done` is not offered any more, and no mistake either."""

    done: Collection[str] = ()

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or value in self.done


class InviteForm(PortalForm):
    """Who is invited: colleagues who see the measure, and one guest from outside at a time."""

    people = ColleaguesField(
        label=gettext_lazy("Collega’s"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("Wie u koos, kan deze maatregel niet zien. Kies uit de lijst.")
        },
    )
    name = FreeText(
        label=gettext_lazy("Naam van een gast van buiten"),
        rows=1,
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "Voor iemand zonder account, bijvoorbeeld van een partner. Nodig hier geen burgers uit."
        ),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mailadres van de gast"),
        required=False,
        help_text=gettext_lazy("Het adres van het werk."),
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("Dit e-mailadres klopt niet. Kijk het na."),
            "max_length": gettext_lazy("Dit e-mailadres is te lang. Schrijf hoogstens 254 tekens."),
        },
    )

    def __init__(
        self, *args: Any, colleagues: Sequence[Person], invited: Sequence[Invitation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        asked = {one.person_id for one in invited}
        self.colleagues = {str(one.pk): one for one in colleagues if one.pk not in asked}
        self.invited = {one.address for one in invited}
        self.addresses = {one.email for one in colleagues}
        choice = self.fields["people"]
        assert isinstance(choice, ColleaguesField)
        choice.choices = [(key, one.name) for key, one in self.colleagues.items()]
        choice.done = {str(one) for one in asked if one}
        if not self.colleagues:
            choice.widget = forms.MultipleHiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        name, email = cleaned["name"], cleaned["email"].lower()
        if email in self.invited:
            return cleaned  # the second press finds it done
        if email in self.addresses:
            self.add_error("email", _("Dit is een collega. Kies hem of haar in de lijst hierboven."))
        elif email and not name:
            self.add_error("name", _("Vul ook de naam van de gast in."))
        elif name and not email:
            self.add_error("email", _("Vul ook het e-mailadres van de gast in."))
        elif not email and not cleaned["people"]:
            self.add_error(None, _("Kies een collega of vul een gast in."))
        return cleaned

    def persons(self) -> list[Person]:
        """The colleagues that were chosen and are not invited yet."""
        chosen = self.cleaned_data["people"]
        return [self.colleagues[key] for key in chosen if key in self.colleagues]

    def guests(self) -> list[Guest]:
        """The guest that was filled in, if any, and is not invited yet."""
        name, email = self.cleaned_data["name"], self.cleaned_data["email"]
        return [Guest(name, email)] if email and email.lower() not in self.invited else []
