"""Starting a visit with its measure, and changing what it is about."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from measures.tracking import actions as tracking
from measures.tracking.models import Measure, TemplateVersion
from portal import clock
from portal.audit.record import text_change
from portal.feeds import invitations
from portal.municipalities.models import Scope
from portal.people.models import Person
from portal.search import actions as index
from visits.actions.changed import held, note, touch
from visits.actions.companions import bring, companions_of_driehoek, invite_everybody, let_go
from visits.actions.consents import withdraw_consent
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
# As it stands while the host must still say yes, to this day or at all.
NOT_CONFIRMED = {"state": VisitState.PLANNED, "confirmed_by": "", "confirmed_on": None}


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
    if invites and starts_at and not visit.has_begun:
        invite_everybody(by=by, visit=visit)
    index.changed("visit", [visit.pk])
    return visit


@transaction.atomic
def change_visit(
    *, by: Person, visit: Visit, version: int | None = None, title: str = "", **facts: Any
) -> bool:
    """Change host, TEXTS, with_driehoek, briefing_days or the title; gives whether something changed.

    Another place is told to who was invited. What one host agreed to does not hold for another, whose
    contact must be invited anew.
    """
    visit.measure = held(visit)
    renamed = title.strip() not in ("", visit.title)
    facts = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    old = {name: getattr(visit, name) for name in facts}
    if old == facts and not renamed and version in (None, visit.version):
        return False
    place = visit.place
    had = old.get("host")
    is_other = visit.is_ahead and had is not None and facts["host"] != had
    asks_anew = is_other and visit.state == VisitState.CONFIRMED
    touch(visit, version=version, **facts, **(NOT_CONFIRMED if asks_anew else {}))
    if visit.is_secret and old.get("host", visit.host) != visit.host:
        forget_places([visit])
        forget_papers([visit])
    changes = _said(old, facts)
    if renamed:
        changes |= text_change("title", title)
        tracking.rename(by=by, measure=visit.measure, title=title)
    if asks_anew:
        changes["state"] = (VisitState.CONFIRMED, visit.state)
    note("visit.changed", by=by, visit=visit, **changes)
    if is_other:
        _drop_what_was_agreed(by, visit)
    if visit.is_ahead and not visit.has_begun and visit.place != place:
        tell_guests(visit)
    return True


def _said(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What changed, as the audit row holds it."""
    changes: dict[str, Any] = {}
    for name, value in new.items():
        if old[name] == value:
            continue
        if name in TEXTS:
            changes |= text_change(name, value)
        else:
            changes[name] = (getattr(old[name], "pk", old[name]), getattr(value, "pk", value))
    return changes


def _drop_what_was_agreed(by: Person, visit: Visit) -> None:
    """Of the host before nothing holds: neither its go, nor, for what is to come, the invitation."""
    for consent in visit.consents.standing():
        withdraw_consent(by=by, visit=visit, consent=consent, on=clock.today())
    if not visit.has_begun:
        let_go(by=by, visit=visit)


def tell_guests(visit: Visit) -> int:
    """Send who was invited what changed; gives how many mails go."""
    if not visit.is_dated:
        return 0
    now = {"sequence": F("sequence") + 1, "changed_at": clock.now()}
    Visit.objects.filter(pk=visit.pk).update(**now)
    visit.refresh_from_db(fields=list(now))
    return invitations.renew(VISITS, visit.pk)
