"""Measures of this kind that were started before visits had pages each get the visit they are about."""

from django.db import migrations

STATES = {"running": "planned", "completed": "followed_up", "stopped": "cancelled"}
HOURS = 2


def own(apps, schema_editor):
    from datetime import timedelta

    Measure = apps.get_model("tracking", "Measure")
    Visit = apps.get_model("visits", "Visit")
    rows = Measure.objects.filter(kind="visits", municipality__isnull=False, visit__isnull=True)
    for measure in rows.order_by("id"):
        anchor = measure.anchors.filter(name="visit").first()
        starts = anchor.at if anchor else None
        state = STATES[measure.state]
        if starts is None and state == "planned":
            state = "idea"
        if starts is None and state == "followed_up":
            # It was held on a day that nobody wrote down: not later than when it was closed.
            starts = measure.ended_at - timedelta(hours=HOURS)
        Visit.objects.create(
            measure=measure,
            municipality_id=measure.municipality_id,
            state=state,
            starts_at=starts,
            ends_at=starts + timedelta(hours=HOURS) if starts else None,
            cancelled_at=measure.ended_at if state == "cancelled" else None,
            cancel_reason=(measure.stop_reason or "gestopt") if state == "cancelled" else "",
        )


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_visits"), ("tracking", "0003_appointment")]

    operations = [migrations.RunPython(own, migrations.RunPython.noop)]
