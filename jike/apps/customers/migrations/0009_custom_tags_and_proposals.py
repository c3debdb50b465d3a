"""Custom fields, tags and completeness of customers, and proposals to change what is judged of them.

The columns keep their defaults in the database, so that the code before this goes on adding customers.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jike.foundation.entering
import jike.values.identifiers

ADD = """
ALTER TABLE customers_customer ADD COLUMN completeness smallint NOT NULL DEFAULT 0 CHECK (completeness >= 0),
    ADD COLUMN custom jsonb NOT NULL DEFAULT '{}', ADD COLUMN tags bigint[] NOT NULL DEFAULT '{}';
ALTER TABLE customers_keyperson ADD COLUMN custom jsonb NOT NULL DEFAULT '{}'
"""
DROP = """
ALTER TABLE customers_customer DROP COLUMN completeness, DROP COLUMN custom, DROP COLUMN tags;
ALTER TABLE customers_keyperson DROP COLUMN custom
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_interactions_and_mail"),
        ("organisation", "0002_fewer_indexes_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD, DROP)],
            state_operations=[
                migrations.AddField(
                    model_name="customer",
                    name="completeness",
                    field=models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="completeness"
                    ),
                ),
                migrations.AddField(
                    model_name="customer",
                    name="custom",
                    field=models.JSONField(
                        blank=True, default=dict, editable=False, verbose_name="custom fields"
                    ),
                ),
                migrations.AddField(
                    model_name="customer",
                    name="tags",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="tags",
                    ),
                ),
                migrations.AddField(
                    model_name="keyperson",
                    name="custom",
                    field=models.JSONField(
                        blank=True, default=dict, editable=False, verbose_name="custom fields"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChangeProposal",
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
                (
                    "aspect",
                    models.CharField(
                        choices=[
                            ("grade", "grade"),
                            ("service_level", "service level"),
                            ("credit", "credit"),
                        ],
                        max_length=13,
                        verbose_name="what",
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="before",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        max_length=8,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="proposed",
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
                ("proposed_at", models.DateTimeField(verbose_name="proposed on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("overtaken", "Overtaken"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="decided"),
                ),
                (
                    "remark",
                    models.TextField(
                        blank=True,
                        editable=False,
                        max_length=500,
                        validators=[
                            jike.foundation.entering.valid_line,
                            django.core.validators.MaxLengthValidator(500),
                        ],
                        verbose_name="remark",
                    ),
                ),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals_decided",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals_decided_by_deputies",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="in the stead of",
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_proposals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposed change",
                "verbose_name_plural": "proposed changes",
                "ordering": ("-proposed_at", "-id"),
            },
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["completeness", "id"],
                name="customer_by_completeness",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["tags"], name="customer_by_tag"
            ),
        ),
        migrations.AddIndex(
            model_name="changeproposal",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["proposed_at", "id"],
                name="proposal_by_time",
            ),
        ),
        migrations.AddIndex(
            model_name="changeproposal",
            index=models.Index(fields=["proposer", "-proposed_at"], name="proposal_of_proposer"),
        ),
        migrations.AddIndex(
            model_name="changeproposal",
            index=models.Index(fields=["customer", "-proposed_at"], name="proposal_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="changeproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None), ("state", "waiting")),
                fields=("customer", "aspect"),
                name="proposal_waiting_once",
                violation_error_message="A proposal for this waits already; withdraw it first.",
            ),
        ),
    ]
