"""Forms about a visit that is there: its facts, its day, who comes along, the yes of its host."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.people.models import Person
from portal.planning.fields import DayField
from portal.ui.forms import CreatingForm, FreeText, PortalForm
from visits.enums import Answer, Function
from visits.forms import HoursFields, on_past_day, usual_hours
from visits.models import Companion, DateOption, Host, Visit
from visits.places import refuse_addresses, safe_place

AT_HOST = gettext_lazy("Een functie, zoals teamleider. Schrijf geen naam van een cliënt of bewoner.")


class ChangeForm(PortalForm):
    """What a visit is called and what it is about."""

    title = FreeText(label=gettext_lazy("Titel"), rows=1, max_length=120)
    host = forms.ChoiceField(label=gettext_lazy("Gastorganisatie"), required=False)
    question = FreeText(
        label=gettext_lazy("Welke vraag wil de burgemeester beantwoord zien?"),
        rows=1,
        max_length=300,
        required=False,
    )
    aim = FreeText(label=gettext_lazy("Doel"), rows=2, max_length=500, required=False)
    gathers_at = FreeText(
        label=gettext_lazy("Waar verzamelt iedereen?"),
        rows=1,
        max_length=120,
        required=False,
        help_text=gettext_lazy("Staat in de uitnodiging. Nooit een geheim adres."),
    )

    def __init__(self, *args: Any, visit: Visit, hosts: Sequence[Host], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        own = [one for one in hosts if one.scope == visit.scope]
        if visit.host is not None and visit.host not in own:
            own.insert(0, visit.host)
        self.hosts = {str(one.pk): one for one in own}
        choice = self.fields["host"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("Nog niet gekozen")), *((key, one.name) for key, one in self.hosts.items())]
        if visit.host is not None and visit.is_ahead:
            choice.help_text = _(
                "Kiest u een andere, dan vervalt wat deze goedvond. Haar contactpersoon krijgt een afzegging."
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        host = self.hosts.get(data.get("host") or "")
        place = data.get("gathers_at") or ""
        if host is not None and host.address_is_secret and not safe_place(place):
            self.add_error(
                "gathers_at",
                _(
                    "Het adres van deze organisatie is geheim. Schrijf alleen een bekende plek,"
                    " zoals ‘stadhuis’, of laat het leeg."
                ),
            )
        if host is not None and host.address_is_secret:
            refuse_addresses(self, data, ("title", "question", "aim"))
        return data

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        found = {name: data[name] for name in ("title", "question", "aim", "gathers_at")}
        return found | {"host": self.hosts.get(data["host"])}


class MoveForm(HoursFields, PortalForm):
    """Another day, or none."""

    invites = forms.BooleanField(
        label=gettext_lazy("Nodig ook uit wie nog niet is uitgenodigd"), required=False, initial=True
    )

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("day", "starts", "ends"):
            self.fields[field].required = False
        if visit.is_dated:
            self.fields["day"].help_text = _("Laat leeg als de dag vervalt; wie is uitgenodigd hoort dat.")
        self.order_fields(["day", "starts", "ends", "invites"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name, words in (
            ("starts", _("Vul in hoe laat het begint.")),
            ("ends", _("Vul in tot hoe laat.")),
        ):
            if data.get("day") and data.get(name) is None and name not in self.errors:
                self.add_error(name, words)
        return data


def hours_of(visit: Visit, option: DateOption | None = None) -> dict[str, Any]:
    """What stands in the form of the day: the option that was pressed, otherwise what holds now."""
    starts, ends = (option.starts_at, option.ends_at) if option else (visit.starts_at, visit.ends_at)
    if starts is None or ends is None:
        return usual_hours()
    here, until = starts.astimezone(clock.AMSTERDAM), ends.astimezone(clock.AMSTERDAM)
    return {"day": here.date(), "starts": f"{here:%H:%M}", "ends": f"{until:%H:%M}"}


class OptionForm(HoursFields, PortalForm):
    """One moment to put to everybody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in usual_hours().items():
            self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("day") and data.get("starts") and "starts" not in self.errors:
            if clock.at(data["day"], data["starts"]) <= clock.now():
                self.add_error("day", _("Dit moment is al geweest. Kies een dag en een tijd die nog komen."))
        return data


