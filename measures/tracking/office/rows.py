"""Which actions, measures and appointments a copy may hold, and how they are worded on paper."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.tracking.enums import ActionState
from measures.tracking.kinds import Happening, kinds
from measures.tracking.models import Action, Appointment, Measure
from measures.tracking.querysets import MeasureQuerySet
from portal import clock
from portal.briefings.office import Edition
from portal.briefings.readers import MAYORS
from portal.briefings.registry import Line
from portal.municipalities.models import Scope
from portal.people.enums import Role
from portal.planning.days import OfficeDays

# More lines than this are not kept with a briefing.
KEPT = 100
WHY = 150
TIGHT = 1
# How many rows each list of the dagbrief has, from the most room to the least: what may wait gives way first.
ROOM = {
    "decide": (8, 7, 6, 6, 5, 5, 4, 1),
    "clocks": (8, 6, 5, 4, 4, 3, 2, 1),
    "late": (6, 5, 4, 3, 3, 2, 2, 1),
    "meetings": (6, 5, 4, 3, 3, 2, 1, 1),
    "week": (8, 5, 3, 2, 1, 1, 1, 1),
}
Row = TypeVar("Row")


def sight(subject: Edition) -> Q:
    """The rows with a scope and a kind that this copy may hold: by the roles of its readers, never more."""
    roles = frozenset(MAYORS) if subject.reader is not None else frozenset({Role.KABINET})
    keys = sorted(one.key for one in kinds() if one.roles_see & roles)
    condition = Q(pk__in=[])
    for scope in subject.scopes:
        condition |= Q(**scope.as_fields(), kind__in=keys)
    return condition


def running(subject: Edition) -> "QuerySet[Action]":
    """The unfinished actions of running measures, soonest first."""
    rows = Action.objects.filter(sight(subject)).running()
    return rows.select_related("measure", "step", "holder_person").order_by("late_from", "id")


def measures(subject: Edition) -> MeasureQuerySet:
    """The measures, without what was stopped as a mistake."""
    return Measure.objects.filter(sight(subject)).listed()


def appointments(subject: Edition, start: datetime, end: datetime) -> "QuerySet[Appointment]":
    rows = Appointment.objects.filter(sight(subject)).standing().between(start, end)
    return rows.select_related("measure").order_by("starts_at", "id")


def happenings(subject: Edition, start: datetime, end: datetime) -> list[Happening]:
    """What subjects have in these hours beside appointments, of the kinds this copy may hold."""
    roles = frozenset(MAYORS) if subject.reader is not None else frozenset({Role.KABINET})
    return [
        found
        for one in kinds()
        if one.happenings is not None and one.roles_see & roles
        for found in one.happenings(subject.scopes, start, end)
    ]


def of_the_mayor(subject: Edition) -> Q:
    """What lies with the reader, or in the copy of the office with whoever is burgemeester or loco."""
    roles = {Role.BURGEMEESTER, Role.LOCO} if subject.reads_loco else {Role.BURGEMEESTER}
    return Q(holder_role__in=sorted(str(role) for role in roles)) | Q(holder_person__in=subject.mayors)


def days_of(subject: Edition, scope: Scope) -> OfficeDays:
    """The office days that count for a scope of this copy."""
    return subject.days if scope.municipality_id else OfficeDays(closed={})


def is_held_by_reader(subject: Edition, action: Action) -> bool:
    """Whether "u" is who holds it."""
    if subject.reader is None:
        return False
    if action.holder_person_id is not None:
        return bool(action.holder_person_id == subject.reader.pk)
    roles = {"burgemeester", "loco"} if subject.reads_loco else {"burgemeester"}
    return action.holder_role in roles


def holder(subject: Edition, action: Action) -> str:
    return "u" if is_held_by_reader(subject, action) else str(action.holder_name)


def why(subject: Edition, action: Action) -> str:
    """Why it asks for something now: what happens otherwise, as published, or what somebody wrote."""
    text: str = action.step.otherwise if action.step is not None else " ".join(action.description.split())
    return shortened(subject, text, WHY)


def shortened(subject: Edition, text: str, length: int) -> str:
    """The beginning of a text, cut between words; shorter where there is hardly any room."""
    if subject.rows <= TIGHT:
        length = length * 6 // 10
    if len(text) <= length:
        return text
    start = text[:length]
    # One long word, an address for one, has nothing to be cut between.
    return (start.rpartition(" ")[0] or start).rstrip(",;:.") + "…"


def cut(
    rows: Sequence[Row], subject: Edition, section: str, among: "QuerySet[Any] | None" = None
) -> tuple[Sequence[Row], int]:
    """As many rows as this copy has room for, and how many more there are; `among` those not read too."""
    total = len(rows) if among is None or len(rows) < KEPT else among.count()
    room = KEPT if subject.on_screen else ROOM[section][len(ROOM[section]) - subject.rows]
    return rows[:room], max(0, total - room)


def absolute(subject: Edition) -> str:
    """The page with the same words, as it stands on paper; on that page itself it leads nowhere."""
    return "" if subject.on_screen else f"{settings.PORTAL_URL}{subject.url}"


def opens(subject: Edition, row: Action | Appointment | Happening) -> str:
    """The page of this row, where the copy is read on screen; on paper nothing leads anywhere."""
    if not subject.on_screen:
        return ""
    if isinstance(row, Happening):
        return row.path
    return reverse("tracking:action" if isinstance(row, Action) else "tracking:appointment", args=[row.pk])


def line(row: Action, **details: str) -> Line:
    return Line(str(row.pk), row.title, details)


def fates(subject: Edition, keys: Collection[str]) -> Mapping[str, str]:
    """What became of actions that are gone from a list, as far as this copy may say."""
    rows = Action.objects.filter(sight(subject), pk__in=list(keys)).select_related("measure")
    return {str(row.pk): found for row in rows if (found := _fate(row))}


def _fate(row: Action) -> str:
    if row.state == ActionState.DONE:
        return _("is gedaan")
    if row.state == ActionState.DROPPED:
        return _("is vervallen")
    if not row.measure.is_running:
        return _("hoort bij een maatregel die niet meer loopt")
    if row.is_late:
        return _("is afgelopen") if row.due_at is not None else _("is te laat")
    return ""


def fates_of_appointments(subject: Edition, keys: Collection[str]) -> Mapping[str, str]:
    """The same for appointments."""
    rows = Appointment.objects.filter(sight(subject), pk__in=list(keys))
    return {
        str(row.pk): _("is afgezegd") if row.cancelled_at else _("is verzet")
        for row in rows
        if row.cancelled_at or not row.is_over
    }


def start_of(day: Any) -> datetime:
    return clock.at(day, time(0))
