"""The life of a leave: announced, changed, ended or withdrawn, and handed back when it is over."""

from datetime import date, datetime, time, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation

from portal import clock
from portal.audit.record import record
from portal.mail import compose
from portal.municipalities.models import Scope
from portal.nudge import nudge
from portal.people import duties
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.leave_rules import Plan, Problem, held_during, problem
from portal.people.marks import made_id
from portal.people.models import Leave, Person
from portal.planning.days import OfficeDays

log = structlog.get_logger("portal.people")

# The first thing in the morning, before the first meeting.
BACK_AT = time(7, 15)
_LOCK = 77_0815
_PUT_ASIDE = timedelta(hours=1)


class CannotBeAway(Exception):
    """The leave breaks a rule; `.problem` says which. Nothing was written."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def _one_at_a_time() -> None:
    """Two people who name each other at the same moment go one by one; SQLite lets one write anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _check(plan: Plan) -> None:
    if found := problem(plan):
        raise CannotBeAway(found)


@transaction.atomic
def announce(*, by: Person, plan: Plan, key: str) -> Leave:
    """Announce a leave: the deputy hears, and the person too when somebody else announces it.

    The same one-time key leads to the leave it made before.
    """
    made = made_id(by, key)
    before = Leave.objects.filter(pk=made).first()
    if before is not None:
        return before
    _one_at_a_time()
    if plan.starts_on < clock.today():
        raise CannotBeAway(Problem.PAST)
    _check(plan)
    scope = scope_of(plan)
    leave = Leave.objects.create(
        id=made,
        person=plan.person,
        deputy=plan.deputy,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        announced_by=by,
        report_at=first_morning(clock.end_of(plan.ends_on), scope),
    )
    record(
        "leave.announced",
        by=by,
        about=leave,
        scope=scope,
        changes={
            "person": plan.person.pk,
            "deputy": (None, plan.deputy.pk),
            "starts_on": (None, plan.starts_on),
            "ends_on": (None, plan.ends_on),
        },
    )
    _tell(leave, by=by, deputies={plan.deputy: "announced"}, own="announced")
    return leave


@transaction.atomic
def change_leave(
    *, by: Person, leave: Leave, deputy: Person, starts_on: date, ends_on: date, version: int | None = None
) -> None:
    """Change the days or the deputy of a leave that is not over; the old deputy hears it too."""
    _one_at_a_time()
    plan = Plan(leave.person, deputy, starts_on, ends_on, leave.pk)
    if starts_on != leave.starts_on and starts_on < clock.today():
        raise CannotBeAway(Problem.PAST)
    _check(plan)
    old = Plan.of(leave)
    if old == plan:
        return
    scope = scope_of(plan)
    _set(
        leave,
        version,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        report_at=first_morning(clock.end_of(ends_on), scope),
    )
    changes: dict[str, Any] = {
        "person": leave.person_id,
        "starts_on": (old.starts_on, starts_on),
        "ends_on": (old.ends_on, ends_on),
    }
    if deputy != old.deputy:
        changes["deputy"] = (old.deputy.pk, deputy.pk)
        told = {old.deputy: "withdrawn", deputy: "announced"}
    else:
        told = {deputy: "changed"}
    record("leave.changed", by=by, about=leave, scope=scope, changes=changes)
    _tell(leave, by=by, deputies=told, own="changed")


@transaction.atomic
def end_leave(*, by: Person, leave: Leave, version: int | None = None) -> None:
    """Be back at once, or withdraw a leave that did not begin yet; the deputy's rights stop now."""
    now = clock.now()
    scope = scope_of(Plan.of(leave))
    had_begun = leave.began
    _set(leave, version, ended_at=now, report_at=first_morning(now, scope) if had_begun else None)
    changes = {"person": leave.person_id, "ended_at": (None, now)}
    if had_begun:
        record("leave.ended", by=by, about=leave, scope=scope, changes=changes)
    else:
        record("leave.withdrawn", by=by, about=leave, scope=scope, changes=changes)
    _tell(leave, by=by, deputies={leave.deputy: "withdrawn"}, own="withdrawn")


