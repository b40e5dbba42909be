"""Lays 1,000 due reminders in a database: `python -m tests.faults.lay_reminders`; prints their actions' ids."""

import os
from datetime import timedelta
from uuid import uuid4

import django

MEASURES = 50
EACH = 20


def lay() -> list[str]:
    from measures.tracking import actions
    from measures.tracking.models import Action
    from portal import clock
    from portal.deadlines import plan as engine
    from portal.deadlines.models import Reminder
    from portal.municipalities.models import Municipality, Scope
    from portal.people.models import Membership, Person
    from portal.planning.days import OfficeDays
    from tests.toys import template

    version = template(steps=({"key": "far", "anchor": "week_monday"},))
    ids: list[str] = []
    today = clock.today()
    for nr, municipality in enumerate(Municipality.objects.order_by("code")[:MEASURES]):
        person = Person.objects.create_person(email=f"kabinet{nr}@voorbeeld.example", name=f"Kabinet {nr}")
        scope = Scope(municipality.pk)
        Membership.objects.create(
            person=person, role="kabinet", starts_on=today - timedelta(days=1), **scope.as_fields()
        )
        measure = actions.start_measure(by=person, version=version, scope=scope, anchors={}, key=uuid4().hex)
        for number in range(EACH):
            action = Action.objects.create(
                measure=measure,
                kind=measure.kind,
                origin="by_hand",
                title=f"Actie {number}",
                holder_role="kabinet",
                due_on=today,
                late_from=clock.end_of(today),
                **scope.as_fields(),
            )
            engine.plan(
                "action",
                action.pk,
                scope,
                engine.Moment(on=today),
                engine.Rules((0,), OfficeDays(closed={})),
                engine.Holder(role="kabinet"),
                "",
            )
            ids.append(str(action.pk))
    # Whatever the hour of this run: every reminder about today is due now.
    Reminder.objects.filter(rule="+0").update(fires_at=clock.now() - timedelta(minutes=1))
    return ids


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from tests.faults.lay_quiet import no_briefings

    no_briefings()
    print("\n".join(lay()))  # noqa: T201
