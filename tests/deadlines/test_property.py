"""Random work against a plain model: each person hears each thing exactly once, by the rules of the ladder.

The model below knows no database and no code of the engine: dates, lists and sets. What it takes
from the portal is the due date after each operation, and the office days.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures.tracking import actions as act
from measures.tracking.models import Action
from portal import clock
from portal.deadlines.models import Notice
from portal.deadlines.sweep import sweep
from portal.people.models import Leave
from portal.planning.days import OfficeDays
from tests.cast import World
from tests.toys import toy

FIRST = date(2026, 10, 5)
DAYS = 28
# Work lies close together, so that it meets.
BUSY = 11
HOURS = (7, 12, 21)
OFFICE = OfficeDays(closed={})
REMIND = (-5, -1, 0, 2)
WHO = ("kabinet_a", "oov_a", "piket_a", "communicatie_a")
SEES = {"kabinet_a", "oov_a", "piket_a", "burgemeester_a", "loco_a"}
ROLES = {"kabinet": ["kabinet_a"], "adviseur_oov": ["oov_a"], "burgemeester": ["burgemeester_a", "loco_a"]}
LEAD = "kabinet_a"
ESCALATES_TO = "burgemeester"


def wall(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at(day, time(hour, minute))


def day_of(moment: datetime) -> date:
    return moment.astimezone(clock.AMSTERDAM).date()


@dataclass
class Wait:
    """Something one person must hear, not told yet."""

    rule: str
    due: date
    person: str
    speaks: datetime
    holder: str
    fires: datetime


@dataclass
class Thing:
    """One action as the model knows it."""

    due: date
    holder: str
    is_open: bool = True
    planned: dict[str, datetime] = field(default_factory=dict)
    planned_for: date | None = None
    spoken: set[tuple[str, Any]] = field(default_factory=set)
    turns: int = 0
    waiting: list[Wait] = field(default_factory=list)
    had: set[tuple[str, Any, str]] = field(default_factory=set)
    silent: dict[str, date] = field(default_factory=dict)
    later: dict[str, str] = field(default_factory=dict)


def is_second(rule: str) -> bool:
    return rule in ("lead", "role")


def is_beside(rule: str) -> bool:
    return rule.startswith(("to:", "later:"))


class Model:
    """Who hears what, and when: one page of plain rules."""

    def __init__(self) -> None:
        self.leaves: list[tuple[str, str, date, date]] = []
        self.told: Counter[tuple[str, int, str, str, date]] = Counter()

    def plan(self, thing: Thing, now: datetime) -> None:
        """What must still be said about the due it has now."""
        fires = {f"{n:+d}": wall(OFFICE.add(thing.due, n), 5) for n in REMIND}
        fires["lead"] = wall(OFFICE.add(thing.due, 2), 7, 15)
        fires["role"] = wall(OFFICE.add(thing.due, 5), 7, 15)
        wanted = {rule: at for rule, at in fires.items() if at > now}
        for group in ([r for r in fires if not is_second(r)], ["lead"], ["role"]):
            past = [rule for rule in group if fires[rule] <= now]
            if past:
                latest = max(past, key=lambda rule: fires[rule])
                was = thing.planned.get(latest) if thing.planned_for == thing.due else None
                wanted[latest] = was if was is not None and was <= now else now
        beside = {rule: at for rule, at in thing.planned.items() if is_beside(rule)}
        ladder = {rule: at for rule, at in wanted.items() if (rule, thing.due) not in thing.spoken}
        thing.planned, thing.planned_for = ladder | beside, thing.due

    def to_new_holder(self, thing: Thing, now: datetime) -> None:
        """The new holder hears once; an older hand-over that was not told is forgotten."""
        thing.turns += 1
        thing.planned = {rule: at for rule, at in thing.planned.items() if not rule.startswith("to:")}
        thing.planned[f"to:{thing.turns}"] = now

    def acting(self, person: str, day: date) -> str:
        """The person, or the deputy who may see it while the person is away."""
        for absent, deputy, first, last in self.leaves:
            if absent == person and first <= day <= last and deputy in SEES:
                return deputy
        return person

    def reached(self, persons: list[str], day: date, holder: str = "") -> list[str]:
        found = []
        for one in persons:
            acting = self.acting(one, day)
            if (acting in SEES or one == holder) and acting not in found:
                found.append(acting)
        return found

    def holders(self, thing: Thing, day: date) -> list[str]:
        if thing.holder in ROLES:
            return self.reached(ROLES[thing.holder], day)
        # Who holds it personally sees it, whatever the kind.
        return self.reached([thing.holder], day, holder=thing.holder)

    def who(self, thing: Thing, rule: str, day: date) -> list[str]:
        """The ladder."""
        if rule.startswith("later:"):
            asked = thing.later[rule]
            is_holder = asked == thing.holder or asked in ROLES.get(thing.holder, ())
            return self.reached([asked], day, holder=thing.holder) if is_holder else []
        holders = self.holders(thing, day)
        lead = self.reached([LEAD], day)
        if not is_second(rule):
            until = {one: thing.silent.get(one, day) for one in holders}
            return [one for one in holders if rule.startswith("to:") or until[one] <= day]
        if rule == "lead":
            heard = [one for one in holders if thing.silent.get(one, day) <= day]
            return [one for one in lead if one not in heard]
        return self.reached(ROLES[ESCALATES_TO], day)

    def speaks(self, rule: str, fires: datetime, now: datetime, due: date) -> datetime:
        """With the digest, unless it would be late by then; a second person after the quiet hours."""
        moment = max(fires, now)
        awake = self.awake(moment)
        if is_second(rule):
            return awake
        digest, late = self.digest(fires), wall(due + timedelta(days=1), 0)
        if moment < late <= digest:
            return awake
        if digest > now:
            return digest
        return awake if OFFICE.is_office_day(day_of(awake)) else self.digest(awake)

    def digest(self, after: datetime) -> datetime:
        """A quarter past seven of the first office day at or after this moment."""
        day = day_of(after)
        while not OFFICE.is_office_day(day) or wall(day, 7, 15) < after:
            day += timedelta(days=1)
        return wall(day, 7, 15)

    def awake(self, moment: datetime) -> datetime:
        local = moment.astimezone(clock.AMSTERDAM)
        if time(7) <= local.time() < time(20):
            return moment
        return wall(local.date() + timedelta(days=1 if local.time() >= time(20) else 0), 7)

    def hear(
        self, thing: Thing, rule: str, fires: datetime, persons: list[str], now: datetime, key: Any
    ) -> None:
        for person in persons:
            if (rule, key, person) not in thing.had:
                thing.had.add((rule, key, person))
                at = self.speaks(rule, fires, now, thing.due)
                thing.waiting.append(Wait(rule, key, person, at, thing.holder, fires))

    def sweep(self, things: list[Thing], now: datetime) -> None:
        day = day_of(now)
        for thing in things:
            due = {rule: at for rule, at in thing.planned.items() if at <= now}
            latest: dict[str, str] = {}
            for rule, at in due.items():
                group = rule if rule.startswith("later:") or is_second(rule) else "holder"
                if group not in latest or at > due[latest[group]]:
                    latest[group] = rule
            for rule, at in due.items():
                key = None if is_beside(rule) else thing.due
                thing.spoken.add((rule, thing.due))
                del thing.planned[rule]
                if thing.is_open and rule in latest.values():
                    self.hear(thing, rule, at, self.who(thing, rule, day), now, key)
        for number, thing in enumerate(things):
            self.tell(number, thing, now)

    def tell(self, number: int, thing: Thing, now: datetime) -> None:
        day = day_of(now)
        waiting, thing.waiting = thing.waiting, []
        for one in waiting:
            if one.speaks > now:
                thing.waiting.append(one)
            elif thing.is_open and one.due in (None, thing.due):
                hearers = self.who(thing, one.rule, day)
                if one.person in hearers:
                    if one.rule != "role":  # the mayor reads it in the portal
                        self.told[
                            one.person, number, one.rule.partition(":")[0], str(one.due or ""), day
                        ] += 1
                elif is_second(one.rule) or one.rule.startswith("later:") or one.holder == thing.holder:
                    thing.had.discard((one.rule, one.due, one.person))
                    self.hear(thing, one.rule, one.fires, hearers, now, one.due)
                    self.unsay(thing, one)
                else:
                    self.unsay(thing, one)
            else:
                self.unsay(thing, one)

    def unsay(self, thing: Thing, one: Wait) -> None:
        """It fell away before this person heard it; when nobody heard it, it may be said again."""
        thing.had.discard((one.rule, one.due, one.person))
        if not any((rule, due) == (one.rule, one.due) for rule, due, _person in thing.had):
            thing.spoken.discard((one.rule, one.due))


operations = st.tuples(
    st.integers(0, BUSY),
    st.sampled_from(["move", "hand", "finish", "reopen", "later", "leave", "stand"]),
    st.integers(0, 2),
    st.integers(1, 16),
    st.integers(0, 5),
)
HOLDERS = ("kabinet", "adviseur_oov", "kabinet_a", "oov_a", "piket_a", "communicatie_a")


class Played:
    """The same operations, on the portal and on the model."""

    def __init__(self, world: World, dues: list[int]) -> None:
        self.world, self.model = world, Model()
        self.measure = toy(
            world.kabinet_a, world.a, steps=({"key": "far", "anchor": "week_monday"},), key="one"
        )
        Action.objects.filter(measure=self.measure).delete()
        self.actions, self.things = [], []
        for nr, days in enumerate(dues):
            due = OFFICE.nearest(FIRST + timedelta(days=days), 1)
            action = act.add_action(
                by=world.kabinet_a, measure=self.measure, title="A", description="", due_on=due,
                key=f"a{nr}", holder_role="kabinet",
            )  # fmt: skip
            thing = Thing(due, "kabinet")
            self.model.plan(thing, clock.now())
            self.actions.append(action)
            self.things.append(thing)

    def play(self, op: str, which: int, days: int, holder: int, now: datetime) -> None:
        nr = which % len(self.actions)
        action, thing = Action.objects.get(pk=self.actions[nr].pk), self.things[nr]
        if op == "leave":
            self.leave(which, days, holder, day_of(now))
        elif op == "reopen" and not thing.is_open:
            act.reopen(by=self.world.kabinet_a, action=action, reason="Toch niet klaar.")
            thing.is_open = True
            self.model.plan(thing, now)
            if not thing.planned:
                self.model.to_new_holder(thing, now)
        elif not thing.is_open:
            return
        elif op == "move":
            due = OFFICE.nearest(day_of(now) + timedelta(days=days - 8), 1)
            act.pin(by=self.world.kabinet_a, action=action, to=due)
            if due != thing.due:
                thing.due = due
                self.model.plan(thing, now)
        elif op == "hand":
            self.hand(action, thing, HOLDERS[holder], now)
        elif op == "finish":
            act.finish(by=self.world.kabinet_a, action=action)
            thing.is_open, thing.planned, thing.silent = False, {}, {}
        elif op == "later":
            self.later(action, thing, days, now)

    def hand(self, action: Action, thing: Thing, holder: str, now: datetime) -> None:
        person = getattr(self.world, holder) if holder not in ROLES else None
        act.hand_over(
            by=self.world.kabinet_a, action=action, to_role="" if person else holder, to_person=person
        )
        thing.holder = holder
        self.model.plan(thing, now)
        if holder == "kabinet_a":
            thing.planned = {rule: at for rule, at in thing.planned.items() if not rule.startswith("to:")}
        else:
            self.model.to_new_holder(thing, now)

    def later(self, action: Action, thing: Thing, days: int, now: datetime) -> None:
        asks = thing.holder if thing.holder not in ROLES else ROLES[thing.holder][0]
        until = OFFICE.add(day_of(now), days % 10 + 1)
        rule = f"later:{len(thing.later)}"
        act.put_off(
            by=getattr(self.world, asks),
            action=action,
            until=until,
            reason="Nu niet.",
            key=f"{action.pk}{rule}",
        )
        thing.planned = {
            old: at
            for old, at in thing.planned.items()
            if not old.startswith("later:") or thing.later[old] != asks
        }
        thing.later[rule], thing.silent[asks] = asks, until
        thing.planned[rule] = wall(until, 5)

    def leave(self, which: int, days: int, holder: int, today: date) -> None:
        absent, deputy = WHO[which], WHO[(which + 1 + holder % 3) % 4]
        first, last = today + timedelta(days=1), today + timedelta(days=1 + days % 9)
        away = {a for a, _d, begin, end in self.model.leaves if begin <= last and end >= first}
        stands_in = {d for _a, d, begin, end in self.model.leaves if begin <= last and end >= first}
        if absent in away | stands_in or deputy in away:
            return  # one link at a time keeps the model plain; chains have tests of their own
        Leave.objects.create(
            person=getattr(self.world, absent), deputy=getattr(self.world, deputy),
            starts_on=first, ends_on=last, announced_by=getattr(self.world, absent),
        )  # fmt: skip
        self.model.leaves.append((absent, deputy, first, last))


def portal_told(played: Played) -> Counter[tuple[str, int, str, str, date]]:
    """What really went out, in the words of the model."""
    names = {person.pk: key for key, person in played.world.people.items()}
    numbers = {action.pk: nr for nr, action in enumerate(played.actions)}
    found: Counter[tuple[str, int, str, str, date]] = Counter()
    for one in Notice.objects.filter(state="told").select_related("reminder", "message"):
        row = one.reminder
        rule = row.rule.partition(":")[0]
        due = "" if is_beside(row.rule) else row.due_key
        found[names[one.person_id], numbers[row.object_id], rule, due, day_of(one.message.created_at)] += 1
    return found


@pytest.mark.django_db
@settings(
    max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "50")),
    deadline=None,
    derandomize="PROPERTY_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(
    dues=st.lists(st.integers(1, 14), min_size=2, max_size=3),
    script=st.lists(operations, min_size=4, max_size=16),
)
def test_each_person_hears_each_thing_exactly_once(
    world: World, dues: list[int], script: list[tuple[int, str, int, int, int]]
) -> None:
    with transaction.atomic():
        with time_machine.travel(wall(FIRST, 6), tick=False) as clock_hands:
            played = Played(world, dues)
            still: set[date] = set()
            for offset in range(DAYS):
                day = FIRST + timedelta(days=offset)
                for hour in HOURS:
                    clock_hands.move_to(wall(day, hour, 15))
                    if day not in still:
                        sweep()
                        played.model.sweep(played.things, clock.now())
                    if hour != 12:
                        continue
                    for nr, (when, op, which, days, holder) in enumerate(script):
                        if when != offset:
                            continue
                        clock_hands.move_to(wall(day, 14) + timedelta(minutes=nr))
                        if op == "stand":
                            still |= {day + timedelta(days=n) for n in range(days % 4 + 1)}
                        else:
                            played.play(op, which, days, holder, clock.now())
            assert portal_told(played) == played.model.told
        transaction.set_rollback(True)
