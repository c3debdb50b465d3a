"""For how long what is kept by time is kept, and the reports of the nights."""

import django.db.models.functions.datetime
from django.db import migrations, models

import jike.values.identifiers


class Migration(migrations.Migration):
    dependencies = [("foundation", "0016_custom_field_help")]

    operations = [
        migrations.CreateModel(
            name="RetentionReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("days", models.PositiveIntegerField()),
                ("removed", models.PositiveIntegerField()),
                ("ran_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "report of retention",
                "verbose_name_plural": "reports of retention",
                "indexes": [models.Index(fields=["name", "-ran_at"], name="retention_report_latest")],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.UUIDField(
                        default=jike.values.identifiers.uid7, editable=False, unique=True, verbose_name="uid"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="removed"),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="sort of data")),
                ("days", models.PositiveIntegerField(verbose_name="days kept")),
            ],
            options={"verbose_name": "retention rule", "verbose_name_plural": "retention rules"},
        ),
    ]
