from django.db import migrations


def settle(apps, schema_editor):
    """What was written before notices had a state was told by mail, or stood in the portal only."""
    notices = apps.get_model("deadlines", "Notice").objects
    notices.filter(message__isnull=False).update(state="told")
    notices.filter(message__isnull=True).update(state="shown")


class Migration(migrations.Migration):

    dependencies = [
        ('deadlines', '0002_hearing'),
    ]

    operations = [
        migrations.RunPython(settle, migrations.RunPython.noop),
    ]
