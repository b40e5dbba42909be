"""Starting a visit with its measure, and changing what it is about."""

from datetime import datetime
from typing import Any

from django.db import transaction

from measures.tracking import actions as tracking
from measures.tracking.models import Measure, TemplateVersion
from portal import clock
from portal.audit.record import text_change
from portal.feeds import invitations
from portal.municipalities.models import Scope
from portal.people.models import Person
from portal.search import actions as index
from visits.actions.changed import held, note, touch
from visits.actions.companions import bring, companions_of_driehoek, invite_everybody
from visits.actions.papers import forget_papers
from visits.actions.programme import forget_places
from visits.calendars import VISITS
from visits.enums import VisitState
from visits.models import Host, Visit
from visits.workflow import ANCHOR

# What a reader of the briefing wants to know of, and a change of which is recorded by name alone.
TEXTS = (
    "aim",
    "question",
    "gathers_at",
    "between_us",
    "sensitive",
    "questions_to_ask",
    "not_to_say",
    "press_line",
    "speaks_to_press",
    "house_rules",
    "asked_of_host",
)


@transaction.atomic
def start_visit(
    *,
    by: Person,
    version: TemplateVersion,
    scope: Scope,
    key: str,
    title: str = "",
    host: Host | None = None,
    aim: str = "",
    question: str = "",
    with_driehoek: bool = False,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    invites: bool = False,
    lead: Person | None = None,
) -> Visit:
    """Start a visit and its measure; with a day it is planned, without one an idea.

    The same one-time key leads to the visit it made before. `with_driehoek` brings along the officier
    van justitie and the teamchef of the driehoek; `invites` mails everybody who comes along.
    """
    anchors = {"start": clock.today(), ANCHOR: starts_at}
    measure = tracking.start_measure(
        by=by, version=version, scope=scope, anchors=anchors, key=key, title=title, lead=lead
    )
    return own(
        by=by,
        measure=measure,
        host=host,
        aim=aim,
        question=question,
        with_driehoek=with_driehoek,
        starts_at=starts_at,
        ends_at=ends_at,
        invites=invites,
    )


@transaction.atomic
def own(
    *,
    by: Person,
    measure: Measure,
    starts_at: datetime | None,
    ends_at: datetime | None,
    with_driehoek: bool,
    invites: bool,
    host: Host | None = None,
    aim: str = "",
    question: str = "",
) -> Visit:
    """The visit of a measure of this kind, made when it has none; its anchor must say `starts_at`."""
    visit, is_new = Visit.objects.get_or_create(
        measure=measure,
        defaults={
            "host": host,
            "state": VisitState.PLANNED if starts_at else VisitState.IDEA,
            "aim": aim.strip(),
            "question": question.strip(),
            "with_driehoek": with_driehoek,
            "starts_at": starts_at,
            "ends_at": ends_at,
            **measure.scope.as_fields(),
        },
    )
    if not is_new:
        return visit
    note("visit.started", by=by, visit=visit, starts_at=(None, starts_at), host=(None, visit.host_id))
    if with_driehoek:
        for function, person in companions_of_driehoek(measure.scope):
            bring(by=by, visit=visit, function=function, person=person)
    if invites and starts_at:
        invite_everybody(by=by, visit=visit)
    index.changed("visit", [visit.pk])
    return visit


def of_measure(measure: Measure) -> Visit | None:
    """The visit that owns this measure; None for one that was started before visits had pages."""
    return Visit.objects.select_related("host").filter(measure=measure).first()


@transaction.atomic
def change_visit(*, by: Person, visit: Visit, version: int | None = None, **facts: Any) -> bool:
    """Change host, TEXTS, with_driehoek or briefing_days; gives whether something changed.

    Another place is told to who was invited.
    """
    held(visit)
    facts = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    old = {name: getattr(visit, name) for name in facts}
    if old == facts and version in (None, visit.version):
        return False
    place = visit.place
    touch(visit, version=version, **facts)
    if visit.is_secret and old.get("host", visit.host) != visit.host:
        forget_places([visit])
        forget_papers([visit])
    changes: dict[str, Any] = {}
    for name in facts:
        if old[name] == facts[name]:
            continue
        if name in TEXTS:
            changes |= text_change(name, facts[name])
        else:
            changes[name] = (getattr(old[name], "pk", old[name]), getattr(facts[name], "pk", facts[name]))
    note("visit.changed", by=by, visit=visit, **changes)
    if visit.is_ahead and visit.place != place:
        tell_guests(visit)
    return True


def tell_guests(visit: Visit) -> int:
    """Send who was invited what changed; gives how many mails go."""
    if not visit.is_dated:
        return 0
    Visit.objects.filter(pk=visit.pk).update(sequence=visit.sequence + 1)
    visit.sequence += 1
    return invitations.renew(VISITS, visit.pk)
