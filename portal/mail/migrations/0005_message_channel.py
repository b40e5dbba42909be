import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("mail", "0004_gateway")]

    operations = [
        migrations.AddField(
            model_name="message", name="channel", field=models.CharField(default="mail", max_length=8)
        ),
        migrations.AddField(
            model_name="message",
            name="gateway",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mail.gateway"
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="address",
            field=models.EmailField(blank=True, default="", max_length=254),
        ),
        migrations.AlterField(
            model_name="message",
            name="subject",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                name="message_channel",
                condition=(models.Q(channel="mail", gateway__isnull=True) & ~models.Q(address=""))
                | models.Q(
                    channel__in=["sms", "voice"], address="", gateway__isnull=False, person__isnull=False
                )
                | models.Q(channel="webhook", address="", gateway__isnull=False),
            ),
        ),
    ]
