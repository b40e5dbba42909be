"""Pushing deadlines to the engine: plan replaces what was planned for an object, cancel ends it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from portal import clock
from portal.deadlines.models import Reminder
from portal.municipalities.models import Scope
from portal.planning.days import OfficeDays

# Ordinary reminders are read at the start of the day.
SPEAKS_AT = time(7, 15)
LEAD_AFTER = 2
ROLE_AFTER = 5
WAITING = ("planned", "claimed")


@dataclass(frozen=True)
class Moment:
    """When a deadline falls: a date or a moment, exactly one."""

    on: date | None = None
    at: datetime | None = None

    @property
    def key(self) -> str:
        """The due as one text: the unique key of a reminder holds it."""
        if self.on is not None:
            return self.on.isoformat()
        assert self.at is not None
        return self.at.astimezone(UTC).isoformat(timespec="seconds")

    @property
    def day(self) -> date:
        if self.on is not None:
            return self.on
        assert self.at is not None
        return self.at.astimezone(clock.AMSTERDAM).date()


@dataclass(frozen=True)
class Rules:
    """When to speak about a deadline: offsets in office days, or in hours when `hours`."""

    remind: Sequence[int]
    days: OfficeDays
    hours: bool = False


@dataclass(frozen=True)
class Holder:
    """Who must act: a role in the scope, or one person."""

    role: str = ""
    person_id: Any = None


def is_extra(rule: str) -> bool:
    """Whether a rule stands beside the ladder: "to:…" after a hand-over, "re:…" after a refused mail."""
    return rule.startswith(("to:", "re:"))


def moments(due: Moment, rules: Rules) -> dict[str, datetime]:
    """Each rule's name with the moment at which it fires, the escalations included."""
    found: dict[str, datetime] = {}
    for offset in rules.remind:
        if rules.hours and due.at is not None:
            found[f"{offset:+d}"] = due.at + timedelta(hours=offset)
        else:
            found[f"{offset:+d}"] = clock.at(rules.days.add(due.day, offset), SPEAKS_AT)
    found["lead"] = clock.at(rules.days.add(due.day, LEAD_AFTER), SPEAKS_AT)
    found["role"] = clock.at(rules.days.add(due.day, ROLE_AFTER), SPEAKS_AT)
    return found


def _still_to_say(fires: dict[str, datetime], now: datetime) -> dict[str, datetime]:
    """Of the rules that are past only the latest speaks: one to the holder, one to a second person."""
    coming = {rule: at for rule, at in fires.items() if at > now}
    for rungs in ([r for r in fires if r not in ("lead", "role")], ["lead", "role"]):
        past = [rule for rule in rungs if fires[rule] <= now]
        if past:
            latest = max(past, key=lambda rule: fires[rule])
            coming[latest] = fires[latest]
    return coming


def plan(
    source: str,
    object_id: Any,
    scope: Scope,
    due: Moment,
    rules: Rules,
    holder: Holder,
    consequence: str,
) -> None:
    """Replace what was planned for this object; call it in the transaction that changes the date.

    A rule that fired for this very due does not fire again. A moved date is a new reminder that
    names the due it replaces.
    """
    before = [
        row for row in Reminder.objects.filter(source=source, object_id=object_id) if not is_extra(row.rule)
    ]
    wanted = _still_to_say(moments(due, rules), clock.now())
    known = {row.rule: row for row in before if row.due_key == due.key}
    others = [row for row in before if row.due_key != due.key and row.state != "cancelled"]
    replaced = max(others, key=lambda row: row.created_at).due_key if others else ""
    stale = [
        row.pk
        for row in before
        if row.state in WAITING and (row.due_key != due.key or row.rule not in wanted)
    ]
    Reminder.objects.filter(pk__in=stale, state__in=WAITING).update(state="cancelled")
    fresh = []
    for rule, fires_at in wanted.items():
        row = known.get(rule)
        if row is None:
            fresh.append(
                Reminder(
                    source=source,
                    object_id=object_id,
                    rule=rule,
                    due_on=due.on,
                    due_at=due.at,
                    due_key=due.key,
                    fires_at=fires_at,
                    holder_role=holder.role,
                    holder_person_id=holder.person_id,
                    consequence=consequence,
                    replaces_due=replaced,
                    **scope.as_fields(),
                )
            )
        elif row.state != "fired":
            Reminder.objects.filter(pk=row.pk).exclude(state="fired").update(
                state="planned",
                fires_at=fires_at,
                lease_until=None,
                lease_id=None,
                holder_role=holder.role,
                holder_person_id=holder.person_id,
                consequence=consequence,
            )
    Reminder.objects.bulk_create(fresh)


def handed_over(
    source: str, object_id: Any, scope: Scope, due: Moment | None, holder: Holder, turn: int
) -> None:
    """Let the new holder hear once, now; `turn` tells one hand-over from the next."""
    Reminder.objects.filter(
        source=source, object_id=object_id, rule__startswith="to:", state__in=WAITING
    ).update(state="cancelled")
    Reminder.objects.create(
        source=source,
        object_id=object_id,
        rule=f"to:{turn}",
        due_on=due.on if due else None,
        due_at=due.at if due else None,
        due_key=due.key if due else "",
        fires_at=clock.now(),
        holder_role=holder.role,
        holder_person_id=holder.person_id,
        **scope.as_fields(),
    )


def cancel(source: str, object_id: Any) -> None:
    """Nothing more is said about this object; call it in the transaction that ends it."""
    cancel_many(source, [object_id])


def cancel_many(source: str, object_ids: Collection[Any]) -> None:
    """The same for several objects of one source, in one statement."""
    Reminder.objects.filter(source=source, object_id__in=list(object_ids), state__in=WAITING).update(
        state="cancelled"
    )
