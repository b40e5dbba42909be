"""Lays the reminders of the chaos suite and changes what waits: `python -m tests.faults.lay_chaos WHAT`.

`lay` prints who must hear what, `change` who must hear it now, each as JSON: "first" is due at once,
"second" an hour later, "gone" must not be heard any more. `dst SUNDAY` lays less, around a night on
which the clock is moved. A pair is an action and an address. `session`
prints a session key with which a browser is signed in as the first person.
"""

import json
import os
import sys
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import django

SCOPES = 40
EACH = 5
# What happens between planning and firing, and what while it waits; each in a municipality of its own.
LEFT, FINISHED, HANDED_OVER = 0, 1, 2
LEAVES, FINISHES, HANDS_OVER = 3, 4, 5
# Here the only holder has an address that a moody mail server does not know; the lead is another.
UNKNOWN = 6

Pair = tuple[str, str]


def address(who: str, number: int) -> str:
    return f"{who}{number}@voorbeeld.example"


def _person(who: str, number: int, scope: Any, role: str = "kabinet") -> Any:
    from portal import clock
    from portal.people.models import Membership, Person

    person = Person.objects.create_person(email=address(who, number), name=f"{who} {number}")
    day = clock.today() - timedelta(days=1)
    Membership.objects.create(person=person, role=role, starts_on=day, **scope.as_fields())
    return person


def _end_membership(who: str, number: int) -> None:
    from portal import clock
    from portal.people.models import Membership

    Membership.objects.filter(person__email=address(who, number)).update(ended_at=clock.now())


def _actions(measure: Any) -> list[Any]:
    """Actions for the cabinet, due today, of which half are heard an hour later than the others."""
    from measures.tracking.models import Action
    from portal import clock
    from portal.deadlines import plan as engine
    from portal.deadlines.models import Reminder
    from portal.planning.days import OfficeDays

    made = []
    for number in range(2 * EACH):
        action = Action.objects.create(
            measure=measure,
            kind=measure.kind,
            origin="by_hand",
            title=f"Actie {number}",
            holder_role="kabinet",
            due_on=clock.today(),
            late_from=clock.end_of(clock.today()),
            **measure.scope.as_fields(),
        )
        rules = engine.Rules((0,), OfficeDays(closed={}))
        moment = engine.Moment(on=action.due_on)
        engine.plan("action", action.pk, measure.scope, moment, rules, engine.Holder(role="kabinet"), "")
        made.append(action)
    now = clock.now()
    for half, fires_at in ((made[:EACH], now), (made[EACH:], now + timedelta(hours=1))):
        Reminder.objects.filter(rule="+0", object_id__in=[one.pk for one in half]).update(fires_at=fires_at)
    return made


def lay() -> dict[str, list[Pair]]:
    """The municipalities with their people, and what happened before anything fired."""
    from measures.tracking import actions
    from portal.municipalities.models import Municipality, Scope
    from tests.toys import template

    version = template(steps=({"key": "far", "anchor": "week_monday"},))
    heard: dict[str, list[Pair]] = {"first": [], "second": []}
    for nr, municipality in enumerate(Municipality.objects.order_by("code")[:SCOPES]):
        scope = Scope(municipality.pk)
        person = _person("onbekend" if nr == UNKNOWN else "kabinet", nr, scope)
        lead = _person("trekker", nr, scope, "adviseur_oov") if nr == UNKNOWN else person
        hearers = [person.email]
        if nr in (LEFT, LEAVES):
            hearers.append(_person("weg", nr, scope).email)
        if nr in (HANDED_OVER, HANDS_OVER):
            _person("burgemeester", nr, scope, "burgemeester")
        measure = actions.start_measure(
            by=person, version=version, scope=scope, anchors={}, key=uuid4().hex, lead=lead
        )
        made = _actions(measure)
        for part, half in (("first", made[:EACH]), ("second", made[EACH:])):
            heard[part] += [(str(action.pk), email) for action in half for email in hearers]
        chosen = (str(made[0].pk), person.email)
        if nr == LEFT:
            _end_membership("weg", nr)
            heard = {part: [p for p in of if p[1] != address("weg", nr)] for part, of in heard.items()}
        elif nr == FINISHED:
            actions.finish(by=person, action=made[0])
            heard["first"].remove(chosen)
        elif nr == HANDED_OVER:
            actions.hand_over(by=person, action=made[0], to_role="burgemeester")
            heard["first"].remove(chosen)
            heard["first"].append((chosen[0], address("burgemeester", nr)))
    return heard


