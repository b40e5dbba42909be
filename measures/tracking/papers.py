"""Papers on actions and measures: whose they are, who sees them, who may add one."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from measures.tracking import permissions
from measures.tracking.kinds import kind
from measures.tracking.models import Action, Measure
from measures.tracking.querysets import sight
from portal.papers.enums import State
from portal.papers.models import Paper, PaperVersion
from portal.papers.shelves import About, PressFacts, Shelf, shelves
from portal.people.enums import DRIEHOEK_ROLES, MUNICIPALITY_ROLES, Role
from portal.people.models import Person

ACTION, MEASURE = "action", "measure"


def _action(pk: Any) -> Action | None:
    return Action.objects.select_related("measure").filter(pk=pk).first()


def _measure(pk: Any) -> Measure | None:
    return Measure.objects.filter(pk=pk).first()


def _actions_seen(person: Person) -> "QuerySet[Action]":
    """By membership and kind; who only holds the action sees of its papers the own ones."""
    return Action.objects.filter(sight(person))


def _actions_held(person: Person) -> "QuerySet[Action]":
    return Action.objects.filter(holder_person=person)


def _measures_seen(person: Person) -> "QuerySet[Measure]":
    return Measure.objects.visible_to(person)


def _no_measures(_person: Person) -> "QuerySet[Measure]":
    return Measure.objects.none()


def _action_url(pk: UUID) -> str:
    return reverse("tracking:action", args=[pk]) + "#stukken"


def _measure_url(pk: UUID) -> str:
    """The page of the subject that owns the measure, where there is one: people work there."""
    measure = _measure(pk)
    of = kind(measure.kind) if measure is not None else None
    own = of.instead(measure, "measure") if of is not None and of.instead else ""
    return (own or reverse("tracking:measure", args=[pk])) + "#stukken"


def _press_facts(measure: Measure) -> PressFacts:
    of = kind(measure.kind)
    return of.press_facts(measure) if of.press_facts else PressFacts()


def at_hand(person: Person, action: Action) -> "QuerySet[PaperVersion]":
    """The checked papers on this action and its measure that the person sees, in their newest version."""
    rows = Paper.objects.visible_to(person).listed()
    on = rows.about(ACTION, action.pk) | rows.about(MEASURE, action.measure_id)
    newest = PaperVersion.objects.filter(paper=OuterRef("pk"), state=State.READY).order_by("-number")
    chosen = on.annotate(newest=Subquery(newest.values("pk")[:1])).values("newest")
    found = PaperVersion.objects.filter(pk__in=chosen).defer("text").select_related("paper")
    return found.order_by("paper__added_at", "paper_id")


def _roles_see(measure: Measure) -> Collection[Role]:
    """The roles that see this kind and exist in this sort of scope."""
    fits = MUNICIPALITY_ROLES if measure.municipality_id else DRIEHOEK_ROLES
    return kind(measure.kind).roles_see & fits


def _about_actions(ids: Collection[UUID]) -> dict[UUID, About]:
    """Not those of a mistake: their papers leave the answers of search with them."""
    rows = Action.objects.filter(measure__is_mistake=False)
    return {pk: About(title, key) for pk, title, key in _named(rows, ids)}


def _about_measures(ids: Collection[UUID]) -> dict[UUID, About]:
    return {pk: About(title, key) for pk, title, key in _named(Measure.objects.listed(), ids)}


def _named(rows: "QuerySet[Any]", ids: Collection[UUID]) -> "QuerySet[Any]":
    return rows.filter(pk__in=list(ids)).order_by("pk").values_list("pk", "title", "kind")


def register() -> None:
    """Register both shelves; called once when the app is ready."""
    shelves.register(
        Shelf(
            ACTION,
            _action,
            _actions_seen,
            _actions_held,
            permissions.can_note,
            _action_url,
            _about_actions,
            order=10,
        )
    )
    shelves.register(
        Shelf(
            MEASURE,
            _measure,
            _measures_seen,
            _no_measures,
            permissions.can_steer,
            _measure_url,
            _about_measures,
            order=20,
            may_write_press=permissions.can_steer,
            roles_see=_roles_see,
            press_facts=_press_facts,
        )
    )
