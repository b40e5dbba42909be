"""Pushing deadlines to the engine: plan replaces what was planned for an object, cancel ends it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from portal import clock
from portal.deadlines.models import Notice, Reminder, Silence
from portal.deadlines.speaking import DIGEST_AT, FIRST_DIGEST
from portal.municipalities.models import Scope
from portal.planning.days import OfficeDays

# An ordinary reminder is ready before the earliest digest and waits there for the person's own hour.
READY_AT = FIRST_DIGEST
# A second person hears at the start of the working day.
SPEAKS_AT = DIGEST_AT
MAX_RULES = 24
MAX_OFFSET = 400
LEAD_AFTER = 2
ROLE_AFTER = 5
WAITING = ("planned", "claimed")
# The rules on which somebody else than the holder hears.
SECOND_PERSON = ("lead", "role")


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


class RulesRefused(ValueError):
    """Nobody wants to hear this often, or so long ahead; `str()` is one Dutch sentence."""


@dataclass(frozen=True)
class Rules:
    """When to speak about a deadline: offsets in office days, or in hours when `hours`.

    `urgent` reminders go out at once, day and night, through every channel of a person. Raises
    RulesRefused for more than 24 reminders or an offset beyond 400: nothing is planned then.
    """

    remind: Sequence[int]
    days: OfficeDays
    hours: bool = False
    urgent: bool = False

    def __post_init__(self) -> None:
        if len(self.remind) > MAX_RULES:
            raise RulesRefused(
                _("Dit zijn %(n)s herinneringen; geef er ten hoogste %(max)s.")
                % {"n": len(self.remind), "max": MAX_RULES}
            )
        if any(abs(offset) > MAX_OFFSET for offset in self.remind):
            raise RulesRefused(
                _("Herinner ten hoogste %(max)s dagen of uren voor of na de datum.") % {"max": MAX_OFFSET}
            )


@dataclass(frozen=True)
class Holder:
    """Who must act: a role in the scope, or one person."""

    role: str = ""
    person_id: Any = None


def is_extra(rule: str) -> bool:
    """Whether a rule stands beside the ladder.

    "to:…" after a hand-over, "re:…" after a refused mail, "later:…" because somebody asked for it.
    """
    return rule.startswith(("to:", "re:", "later:"))


def moments(due: Moment, rules: Rules) -> dict[str, datetime]:
    """Each rule's name with the moment at which it fires, the escalations included."""
    found: dict[str, datetime] = {}
    for offset in rules.remind:
        if rules.hours and due.at is not None:
            found[f"{offset:+d}u"] = due.at + timedelta(hours=offset)
        else:
            found[f"{offset:+d}"] = clock.at(rules.days.add(due.day, offset), READY_AT)
    found["lead"] = clock.at(rules.days.add(due.day, LEAD_AFTER), SPEAKS_AT)
    found["role"] = clock.at(rules.days.add(due.day, ROLE_AFTER), SPEAKS_AT)
    return found


def _still_to_say(fires: dict[str, datetime], now: datetime) -> dict[str, datetime]:
    """Of what is past only the latest rule speaks, now: one to the holder, one to each second person."""
    coming = {rule: at for rule, at in fires.items() if at > now}
    for rungs in ([r for r in fires if r not in SECOND_PERSON], *([rule] for rule in SECOND_PERSON)):
        past = [rule for rule in rungs if fires[rule] <= now]
        if past:
            latest = max(past, key=lambda rule: fires[rule])
            coming[latest] = now
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
    now = clock.now()
    wanted = _still_to_say(moments(due, rules), now)
    known = {row.rule: row for row in before if row.due_key == due.key}
    unsaid = _unsaid([row for row in known.values() if row.state == "fired" and row.rule in wanted])
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
                    urgent=rules.urgent,
                    **scope.as_fields(),
                )
            )
        elif row.state != "fired" or row.pk in unsaid:
            waits_since = row.state == "planned" and row.fires_at <= now
            Reminder.objects.filter(pk=row.pk, state=row.state).update(
                state="planned",
                fires_at=min(row.fires_at, fires_at) if waits_since else fires_at,
                lease_until=None,
                lease_id=None,
                holder_role=holder.role,
                holder_person_id=holder.person_id,
                consequence=consequence,
                urgent=rules.urgent,
            )
    Reminder.objects.bulk_create(fresh)


def _unsaid(fired: Sequence[Reminder]) -> set[Any]:
    """Those that fired and that nobody heard after all: what each must hear fell away before it was told.

    What fired without a word, because a later rule spoke, counts as said.
    """
    if not fired:
        return set()
    states: dict[Any, set[str]] = {}
    for pk, state in Notice.objects.filter(reminder__in=fired).values_list("reminder_id", "state"):
        states.setdefault(pk, set()).add(state)
    return {pk for pk, found in states.items() if found == {"gone"}}


def handed_over(
    source: str,
    object_id: Any,
    scope: Scope,
    due: Moment | None,
    holder: Holder,
    turn: str,
) -> None:
    """Let the holder hear once, now; `turn` tells one hand-over ("3") or reopening ("r4") from the next."""
    taken(source, object_id)
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


def taken(source: str, object_id: Any) -> None:
    """Forget a hand-over of which nobody heard yet: somebody else holds it now, or took it."""
    Reminder.objects.filter(
        source=source, object_id=object_id, rule__startswith="to:", state__in=WAITING
    ).update(state="cancelled")


def again(source: str, object_id: Any, scope: Scope, person_id: Any, on: date, turn: str) -> None:
    """Let one person hear this again on that day; `turn` tells one request from the next."""
    Reminder.objects.filter(
        source=source,
        object_id=object_id,
        rule__startswith="later:",
        holder_person_id=person_id,
        state__in=WAITING,
    ).update(state="cancelled")
    Reminder.objects.create(
        source=source,
        object_id=object_id,
        rule=f"later:{turn}",
        due_key="",
        fires_at=clock.at(on, READY_AT),
        holder_person_id=person_id,
        **scope.as_fields(),
    )


def cancel(source: str, object_id: Any) -> None:
    """Nothing more is said about this object; call it in the transaction that ends it."""
    cancel_many(source, [object_id])


def cancel_many(source: str, object_ids: Collection[Any]) -> None:
    """The same for several objects of one source; who asked to hear them later no longer waits for that."""
    ids = list(object_ids)
    Reminder.objects.filter(source=source, object_id__in=ids, state__in=WAITING).update(state="cancelled")
    Silence.objects.filter(source=source, object_id__in=ids, until__gt=clock.today()).update(
        until=clock.today()
    )


def without_date(source: str, object_id: Any) -> None:
    """The date became unknown: the ladder stands still; what somebody must hear beside it is still said."""
    for row in Reminder.objects.filter(source=source, object_id=object_id, state__in=WAITING):
        if not is_extra(row.rule):
            Reminder.objects.filter(pk=row.pk, state__in=WAITING).update(state="cancelled")
