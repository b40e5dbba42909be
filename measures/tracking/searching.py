"""What of tracking can be searched: measures and actions, each by its title and text."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.tracking.enums import ActionState, MeasureState
from measures.tracking.kinds import kind, kinds
from measures.tracking.models import Action, Measure
from measures.tracking.querysets import kinds_by_scope
from portal.people.models import Person
from portal.search.registry import Hit, Searchable, Words, in_scope, own, searchables
from portal.ui.formatting import datum_kort

# Only what an answer shows is read: fifty whole rows cost more than finding them.
_OWNERS = ("municipality__name", "driehoek__name")
_NOBODY = str(UUID(int=0))
MEASURE, ACTION = "measure", "action"


def _page(name: str) -> str:
    """An address to put each id in: looking one up costs more than finding the row."""
    return reverse(name, args=[_NOBODY])


def readers(person: Person) -> frozenset[str]:
    """One mark for each scope of which the person sees every kind, otherwise one for each kind in it."""
    everything = frozenset(one.key for one in kinds())
    marks = {own(person.pk)}
    for scope, keys in kinds_by_scope(person).items():
        marks |= {in_scope(scope)} if keys == everything else {in_scope(scope, key) for key in keys}
    return frozenset(marks)


def _marks(row: Any) -> set[str]:
    return {in_scope(row.scope), in_scope(row.scope, row.kind)}


def measure_words(ids: Collection[Any]) -> dict[UUID, Words]:
    """Title, purpose and result; nothing of what was a mistake."""
    rows = Measure.objects.listed().filter(pk__in=list(ids)).select_related("template_version")
    return {
        row.pk: Words(
            row.title,
            "\n".join((row.template_version.title, row.template_version.purpose, row.result)),
            frozenset(_marks(row)),
        )
        for row in rows
    }


def action_words(ids: Collection[Any]) -> dict[UUID, Words]:
    """Title, guidance and what was written with it; what everybody who sees the action may read."""
    rows = (
        Action.objects.filter(pk__in=list(ids), measure__is_mistake=False)
        .select_related("step", "measure")
        .order_by("id")
    )
    return {
        row.pk: Words(
            row.title,
            "\n".join((row.description, row.step.guidance if row.step else "", row.measure.title)),
            frozenset(_marks(row) | ({own(row.holder_person_id)} if row.holder_person_id else set())),
        )
        for row in rows
    }


def measure_hits(rows: Any) -> dict[UUID, Hit]:
    """The answers of these measures: kind, whose, how it stands."""
    found = rows.values_list("pk", "title", "kind", "state", *_OWNERS).order_by("pk")
    page = _page("tracking:measure")
    return {
        pk: Hit(
            title,
            f"{kind(key).nav} · {of_one or of_three} · {MeasureState(state).label}",
            page.replace(_NOBODY, str(pk)),
        )
        for pk, title, key, state, of_one, of_three in found
    }


def action_hits(rows: Any) -> dict[UUID, Hit]:
    """The answers of these actions: the measure, whose, and until when."""
    names = ("pk", "title", "measure__title", "state", "due_on", "due_at")
    found = rows.values_list(*names, *_OWNERS).order_by("pk")
    page = _page("tracking:action")
    return {
        pk: Hit(
            title,
            f"{measure} · {of_one or of_three} · {_stand(ActionState(state), due_on or due_at)}",
            page.replace(_NOBODY, str(pk)),
        )
        for pk, title, measure, state, due_on, due_at, of_one, of_three in found
    }


def _stand(state: ActionState, due: Any) -> str:
    if state in (ActionState.DONE, ActionState.DROPPED):
        return str(state.label)
    return _("uiterlijk %(date)s") % {"date": datum_kort(due)} if due else _("datum volgt")


def offered(person: Person) -> bool:
    """Whether some membership opens some kind."""
    return any(grant.role in one.roles_see for grant in person.grants for one in kinds())


def _measures_seen(person: Person) -> "QuerySet[Measure]":
    return Measure.objects.visible_to(person).listed()


def _actions_seen(person: Person) -> "QuerySet[Action]":
    return Action.objects.visible_to(person).filter(measure__is_mistake=False)


def register() -> None:
    """Register both; called once when the app is ready."""
    searchables.register(
        Searchable(
            MEASURE,
            gettext_lazy("Maatregel"),
            Measure,
            measure_words,
            _measures_seen,
            measure_hits,
            readers,
            offered,
            10,
        )
    )
    searchables.register(
        Searchable(
            ACTION,
            gettext_lazy("Actie"),
            Action,
            action_words,
            _actions_seen,
            action_hits,
            readers,
            offered,
            20,
        )
    )
