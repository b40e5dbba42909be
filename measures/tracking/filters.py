"""Filters of the working lists."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from measures.tracking.enums import MeasureState
from measures.tracking.kinds import kinds
from measures.tracking.models import Action, Measure
from measures.tracking.queries import scopes_of
from portal.municipalities.models import Scope
from portal.people.models import Person


def _kind_choices() -> list[tuple[str, str]]:
    return [(one.key, one.nav) for one in kinds()]


class _ByScope(django_filters.FilterSet):  # type: ignore[misc]
    """A filter on kind, and on scope for who has more than one."""

    soort = django_filters.ChoiceFilter(
        field_name="kind", label=_("Soort"), choices=_kind_choices, empty_label=_("Alle soorten")
    )
    voor = django_filters.ChoiceFilter(method="in_scope", label=_("Voor wie"), empty_label=_("Alle"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = scopes_of(person)
        if len(scopes) > 1:
            self.filters["voor"].extra["choices"] = [
                (str(scope.municipality_id or scope.driehoek_id), name) for scope, name in scopes
            ]
        else:
            del self.filters["voor"]
        self._scopes = {str(one.municipality_id or one.driehoek_id): one for one, _name in scopes}

    def in_scope(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        scope: Scope = self._scopes[value]
        return rows.filter(**scope.as_fields())


class ActionFilter(_ByScope):
    """Filter of my actions."""

    class Meta:
        model = Action
        fields: list[str] = []


class MeasureFilter(_ByScope):
    """Filter of measures; running ones unless asked otherwise."""

    stand = django_filters.ChoiceFilter(
        method="in_state",
        label=_("Stand"),
        empty_label=_("Lopend"),
        choices=[
            ("alle", _("Alle")),
            *[(str(s), s.label) for s in MeasureState if s != MeasureState.RUNNING],
        ],
    )

    class Meta:
        model = Measure
        fields: list[str] = []

    def in_state(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        return rows if value == "alle" else rows.filter(state=value)

    def filter_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("stand"):
            rows = rows.filter(state=MeasureState.RUNNING)
        return rows
