"""What tracking tells the kernel of a leave: which work goes along, and what was done, is late or came in."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking import permissions
from measures.tracking.history import happened
from measures.tracking.models import Action, Measure
from measures.tracking.querysets import sight
from portal import clock
from portal.audit.models import AuditRow
from portal.municipalities.models import Scope
from portal.people import duties
from portal.people.deputies import may_stand_in, mayor_of
from portal.people.enums import Role
from portal.people.models import Leave, Membership, Person

# A date that moved along with another is told by that other one.
_NOT_TOLD = "action.moved"


def along(person: Person, deputy: Person) -> duties.Along:
    """The open work that only this person does: held in person, by a role nobody else has, or led.

    What colleagues in the same role do too is a number: they go on with it. Six queries.
    """
    goes: list[duties.Item] = []
    stays: list[duties.Item] = []
    shared = 0
    others = _others(person)
    rows = Action.objects.visible_to(person).running().in_hands_of(person).select_related("measure")
    for action in rows.order_by("late_from", "id"):
        if action.holder_role and (action.scope, action.holder_role) in others:
            shared += 1
        else:
            (goes if _may_take(person, deputy, action) else stays).append(_item(action))
    led = Measure.objects.visible_to(person).running().listed().filter(lead=person)
    for measure in led.order_by("title", "id"):
        item = duties.Item(measure.title, reverse("tracking:measure", args=[measure.pk]), _("als trekker"))
        (goes if _may_take(person, deputy, measure) else stays).append(item)
    return duties.Along(goes, stays, shared)


def _others(person: Person) -> set[tuple[Scope | None, str]]:
    """The roles of this person that somebody else has now too, by place."""
    condition = Q(pk__in=[])
    for grant in person.grants:
        if grant.scope is not None:
            condition |= Q(**grant.scope.as_fields(), role=grant.role)
    rows = Membership.objects.current(clock.today()).filter(condition).exclude(person=person)
    return {(row.scope, row.role) for row in rows}


def _may_take(person: Person, deputy: Person, row: Action | Measure) -> bool:
    """Whether a deputy would see the row by an own membership, and may do this person's work there."""
    return may_stand_in(person.grants, deputy.grants) and permissions.could_stand_in(person, deputy, row)


def _item(action: Action) -> duties.Item:
    return duties.Item(
        action.title,
        reverse("tracking:action", args=[action.pk]),
        action.measure.title,
        action.due_on,
        action.due_at,
        reverse("tracking:hand_over", args=[action.pk]),
    )


def back(leave: Leave, reader: Person) -> duties.Back:
    """What was done in the person's name during the leave, and what waits: as far as the reader sees it."""
    person = leave.person
    deeds = _deeds(leave, reader)
    mine = Action.objects.visible_to(reader).running().in_hands_of(person)
    late = mine.late(clock.now())
    new = mine.filter(pk__in=_arrived(leave, mine))
    return duties.Back(
        deeds[-duties.SHOWN :],
        _items(late),
        _items(new),
        len(deeds),
        late.count(),
        new.count(),
        mine.count(),
    )


def _items(rows: "QuerySet[Action]") -> list[duties.Item]:
    return [_item(row) for row in rows.select_related("measure").order_by("late_from", "id")[: duties.SHOWN]]


def _during(leave: Leave) -> dict[str, Any]:
    """The moments of a leave, for audit rows."""
    return {"at__gte": leave.begins_at, "at__lt": leave.over_at}


def _deeds(leave: Leave, reader: Person) -> list[duties.Deed]:
    """The audit rows that name the person, and for a mayor those that name the office."""
    person = leave.person
    named = Q(changes__for=str(person.pk))
    offices = mayor_of(person.grants)
    if offices:
        named |= Q(changes__for=str(Role.BURGEMEESTER), municipality_id__in=offices)
    rows = list(
        AuditRow.objects.filter(_places(leave), named, **_during(leave))
        .exclude(event=_NOT_TOLD)
        .select_related("actor")
        .order_by("at", "id")
    )
    seen = _seen(reader, rows)
    return [
        duties.Deed(line.at, line.who, line.what, *seen[row.object_id], line.detail)
        for row, line in zip(rows, happened(rows), strict=True)
        if row.object_id in seen
    ]


def _places(leave: Leave) -> Q:
    """Where person and deputy work or worked: the record is kept by place."""
    rows = Membership.objects.filter(person__in=[leave.person_id, leave.deputy_id]).order_by("id")
    condition = Q(pk__in=[])
    for municipality_id, driehoek_id in set(rows.values_list("municipality_id", "driehoek_id")):
        condition |= Q(municipality_id=municipality_id, driehoek_id=driehoek_id)
    return condition


def _seen(reader: Person, rows: Iterable[AuditRow]) -> dict[Any, tuple[str, str]]:
    """Title and address of the measures and actions among these that the reader may see."""
    ids: dict[str, list[Any]] = {"tracking.action": [], "tracking.measure": []}
    for row in rows:
        ids.setdefault(row.object_type, []).append(row.object_id)
    # By membership alone: who merely holds an action does not see what happened to it.
    may_see = sight(reader)
    actions = Action.objects.filter(may_see, pk__in=ids["tracking.action"])
    measures = Measure.objects.filter(may_see, pk__in=ids["tracking.measure"])
    return {
        pk: (title, reverse(f"tracking:{name}", args=[pk]))
        for name, found in (("action", actions), ("measure", measures))
        for pk, title in found.order_by("pk").values_list("pk", "title")
    }


def _arrived(leave: Leave, mine: "QuerySet[Action]") -> list[Any]:
    """Which of these actions came to the person during the leave: handed over, added, or just started."""
    came = AuditRow.objects.filter(
        object_type="tracking.action",
        event__in=["action.handed_over", "action.added"],
        object_id__in=mine.values("pk"),
        **_during(leave),
    )
    roles = {str(grant.role) for grant in leave.person.grants}
    found = {
        row.object_id
        for row in came.order_by("at", "id")
        if row.event == "action.added" or row.changes["holder"]["new"] in {str(leave.person_id), *roles}
    }
    started = mine.filter(
        measure__started_at__gte=leave.begins_at, measure__started_at__lt=leave.over_at
    ).order_by("pk")
    return [*found, *started.values_list("pk", flat=True)]


def register() -> None:
    """Register with the kernel; called once when the app is ready."""
    duties.duties.register(duties.Duty("actions", 10, along, back))