class AnswersForm(PortalForm):
    """What each of these people says to each moment; empty is not known.

    It carries what the page showed, so that only what was changed there is written down.
    """

    def __init__(
        self,
        *args: Any,
        options: Sequence[DateOption],
        who: Sequence[tuple[str, str]],
        said: dict[tuple[Any, str], str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cells: dict[str, tuple[DateOption, str]] = {}
        for option in options:
            for key, name in who:
                field = f"a_{option.pk.hex}_{key}"
                self.cells[field] = (option, key)
                self.fields[field] = forms.ChoiceField(
                    label=name,
                    required=False,
                    choices=[("", _("weet ik niet")), *Answer.choices],
                    initial=said.get((option.pk, key), ""),
                )
                self.fields[f"was_{field}"] = forms.CharField(
                    widget=forms.HiddenInput, required=False, initial=said.get((option.pk, key), "")
                )
        self.options = list(options)

    def groups(self) -> list[tuple[DateOption, list[Any]]]:
        """The fields of each moment, for the page."""
        return [
            (option, [self[name] for name, (of, _key) in self.cells.items() if of == option])
            for option in self.options
        ]

    def answers(self) -> list[tuple[DateOption, str, str]]:
        """Option, who and answer, of what was changed on the page."""
        said = self.cleaned_data
        return [
            (option, key, said[name])
            for name, (option, key) in self.cells.items()
            if said[name] != said[f"was_{name}"]
        ]


class CompanionForm(PortalForm):
    """In what function somebody comes along, and what he or she does that day."""

    function = forms.ChoiceField(label=gettext_lazy("Functie"), choices=Function.choices)
    part = FreeText(
        label=gettext_lazy("Rol die dag"),
        rows=1,
        max_length=200,
        required=False,
        help_text=gettext_lazy("Bijvoorbeeld: leidt het nagesprek."),
    )

    def __init__(self, *args: Any, is_secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_secret = is_secret

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.is_secret:
            refuse_addresses(self, data, ("part",))
        return data


class AddCompanionForm(CompanionForm, CreatingForm):
    """Somebody to bring along: a colleague with an account, or somebody by name."""

    person = forms.ChoiceField(label=gettext_lazy("Wie"), required=False)
    name = FreeText(
        label=gettext_lazy("Of: naam van iemand zonder account"),
        rows=1,
        max_length=80,
        required=False,
        help_text=gettext_lazy("Alleen wie beroepshalve meegaat."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mailadres voor de uitnodiging"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Alleen een zakelijk adres."),
    )
    invites = forms.BooleanField(label=gettext_lazy("Nodig meteen uit"), required=False, initial=True)

    def __init__(self, *args: Any, people: Sequence[tuple[Person, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one, _words in people}
        choice = self.fields["person"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [
            ("", _("Iemand zonder account")),
            *((str(one.pk), f"{one.name}, {words}") for one, words in people),
        ]
        self.order_fields(["person", "name", "email", "function", "part", "invites"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("person") and not data.get("name") and "name" not in self.errors:
            self.add_error("person", _("Kies iemand uit de lijst, of schrijf hieronder een naam."))
        return data

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "person": self.people.get(data["person"]),
            "name": data["name"],
            "email": data["email"],
            "function": data["function"],
            "part": data["part"],
            "key": data["key"],
        }


class ConfirmForm(PortalForm):
    """The host said yes."""

    said_by = FreeText(
        label=gettext_lazy("Wie bij de gastorganisatie zei ja?"), rows=1, max_length=80, help_text=AT_HOST
    )
    on = DayField(label=gettext_lazy("Op welke dag?"))

    def clean_on(self) -> date | None:
        return on_past_day(self.cleaned_data["on"])


def initial_of(companion: Companion) -> dict[str, Any]:
    return {"function": companion.function, "part": companion.part, "version": companion.version}
