"""Two processes that announce or hand back at the same moment, in a real installation.

`python -m tests.faults.leave_at_once WHAT …` prints what came of it; `lay` makes the people and leaves
that are over, `circle WHO DEPUTY DAY AT` announces a leave at a moment, `tick AT` hands back what is due.
"""

import os
import sys
import time
from datetime import date, timedelta

import django

OVER = 40


def lay() -> str:
    """The cast, and leaves that are over and not yet handed back."""
    from portal import clock
    from portal.people.models import Leave
    from tests.cast import World, build_world

    build_world()
    world, today = World.load(), clock.today()
    Leave.objects.bulk_create(
        Leave(
            person=world.kabinet_a,
            deputy=world.oov_a,
            starts_on=today - timedelta(days=nr + 2),
            ends_on=today - timedelta(days=nr + 2),
            announced_by=world.kabinet_a,
            report_at=clock.now(),
        )
        for nr in range(OVER)
    )
    return ""


def circle(who: str, deputy: str, day: str, at: str) -> str:
    """Announce one day of leave at that moment; "made" or the rule that refused it."""
    from django.db import connection

    from portal.people import actions
    from portal.people.leave_rules import Plan
    from tests.cast import World

    world, on = World.load(), date.fromisoformat(day)
    person, other = getattr(world, who), getattr(world, deputy)
    connection.ensure_connection()
    time.sleep(max(0.0, float(at) - time.time()))
    try:
        actions.announce(by=person, plan=Plan(person, other, on, on), key=f"{who}{day}")
    except actions.CannotBeAway as refused:
        return refused.problem.value
    return "made"


def tick(at: str) -> str:
    """Hand back what is due at that moment; how many heard."""
    from portal.people import actions

    time.sleep(max(0.0, float(at) - time.time()))
    return str(actions.hand_back())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    print({"lay": lay, "circle": circle, "tick": tick}[sys.argv[1]](*sys.argv[2:]))  # noqa: T201 - its answer