def _set(leave: Leave, version: int | None, **fields: Any) -> None:
    """Compare-and-set on a leave that is not over; counts the version up."""
    seen = leave.version if version is None else version
    rows = Leave.objects.filter(
        pk=leave.pk, version=seen, ended_at__isnull=True, ends_on__gte=clock.today(), reported_at__isnull=True
    )
    if rows.update(version=F("version") + 1, **fields) != 1:
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(leave, name, value)
    leave.version = seen + 1


def scope_of(plan: Plan) -> Scope | None:
    """Where a leave is on record: a place that person and deputy share, a municipality before a driehoek."""
    held = held_during([plan.person.pk, plan.deputy.pk], plan.starts_on, plan.ends_on)
    theirs = {row.scope for row in held[plan.deputy.pk]}
    own = [row.scope for row in held[plan.person.pk] if row.scope]
    places = [one for one in own if one in theirs] or own
    return min(places, key=lambda one: one.municipality_id is None, default=None)


def first_morning(over_at: datetime, scope: Scope | None) -> datetime:
    """A quarter past seven on the first office day that begins after a leave is over."""
    days = OfficeDays.of(scope) if scope else OfficeDays(closed={})
    day = over_at.astimezone(clock.AMSTERDAM).date()
    if clock.at(day, BACK_AT) < over_at:
        day += timedelta(days=1)
    return clock.at(days.nearest(day, 1), BACK_AT)


def _tell(leave: Leave, *, by: Person, deputies: dict[Person, str], own: str) -> None:
    """Mail each deputy, and the person when somebody else did it."""
    for person, state in deputies.items():
        _mail(leave, person, "mail/leave_deputy", {"state": state})
    if by != leave.person:
        _mail(leave, leave.person, "mail/leave_own", {"state": own})


def _mail(leave: Leave, to: Person, template: str, context: dict[str, Any]) -> None:
    if to.mail_refused_at is not None:
        return
    url = settings.PORTAL_URL + reverse("people:leave", args=[leave.pk])
    with translation.override(to.language):
        mail = compose.write(to.email, template, {"leave": leave, "url": url} | context, person=to)
    mail.thread_id = f"<leave.{leave.pk}@{compose.sender_host()}>"
    mail.save(force_insert=True)
    nudge("portal.mail.tasks.deliver")


# -- handing back -----------------------------------------------------------------------------
def hand_back() -> int:
    """Tell everybody who is back what was done meanwhile; returns how many heard."""
    told = 0
    due = Leave.objects.filter(report_at__lte=clock.now(), reported_at__isnull=True)
    for leave in due.select_related("person", "deputy").order_by("report_at", "id"):
        try:
            told += _hand_back(leave)
        except DatabaseError:
            raise  # the database is away: nothing is wrong with the row
        except Exception as error:
            # One that cannot be told holds up no other; it is tried again later.
            log.error("leave_not_handed_back", leave=str(leave.pk), error=type(error).__name__)
            waiting = Leave.objects.filter(pk=leave.pk, reported_at__isnull=True)
            waiting.update(report_at=clock.now() + _PUT_ASIDE)
    return told


@transaction.atomic
def _hand_back(leave: Leave) -> bool:
    """One conditional update is the claim: of two workers one writes the mail."""
    rows = Leave.objects.filter(pk=leave.pk, report_at=leave.report_at, reported_at__isnull=True)
    if rows.update(reported_at=clock.now()) != 1:
        return False
    back = duties.back(leave, leave.person)
    counts = {"done": back.done_count, "late": back.late_count, "new": back.new_count}
    _mail(leave, leave.person, "mail/leave_back", counts)
    record(
        "leave.handed_back",
        by=None,
        about=leave,
        scope=scope_of(Plan.of(leave)),
        changes={"person": leave.person_id} | counts,
    )
    return True
