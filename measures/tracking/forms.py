"""Forms for starting measures and working on actions; they validate and do not save."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.tracking.dates import campaign_monday
from measures.tracking.kinds import kind
from measures.tracking.models import Action, Measure, MeasureAnchor, TemplateVersion
from portal import clock
from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.people.models import Membership, Person
from portal.planning.fields import DayField, MomentField
from portal.ui.forms import CreatingForm, FreeText, PortalForm


def _when(is_moment: bool, **kwargs: Any) -> forms.Field:
    return MomentField(**kwargs) if is_moment else DayField(**kwargs)


class StartForm(CreatingForm):
    """Start a measure: whose it is, what it is called, and the dates it counts from."""

    title = FreeText(label=gettext_lazy("Titel"), rows=1, max_length=120)
    scope = forms.ChoiceField(label=gettext_lazy("Voor wie"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, template: TemplateVersion, scopes: Sequence[tuple[Scope, str]], **kwargs: Any
    ) -> None:
        self.template = template
        self.scopes = {str(one.municipality_id or one.driehoek_id): one for one, _name in scopes}
        super().__init__(*args, **kwargs)
        choice = self.fields["scope"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(str(one.municipality_id or one.driehoek_id), name) for one, name in scopes]
        if len(scopes) == 1:
            choice.widget = forms.HiddenInput()
            choice.initial = choice.choices[0][0]
        for anchor in template.anchors:
            self.fields[f"anchor_{anchor['key']}"] = _when(
                anchor["moment"],
                label=anchor["label"],
                required=anchor["key"] == "start",
                initial=_default(anchor["default"]),
                help_text=""
                if anchor["key"] == "start"
                else _("Nog niet bekend? Laat leeg; de datum volgt dan later."),
            )
        self.fields["title"].initial = template.title

    def anchors(self) -> dict[str, Any]:
        """The dates and moments typed, by anchor key."""
        return {one["key"]: self.cleaned_data.get(f"anchor_{one['key']}") for one in self.template.anchors}

    def chosen_scope(self) -> Scope:
        return self.scopes[self.cleaned_data["scope"]]


def _default(name: str) -> date | None:
    if name == "today":
        return clock.today()
    return campaign_monday(clock.today()) if name == "campaign_week" else None


class AnchorForm(PortalForm):
    """A new date or moment for an anchor; empty means that it is not known yet."""

    def __init__(self, *args: Any, anchor: MeasureAnchor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = _when(
            anchor.is_moment,
            label=anchor.label,
            required=False,
            help_text=_("Laat leeg als de datum nog niet bekend is."),
        )


class PinForm(PortalForm):
    """A date of its own for one action, or a moment for one that is due at a moment."""

    def __init__(self, *args: Any, is_moment: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = _when(is_moment, label=_("Uiterlijk"))


class ReasonForm(PortalForm):
    """One reason, in a sentence."""

    reason = FreeText(label=gettext_lazy("Reden"), rows=2, max_length=500)


class StopForm(ReasonForm):
    """Stop a measure."""

    is_mistake = forms.BooleanField(
        label=gettext_lazy("Dit was een vergissing; haal de maatregel uit de lijsten"), required=False
    )


class CompleteForm(PortalForm):
    """Complete a measure."""

    result = FreeText(label=gettext_lazy("Resultaat in één zin"), rows=2, max_length=500)


class NoteForm(CreatingForm):
    """A working note."""

    text = FreeText(label=gettext_lazy("Notitie"), rows=3)


class PlainPost(PortalForm):
    """A press on a button: only the version and where to go next."""


def members_who_see(scope: Scope, kind_key: str) -> list[Membership]:
    """The memberships of this scope that open this kind now, by the name of their person."""
    sees = kind(kind_key).roles_see
    return list(
        Membership.objects.current(clock.today())
        .in_scope(scope)
        .filter(role__in=[str(role) for role in sees])
        .select_related("person")
        .order_by("person__name", "person_id")
    )


def holder_choices(scope: Scope, kind_key: str) -> list[tuple[str, Any]]:
    """Roles that see this kind and are filled in this scope, and the persons who hold one."""
    members = members_who_see(scope, kind_key)
    filled = {row.role for row in members}
    persons: dict[str, Person] = {str(row.person_id): row.person for row in members}
    roles = [(f"role:{role}", role.label) for role in Role if str(role) in filled]
    return [
        (_("Een rol"), roles),
        (_("Een persoon"), [(f"person:{pk}", one.name) for pk, one in persons.items()]),
    ]


class HolderField(forms.ChoiceField):
    """A role or a person of one scope who may see one kind."""

    def __init__(self, *, scope: Scope, kind_key: str, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Actiehouder"))
        super().__init__(choices=holder_choices(scope, kind_key), **kwargs)

    def clean(self, value: Any) -> dict[str, Any]:
        chosen: str = super().clean(value)
        group, _colon, key = chosen.partition(":")
        if group == "role":
            return {"role": key, "person": None}
        return {"role": "", "person": Person.objects.get(pk=key)}


class HandOverForm(PortalForm):
    """A new holder."""

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"] = HolderField(scope=action.scope, kind_key=action.kind)


class AddActionForm(CreatingForm):
    """An action that no step describes."""

    title = FreeText(label=gettext_lazy("Wat moet er gebeuren?"), rows=1, max_length=120)
    description = FreeText(label=gettext_lazy("Toelichting"), rows=3, required=False)
    due_on = DayField(label=gettext_lazy("Uiterlijk"), required=False)

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"] = HolderField(scope=measure.scope, kind_key=measure.kind)
