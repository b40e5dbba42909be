"""Forms for inviting people, taking up an invitation, changing and ending a role, and one's own data."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.municipalities.models import Driehoek, Scope
from portal.people import kept, permissions, queries
from portal.people.actions.invitations import Asked
from portal.people.enums import Role
from portal.people.marks import made_id
from portal.people.models import Invitation, Membership, Person
from portal.people.places import Place, own_places
from portal.planning.forms import DayField
from portal.ui.forms import FreeText, PortalForm

# Why a password is refused; the words of the framework are not all there in Dutch.
_REFUSED: dict[str, Any] = {
    "password_too_short": gettext_lazy("Dit wachtwoord is te kort. Kies minstens 12 tekens."),
    "password_too_common": gettext_lazy("Dit wachtwoord is te bekend. Kies een zin van uzelf."),
    "password_too_similar": gettext_lazy("Dit lijkt te veel op uw naam of e-mailadres. Kies iets anders."),
}
LEADS = "trekker"
STAYS = "blijft"


def place_choices(person: Person) -> dict[str, list[Place]]:
    """The places whose people this person keeps, under a heading each."""
    if not permissions.is_national(person):
        return {"": own_places(person)}
    return {
        _("Portaal"): [Place(None, _("Landelijk"))],
        _("Driehoeken"): [
            Place(Scope(driehoek_id=row.pk), row.name) for row in Driehoek.objects.order_by("name", "id")
        ],
        _("Gemeenten"): [Place(Scope(row.pk), row.name) for row in queries.valid_municipalities()],
    }


class PeriodFields(PortalForm):
    """A function and a period; the last day counts until midnight."""

    function = FreeText(
        label=gettext_lazy("Functie"),
        rows=1,
        max_length=80,
        required=False,
        help_text=gettext_lazy("Bijvoorbeeld: officier van justitie, wethouder zorg."),
    )
    starts_on = DayField(label=gettext_lazy("Eerste dag"))
    ends_on = DayField(
        label=gettext_lazy("Laatste dag"),
        required=False,
        help_text=gettext_lazy("Laat leeg als er nog geen einde bekend is."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if last is not None and last < clock.today():
            self.add_error("ends_on", self.past_end())
        elif first is not None and last is not None and last < first:
            self.add_error("ends_on", _("De laatste dag ligt vóór de eerste dag."))
        return cleaned

    def past_end(self) -> str:
        """What to say of a last day that is over."""
        return _("Deze laatste dag is al voorbij. Kies vandaag of later.")


class InviteForm(PeriodFields):
    """Ask somebody for a role."""

    name = FreeText(
        label=gettext_lazy("Naam"),
        rows=1,
        max_length=120,
        error_messages={"required": gettext_lazy("Vul de naam in.")},
        help_text=gettext_lazy("Wie u uitnodigt, kan de naam daarna zelf verbeteren."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mailadres van het werk"),
        max_length=254,
        error_messages={
            "max_length": gettext_lazy("Dit e-mailadres is te lang. Schrijf hoogstens 254 tekens."),
            "required": gettext_lazy("Vul het e-mailadres in."),
            "invalid": gettext_lazy("Vul een e-mailadres in, zoals naam@gemeente.nl."),
        },
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Waar"), error_messages={"required": gettext_lazy("Kies waar.")}
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Rol"), error_messages={"required": gettext_lazy("Kies een rol.")}
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        groups = place_choices(by)
        self.places = {place.key: place for group in groups.values() for place in group}
        where, role = self.fields["place"], self.fields["role"]
        assert isinstance(where, forms.ChoiceField)
        assert isinstance(role, forms.ChoiceField)
        options = [(name, [(one.key, one.name) for one in group]) for name, group in groups.items()]
        where.choices = [("", _("Kies waar")), *options] if len(self.places) > 1 else options
        if len(self.places) == 1:
            where.widget = forms.HiddenInput()
            self.initial["place"] = next(iter(self.places))
        given = {one for place in self.places.values() for one in permissions.roles_in(place.scope)}
        self.roles = [one for one in Role if one in given]
        role.choices = [("", _("Kies een rol")), *[(str(one), one.label) for one in self.roles]]
        self.order_fields(["name", "email", "place", "role", "function", "starts_on", "ends_on"])

    def chosen(self) -> Place | None:
        """The place that was chosen; None while that is not clear."""
        return self.places.get(self.cleaned_data.get("place", ""))

    def asked(self) -> Asked:
        """What somebody is asked for; of a valid form."""
        place, data = self.chosen(), self.cleaned_data
        assert place is not None
        return Asked(place, data["role"], data["starts_on"], data["ends_on"], data["function"])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.strip().lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, place, role = cleaned.get("starts_on"), self.chosen(), cleaned.get("role", "")
        if first is not None and first < clock.today():
            self.add_error("starts_on", _("De eerste dag is al voorbij. Kies vandaag of later."))
        if place is None or not role:
            return cleaned
        if not permissions.can_give(self.by, role, place.scope):
            self.add_error("role", _("Deze rol bestaat daar niet. Kies een andere rol."))
        elif cleaned.get("email"):
            self._refuse_twice(place, role, cleaned["email"])
        return cleaned

    def _refuse_twice(self, place: Place, role: str, email: str) -> None:
        """Nobody gets the same role or invitation twice; what this very form made does not count."""
        made = made_id(self.by, self.cleaned_data.get("key", ""))
        same: dict[str, Any] = {"role": role, **place.as_fields()}
        has_it = Membership.objects.filter(kept.not_over(clock.today()), person__email=email, **same)
        asked = Invitation.objects.filter(
            email=email, accepted_by__isnull=True, withdrawn_at__isnull=True, **same
        )
        if has_it.exclude(pk=made).exists():
            self.add_error("email", _("Wie dit adres heeft, heeft deze rol hier al."))
        elif asked.exclude(pk=made).exists():
            self.add_error(
                "email",
                _("Dit adres is al uitgenodigd voor deze rol. Stuur die uitnodiging opnieuw bij Mensen."),
            )


class ChangeForm(PeriodFields):
    """Change the function or the period of a role."""

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if membership.starts_on <= clock.today():
            # The past stays as it was.
            del self.fields["starts_on"]
        self.membership = membership

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned.setdefault("starts_on", self.membership.starts_on)
        first = cleaned["starts_on"]
        if "starts_on" in self.fields and first is not None and first < clock.today():
            self.add_error("starts_on", _("De eerste dag is al voorbij. Kies vandaag of later."))
        return cleaned

    def past_end(self) -> str:
        return _("Deze laatste dag is al voorbij. Wilt u de rol nu beëindigen? Gebruik dan ‘Beëindig nu’.")


class EndForm(PortalForm):
    """Who gets what the person still holds; asked only when there is something to hand on."""

    def __init__(
        self, *args: Any, others: Sequence[tuple[Person, str]], stays: str, asks: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(person.pk): person for person, _roles in others}
        if not asks:
            return
        first = [("", _("Kies wie")), (LEADS, _("De trekker van elke maatregel"))]
        if stays:
            first.append((STAYS, stays))
        people = [(str(person.pk), f"{person.name} ({roles})") for person, roles in others]
        self.fields["to"] = forms.ChoiceField(
            label=_("Wie neemt de open acties over?"),
            choices=[*first, (_("Een persoon"), people)] if people else first,
            help_text=_("De nieuwe actiehouder krijgt hierover één bericht."),
            error_messages={"required": _("Kies wie de open acties overneemt.")},
        )

    def hand_over(self) -> bool:
        """Whether something goes to somebody else."""
        chosen: str = self.cleaned_data.get("to", LEADS)
        return chosen != STAYS

    def to(self) -> Person | None:
        """The person who takes over; None for whoever leads each."""
        return self.others.get(self.cleaned_data.get("to", ""))


class MeForm(PortalForm):
    """One's own name and language."""

    name = FreeText(label=gettext_lazy("Naam"), rows=1, max_length=120, help_text="")
    language = forms.ChoiceField(
        label=gettext_lazy("Taal van schermen en mail"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Maatregelen, briefings en wetsteksten blijven Nederlands."),
    )


class JoinForm(forms.Form):
    """Taking up an invitation as somebody new: the own name and a password."""

    name = FreeText(label=gettext_lazy("Uw naam"), rows=1, max_length=120, help_text="")
    password1 = forms.CharField(
        label=gettext_lazy("Kies een wachtwoord"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Minstens 12 tekens. Een zin die u onthoudt werkt goed."),
    )
    password2 = forms.CharField(
        label=gettext_lazy("Nog een keer hetzelfde wachtwoord"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if not first:
            return cleaned
        try:
            password_validation.validate_password(
                first, Person(email=self.email, name=cleaned.get("name", ""))
            )
        except ValidationError as error:
            for one in error.error_list:
                self.add_error("password1", _REFUSED.get(str(one.code), one))
        if second and first != second:
            self.add_error("password2", _("De twee wachtwoorden zijn niet hetzelfde. Typ het nog een keer."))
        return cleaned
