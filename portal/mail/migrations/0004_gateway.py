import django.db.models.deletion
import uuid6
from django.db import migrations, models

import portal.clock


class Migration(migrations.Migration):

    dependencies = [
        ("mail", "0003_message_unsubscribe_url"),
        ("municipalities", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Gateway",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "municipality",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                    ),
                ),
                (
                    "driehoek",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.driehoek",
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=80)),
                ("url", models.CharField(max_length=500)),
                ("method", models.CharField(default="POST", max_length=4)),
                ("encoding", models.CharField(default="json", max_length=4)),
                ("body", models.TextField(blank=True, default="")),
                ("sealed_headers", models.TextField(blank=True, default="")),
                ("sealed_secret", models.TextField(blank=True, default="")),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("last_ok_at", models.DateTimeField(null=True)),
                ("last_failed_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=40)),
                ("created_at", models.DateTimeField(default=portal.clock.now)),
            ],
            options={
                "ordering": ["kind", "name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        name="gateway_scope",
                        condition=models.Q(municipality__isnull=True) | models.Q(driehoek__isnull=True),
                        violation_error_message="Kies één gemeente, één driehoek of landelijk.",
                    ),
                    models.CheckConstraint(
                        name="gateway_words",
                        condition=models.Q(
                            kind__in=["sms", "voice", "webhook"],
                            method__in=["POST", "GET", "PUT"],
                            encoding__in=["json", "form"],
                        ),
                    ),
                    models.UniqueConstraint(
                        fields=["kind", "municipality"],
                        condition=models.Q(
                            is_active=True, kind__in=["sms", "voice"], municipality__isnull=False
                        ),
                        name="gateway_once_municipality",
                    ),
                    models.UniqueConstraint(
                        fields=["kind", "driehoek"],
                        condition=models.Q(is_active=True, kind__in=["sms", "voice"], driehoek__isnull=False),
                        name="gateway_once_driehoek",
                    ),
                    models.UniqueConstraint(
                        fields=["kind"],
                        condition=models.Q(
                            is_active=True,
                            kind__in=["sms", "voice"],
                            municipality__isnull=True,
                            driehoek__isnull=True,
                        ),
                        name="gateway_once_national",
                    ),
                ],
            },
        ),
    ]
