"""An approval that is asked is a deadline: whoever must answer hears it, and later who comes next."""

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.deadlines import plan as engine
from portal.deadlines import sources
from portal.papers.press.enums import PressState
from portal.papers.press.models import Approval, PressText
from portal.people.enums import Role
from portal.people.models import Person
from portal.planning.days import OfficeDays

SOURCE = "press"
REMIND = (-1, 0, 2)


def push(step: Approval) -> None:
    """Let the role of this step hear now that it is asked, and remind it around the day of the answer."""
    scope = step.press_text.scope
    due, holder = engine.Moment(on=step.answer_by), engine.Holder(role=str(step.role))
    rules = engine.Rules(remind=REMIND, days=OfficeDays.of(scope))
    engine.plan(SOURCE, step.pk, scope, due, rules, holder, "")
    engine.handed_over(SOURCE, step.pk, scope, due, holder, str(step.round))


def cancel(row: PressText) -> None:
    """Nothing more is said about the approval of this text."""
    engine.cancel_many(SOURCE, list(row.approvals.values_list("pk", flat=True)))


def subjects(ids: Collection[Any]) -> Mapping[Any, sources.Subject]:
    """The steps among these that are asked now."""
    rows = Approval.objects.filter(
        pk__in=list(ids), decision="", press_text__state=PressState.IN_APPROVAL
    ).select_related("press_text")
    return {
        row.pk: sources.Subject(
            object_id=row.pk,
            scope=row.press_text.scope,
            kind=_("Perstekst"),
            title=_("Akkoord geven op een perstekst"),
            path=reverse("press:text", args=[row.press_text_id]),
            due_on=row.answer_by,
            due_at=None,
            holder_role=str(row.role),
            holder_person_id=None,
            lead_id=row.press_text.written_by_id,
            escalates_to=str(Role.BURGEMEESTER),
            finish_path=reverse("press:decide", args=[row.pk]),
        )
        for row in rows
        if row.round == row.press_text.round
    }


def visible(person: Person, ids: Collection[Any]) -> set[Any]:
    """The steps among these whose text the person may see now."""
    texts = PressText.objects.visible_to(person).order_by().values("pk")
    return set(Approval.objects.filter(pk__in=list(ids), press_text__in=texts).values_list("pk", flat=True))
