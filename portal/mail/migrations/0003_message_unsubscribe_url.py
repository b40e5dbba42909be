from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("mail", "0002_message_cancelled")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="unsubscribe_url",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
    ]
