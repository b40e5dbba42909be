"""Forms for starting a visit and for what it is about; they validate and do not save."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.tracking.appointment_forms import HourField
from portal import clock
from portal.municipalities.models import Scope
from portal.planning.fields import DayField, wall_moment
from portal.ui.forms import CreatingForm, FreeText
from visits.enums import HostKind
from visits.models import Host
from visits.models.visits import USUAL_START
from visits.places import refuse_addresses

USUAL_MINUTES = 120
MOST_QUESTIONS = 5


def on_past_day(day: date | None) -> date | None:
    """A day that has been; a ValidationError for one that is still to come."""
    if day is not None and day > clock.today():
        raise ValidationError(_("Deze dag moet nog komen. Kies vandaag of een dag ervoor."))
    return day


class HoursFields(forms.Form):
    """A day with from and until, on the Amsterdam wall clock; within one day."""

    day = DayField(label=gettext_lazy("Dag"))
    starts = HourField(label=gettext_lazy("Van"))
    ends = HourField(label=gettext_lazy("Tot"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error(
                "ends",
                _("Het einde ligt na het begin, op dezelfde dag. Kies een tijd na %(start)s.")
                % {"start": f"{starts:%H:%M}"},
            )
        for name in ("starts", "ends"):
            if data.get("day") and data.get(name):
                try:
                    wall_moment(datetime.combine(data["day"], data[name]))
                except ValidationError as error:
                    self.add_error(name, error)
        return data

    def hours(self) -> tuple[datetime | None, datetime | None]:
        """Both moments of a form that is valid; nothing where no day was chosen."""
        data = self.cleaned_data
        if not data.get("day"):
            return None, None
        starts, ends = (wall_moment(datetime.combine(data["day"], data[one])) for one in ("starts", "ends"))
        return starts, ends


def usual_hours(begins: time = USUAL_START) -> dict[str, str]:
    """What stands in the fields as long as nobody chose."""
    ends = (datetime.combine(date.min, begins) + timedelta(minutes=USUAL_MINUTES)).time()
    return {"starts": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}


class NewHostFields(forms.Form):
    """An organisation that is not in the list yet."""

    host_kind = forms.ChoiceField(
        label=gettext_lazy("Soort organisatie"),
        choices=[("", gettext_lazy("Kies een soort")), *HostKind.choices],
        required=False,
    )
    host_name = FreeText(
        label=gettext_lazy("Naam van de organisatie"), rows=1, max_length=120, required=False, help_text=""
    )
    host_is_secret = forms.BooleanField(
        label=gettext_lazy("Het adres is geheim"),
        help_text=gettext_lazy("Dan staat overal ‘adres bij host bekend’. De route hoort u mondeling."),
        required=False,
    )


class StartForm(HoursFields, NewHostFields, CreatingForm):
    """A new visit: to whom, why, and when; the day may follow later."""

    host = forms.ChoiceField(label=gettext_lazy("Gastorganisatie"), required=False)
    question = FreeText(
        label=gettext_lazy("Welke vraag wil de burgemeester beantwoord zien?"),
        rows=1,
        max_length=300,
        required=False,
        help_text=gettext_lazy("Eén zin, zoals: waar wachten kinderen nu te lang op hulp?"),
    )
    aim = FreeText(
        label=gettext_lazy("Doel"),
        rows=2,
        max_length=500,
        required=False,
        help_text=gettext_lazy("Wat is er anders na het bezoek?"),
    )
    with_driehoek = forms.BooleanField(label=gettext_lazy("Met de driehoek"), required=False, initial=True)
    invites = forms.BooleanField(
        label=gettext_lazy("Nodig uit wie meegaat, zodra de dag bekend is"), required=False, initial=True
    )
    title = FreeText(
        label=gettext_lazy("Titel"),
        rows=1,
        max_length=120,
        required=False,
        help_text=gettext_lazy("Laat leeg voor ‘Werkbezoek aan …’."),
    )
    scope = forms.ChoiceField(label=gettext_lazy("Voor wie"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, scopes: Sequence[tuple[Scope, str]], hosts: Sequence[Host], **kwargs: Any
    ) -> None:
        self.scopes = {str(one.municipality_id): one for one, _name in scopes}
        self.hosts = {str(one.pk): one for one in hosts}
        super().__init__(*args, **kwargs)
        for name in ("day", "starts", "ends"):
            self.fields[name].required = False
        self.fields["day"].help_text = _("Nog niet bekend? Laat leeg; u kunt ook momenten voorleggen.")
        for name, value in usual_hours().items():
            self.fields[name].initial = value
        choice, host = self.fields["scope"], self.fields["host"]
        assert isinstance(choice, forms.ChoiceField)
        assert isinstance(host, forms.ChoiceField)
        choice.choices = [
            (key, name) for (key, _one), (_scope, name) in zip(self.scopes.items(), scopes, strict=True)
        ]
        if len(scopes) == 1:
            choice.widget = forms.HiddenInput()
            choice.initial = choice.choices[0][0]
        host.choices = [
            ("", _("Een nieuwe organisatie, of nog niet gekozen")),
            *((key, one.name) for key, one in self.hosts.items()),
        ]
        if not self.hosts:
            del self.fields["host"]
        self.order_fields(
            ["host", "host_kind", "host_name", "host_is_secret", "question", "aim", "day", "starts", "ends"]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("host"):
            if data.get("host_name") and not data.get("host_kind"):
                self.add_error("host_kind", _("Kies wat voor organisatie dit is."))
            if data.get("host_kind") and not data.get("host_name"):
                # The usual name of a kind will do.
                data["host_name"] = str(HostKind(data["host_kind"]).label)
        if data.get("day"):
            for name, words in (
                ("starts", _("Vul in hoe laat het begint.")),
                ("ends", _("Vul in tot hoe laat.")),
            ):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, words)
        chosen = self.hosts.get(data.get("host") or "")
        if chosen is not None and data.get("scope") and chosen.scope != self.scopes.get(data["scope"]):
            self.add_error("host", _("Deze organisatie staat in de lijst van een andere gemeente."))
        if chosen.address_is_secret if chosen else data.get("host_is_secret"):
            refuse_addresses(self, data, ("host_name", "title", "question", "aim"))
        return data

    def chosen_scope(self) -> Scope:
        return self.scopes[self.cleaned_data["scope"]]

    def chosen_host(self) -> Host | None:
        return self.hosts.get(self.cleaned_data.get("host") or "")

    def new_host(self) -> dict[str, Any] | None:
        """The facts of an organisation to add; None where one was chosen, or none at all."""
        data = self.cleaned_data
        if self.chosen_host() is not None or not data["host_name"]:
            return None
        return {
            "kind": data["host_kind"],
            "name": data["host_name"],
            "address_is_secret": data["host_is_secret"],
        }

    def named(self) -> str:
        """The title that was typed, or what the visit usually is called."""
        data, host = self.cleaned_data, self.chosen_host()
        name = host.name if host else data["host_name"]
        usual = _("Werkbezoek aan %(host)s") % {"host": name} if name else _("Werkbezoek")
        return data["title"] or str(usual)[:120]
