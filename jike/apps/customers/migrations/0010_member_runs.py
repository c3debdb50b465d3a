"""Snapshots of members and what became of them, checks for false members, changes by file, and when bundles end."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import jike.values.identifiers

PARTS = 16
LINES = """
CREATE TABLE customers_membersnapshotline (
    snapshot_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    numbers varchar(20)[] COLLATE "C" NOT NULL,
    PRIMARY KEY (snapshot_id, customer_id)
) PARTITION BY HASH (customer_id);
"""
FATES = """
CREATE TABLE customers_memberfate (
    snapshot_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    frozen integer NOT NULL,
    retained integer NOT NULL,
    rejoined integer NOT NULL,
    moved integer NOT NULL,
    gone integer NOT NULL,
    bundled integer NOT NULL,
    PRIMARY KEY (snapshot_id, customer_id)
) PARTITION BY HASH (customer_id);
CREATE INDEX member_fate_by_gone ON customers_memberfate (snapshot_id, gone DESC, customer_id);
"""
SHARES = "\n".join(
    f"CREATE TABLE {table}_{part:02} PARTITION OF {table} FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part});"
    for table in ("customers_membersnapshotline", "customers_memberfate")
    for part in range(PARTS)
)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_custom_tags_and_proposals"),
        ("organisation", "0002_fewer_indexes_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MemberSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=jike.values.identifiers.uid7, editable=False, unique=True)),
                ("taken_on", models.DateField(unique=True, verbose_name="taken on")),
                ("person", models.UUIDField(null=True)),
                ("members", models.PositiveBigIntegerField(default=0, verbose_name="members")),
                ("customers", models.PositiveIntegerField(default=0, verbose_name="customers")),
                ("counted_on", models.DateField(null=True, verbose_name="counted on")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "snapshot of members",
                "verbose_name_plural": "snapshots of members",
            },
        ),
        migrations.CreateModel(
            name="MemberCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=jike.values.identifiers.uid7, editable=False, unique=True)),
                ("person", models.UUIDField()),
                ("members", models.PositiveBigIntegerField(default=0, verbose_name="members looked at")),
                ("counts", models.JSONField(default=dict)),
                ("task", models.UUIDField(null=True)),
                ("day", models.DateField(verbose_name="on")),
                ("done_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "check of members",
                "verbose_name_plural": "checks of members",
                "indexes": [models.Index(fields=["person", "-id"], name="member_check_person")],
            },
        ),
        migrations.CreateModel(
            name="MemberFinding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("prefix", "No operator was given numbers that begin so"),
                            ("overlap", "Belonged elsewhere at the same time"),
                            ("short", "Short number twice in the group"),
                            ("state", "The customer is lost or archived"),
                            ("foreign", "A number range of another operator"),
                            ("passed", "Left another customer shortly before"),
                            ("returned", "Left and came back shortly after"),
                        ],
                        max_length=8,
                        verbose_name="reason",
                    ),
                ),
                ("number", models.CharField(db_collation="C", max_length=20, verbose_name="number")),
                ("batch", models.UUIDField()),
                ("told", models.CharField(blank=True, max_length=120, verbose_name="details")),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("keep", "belongs"), ("leave", "left")], max_length=5
                    ),
                ),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="customers.membercheck",
                    ),
                ),
            ],
            options={
                "verbose_name": "suspicion about a member",
                "verbose_name_plural": "suspicions about members",
                "indexes": [
                    models.Index(fields=["run", "reason", "id"], name="member_finding_of_run"),
                    models.Index(
                        condition=models.Q(("decision", "keep")),
                        fields=["number", "reason"],
                        name="member_finding_kept",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberFormer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("batch", models.UUIDField()),
                ("number", models.CharField(db_collation="C", max_length=20)),
                ("joined_by", models.UUIDField()),
                ("short_number", models.CharField(blank=True, max_length=10)),
                ("department", models.CharField(blank=True, max_length=60)),
                ("bundle", models.CharField(blank=True, max_length=60)),
                ("bundle_start", models.DateField(null=True)),
                ("bundle_end", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "former state of a member",
                "verbose_name_plural": "former states of members",
                "indexes": [
                    models.Index(fields=["batch"], name="member_former_of_batch"),
                    models.Index(fields=["number", "joined_by"], name="member_former_of_member"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberRetention",
            fields=[
                ("frozen", models.PositiveIntegerField(verbose_name="in the snapshot")),
                ("retained", models.PositiveIntegerField(verbose_name="retained")),
                ("rejoined", models.PositiveIntegerField(verbose_name="left and came back")),
                ("moved", models.PositiveIntegerField(verbose_name="moved to another customer")),
                ("gone", models.PositiveIntegerField(verbose_name="left")),
                ("bundled", models.PositiveIntegerField(verbose_name="bound by a bundle")),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField(verbose_name="month")),
                ("customers", models.PositiveIntegerField(verbose_name="customers")),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organisation.unit",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="retentions",
                        to="customers.membersnapshot",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention of members",
                "verbose_name_plural": "retentions of members",
                "indexes": [
                    models.Index(fields=["snapshot", "month", "unit"], name="member_retention_of_month")
                ],
            },
        ),
        migrations.AddField(
            model_name="member",
            name="bundle_start",
            field=models.DateField(null=True, verbose_name="bundle begins"),
        ),
        migrations.AlterField(
            model_name="memberbatch",
            name="kind",
            field=models.CharField(
                choices=[("join", "join"), ("leave", "leave"), ("alter", "change")], max_length=5
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("left_on", None)),
                fields=["customer", "department", "number"],
                name="member_in_department",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("bundle_end__isnull", False), ("left_on", None)),
                fields=["customer", "bundle_end", "number"],
                name="member_bound_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("bundle_end__isnull", False), ("left_on", None)),
                fields=["bundle_end", "number"],
                name="member_bound_until",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"{LINES}{FATES}{SHARES}", "DROP TABLE customers_membersnapshotline, customers_memberfate"
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="MemberSnapshotLine",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "snapshot_id",
                                "customer_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "numbers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(db_collation="C", max_length=20), size=None
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="lines",
                                to="customers.membersnapshot",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line of a snapshot of members",
                        "verbose_name_plural": "lines of snapshots of members",
                    },
                ),
                migrations.CreateModel(
                    name="MemberFate",
                    fields=[
                        ("frozen", models.PositiveIntegerField(verbose_name="in the snapshot")),
                        ("retained", models.PositiveIntegerField(verbose_name="retained")),
                        ("rejoined", models.PositiveIntegerField(verbose_name="left and came back")),
                        ("moved", models.PositiveIntegerField(verbose_name="moved to another customer")),
                        ("gone", models.PositiveIntegerField(verbose_name="left")),
                        ("bundled", models.PositiveIntegerField(verbose_name="bound by a bundle")),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "snapshot_id",
                                "customer_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="fates",
                                to="customers.membersnapshot",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fate of a customer's members",
                        "verbose_name_plural": "fates of customers' members",
                        "indexes": [
                            models.Index(fields=["snapshot", "-gone", "customer"], name="member_fate_by_gone")
                        ],
                    },
                ),
            ],
        ),
    ]
