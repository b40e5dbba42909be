from django.db import migrations, models


def back_to_refused(apps, schema_editor):
    """Without the word "cancelled" such a message is one that did not arrive."""
    apps.get_model("mail", "Message").objects.filter(state="cancelled").update(state="refused")


class Migration(migrations.Migration):

    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="message", name="message_state"),
        migrations.RunPython(migrations.RunPython.noop, back_to_refused),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                name="message_state",
                condition=models.Q(state__in=["planned", "claimed", "sent", "refused", "cancelled"]),
            ),
        ),
    ]