def change() -> dict[str, list[Pair]]:
    """One loses the right to see, one finishes, one hands over, while what they must hear waits."""
    from measures.tracking import actions
    from measures.tracking.models import Action
    from portal.people.models import Membership, Person

    def of(number: int) -> tuple[Any, list[Any]]:
        person = Person.objects.get(email=address("kabinet", number))
        where = Membership.objects.get(person=person).scope.as_fields()
        return person, list(Action.objects.filter(origin="by_hand", **where).order_by("id"))

    _person_left, theirs = of(LEAVES)
    _end_membership("weg", LEAVES)
    gone = [(str(action.pk), address("weg", LEAVES)) for action in theirs]
    person, theirs = of(FINISHES)
    actions.finish(by=person, action=theirs[0])
    gone.append((str(theirs[0].pk), person.email))
    person, theirs = of(HANDS_OVER)
    actions.hand_over(by=person, action=theirs[0], to_role="burgemeester")
    gone.append((str(theirs[0].pk), person.email))
    return {"first": [(str(theirs[0].pk), address("burgemeester", HANDS_OVER))], "gone": gone}


HOURS = (-4, -3, -2, -1)
DIGESTS = 3


def dst(sunday: str) -> dict[str, Any]:
    """Three people with two actions each for the first office day after that Sunday, and one with an
    alarm in hours, due that Sunday at five; gives the moments of the alarm and the day of the digest.
    """
    from measures.tracking import actions
    from portal import clock
    from portal.deadlines import plan as engine
    from portal.deadlines.models import Reminder
    from portal.municipalities.models import Municipality, Scope
    from portal.planning.days import OfficeDays
    from tests.toys import template

    days = OfficeDays(closed={})
    night = date.fromisoformat(sunday)
    day = days.nearest(night, 1)
    version = template(steps=({"key": "far", "anchor": "week_monday"},))
    for nr, municipality in enumerate(Municipality.objects.order_by("code")[: DIGESTS + 1]):
        scope = Scope(municipality.pk)
        person = _person("kabinet", nr, scope)
        measure = actions.start_measure(by=person, version=version, scope=scope, anchors={}, key=uuid4().hex)
        if nr == DIGESTS:
            moment = engine.Moment(at=clock.at(night, time(5)))
            _plan(measure, moment, engine.Rules(HOURS, days, hours=True, urgent=True))
            continue
        for _ in range(2):
            _plan(measure, engine.Moment(on=day), engine.Rules((0,), days))
    alarms = Reminder.objects.filter(rule__endswith="u").order_by("fires_at")
    return {"alarms": [row.fires_at.isoformat() for row in alarms], "day": day.isoformat()}


def _plan(measure: Any, moment: Any, rules: Any) -> None:
    from measures.tracking.models import Action
    from portal import clock
    from portal.deadlines import plan as engine

    action = Action.objects.create(
        measure=measure,
        kind=measure.kind,
        origin="by_hand",
        title="Actie",
        holder_role="kabinet",
        due_on=moment.on,
        due_at=moment.at,
        late_from=clock.end_of(moment.on) if moment.on else moment.at,
        **measure.scope.as_fields(),
    )
    engine.plan("action", action.pk, measure.scope, moment, rules, engine.Holder(role="kabinet"), "")


def session() -> str:
    from django.test import Client

    from portal.people.models import Person

    client = Client()
    client.force_login(Person.objects.get(email=address("kabinet", 0)))
    kept = client.session
    kept["second_factor"] = True
    kept.save()
    return client.cookies["sessionid"].value


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    if sys.argv[1] == "session":
        print(session(), end="")  # noqa: T201
    else:
        from tests.faults.lay_quiet import no_briefings

        no_briefings()
        what: dict[str, Any] = {"lay": lay, "change": change, "dst": dst}
        print(json.dumps(what[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
