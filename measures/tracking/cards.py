"""What tracking puts on the start page."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.tracking import queries
from measures.tracking.actions.deadlines import SOURCE
from measures.tracking.models import Action
from portal import clock
from portal.deadlines.queries import told_for_cards
from portal.people.models import Person

SHOWN = 8


@dataclass(frozen=True)
class MyActions:
    """The sentence on top and the most urgent actions."""

    sentence: str
    late: bool
    actions: list[Action]
    several_scopes: bool


def my_actions(person: Person) -> MyActions:
    """What lies with this person and is late or due within a week; the sentence says how much."""
    horizon = clock.end_of(clock.today() + timedelta(days=6))
    rows = (
        Action.objects.visible_to(person)
        .running()
        .held_by(person)
        .filter(late_from__lte=horizon)
        .select_related("measure", "municipality", "driehoek", "holder_person")
        .order_by("late_from", "id")
    )
    found = queries.mark(person, list(rows[: SHOWN + 1]))
    now = clock.now()
    late = sum(1 for one in found if one.late_from and one.late_from <= now)
    return MyActions(_sentence(late, len(found)), late > 0, found[:SHOWN], len(queries.scopes_of(person)) > 1)


def _sentence(late: int, urgent: int) -> str:
    if late:
        if late > SHOWN:
            return _("Meer dan %(n)s acties zijn te laat.") % {"n": SHOWN}
        return ngettext("1 actie is te laat.", "%(n)s acties zijn te laat.", late) % {"n": late}
    if urgent:
        return _("Niets is te laat. Dit moet deze week.")
    return _("Niets is te laat en deze week hoeft er niets.")


@dataclass(frozen=True)
class Escalated:
    actions: list[Action]


def escalated(person: Person) -> Escalated | None:
    """Actions that climbed the ladder up to this person and are still open."""
    told = told_for_cards(person).get(SOURCE)
    if not told:
        return None
    rows = (
        Action.objects.visible_to(person)
        .running()
        .filter(pk__in=told)
        .select_related("holder_person")
        .order_by("late_from", "id")
    )
    found = list(rows[:SHOWN])
    return Escalated(found) if found else None


@dataclass(frozen=True)
class Kinds:
    kinds: list[queries.KindCard]


def kinds(person: Person) -> Kinds | None:
    found = queries.kind_cards(person)
    return Kinds(found) if found else None
