from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    """Take what was last written as what last left; a mail that waits at this moment is close to it."""
    rows = apps.get_model("feeds", "Invitation").objects.filter(mails__gt=0)
    rows.update(left_facts=F("sent_facts"), left_answer=F("answer"), left_answered_at=F("answered_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("feeds", "0003_what_left"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
