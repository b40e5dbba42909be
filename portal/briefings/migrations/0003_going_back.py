from django.db import migrations


def forget(apps, schema_editor):
    """Going back, what a schedule made has no place: its readers and its states are not known there."""
    apps.get_model("briefings", "Briefing").objects.filter(period__isnull=False).delete()


class Migration(migrations.Migration):

    dependencies = [('briefings', '0002_scheduled')]

    operations = [migrations.RunPython(migrations.RunPython.noop, forget)]
