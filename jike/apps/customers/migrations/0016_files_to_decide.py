"""Files around an erased person at which somebody has to look."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jike.foundation.entering
import jike.values.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0015_member_batches_found"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FileToDecide",
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
                ("attachment", models.UUIDField(verbose_name="file")),
                (
                    "file_name",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="file name",
                    ),
                ),
                (
                    "found",
                    models.CharField(
                        choices=[("names", "names the person"), ("unread", "cannot be read by us")],
                        max_length=6,
                        verbose_name="what was found",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("kept", "kept"), ("erased", "erased")],
                        editable=False,
                        max_length=6,
                        verbose_name="decision",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        max_length=500,
                        validators=[
                            jike.foundation.entering.valid_line,
                            django.core.validators.MaxLengthValidator(500),
                        ],
                        verbose_name="reason",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="decided"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "key_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files_to_decide",
                        to="customers.keyperson",
                        verbose_name="key person",
                    ),
                ),
            ],
            options={
                "verbose_name": "file to decide upon",
                "verbose_name_plural": "files to decide upon",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key_person", "attachment"),
                        name="file_to_decide_once",
                        violation_error_message="This file is listed already.",
                    )
                ],
            },
        ),
    ]
