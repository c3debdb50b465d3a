"""Members, cut into sixteen parts by a hash of their number, and the files by which they came."""

import django.db.models.functions.datetime
from django.db import migrations, models

import jike.values.identifiers

PARTS = 16
TABLE = """
CREATE TABLE customers_member (
    number varchar(20) COLLATE "C" NOT NULL,
    customer_id bigint NOT NULL,
    short_number varchar(10) NOT NULL,
    department varchar(60) NOT NULL,
    bundle varchar(60) NOT NULL,
    bundle_end date,
    joined_on date NOT NULL,
    left_on date,
    batch uuid NOT NULL,
    left_batch uuid,
    PRIMARY KEY (number, batch)
) PARTITION BY HASH (number);
CREATE UNIQUE INDEX member_of_one_customer ON customers_member (number) WHERE left_on IS NULL;
CREATE INDEX member_of_customer ON customers_member (customer_id, number) WHERE left_on IS NULL;
"""
SHARES = "\n".join(
    f"CREATE TABLE customers_member_{part:02} PARTITION OF customers_member"
    f" FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part});"
    for part in range(PARTS)
)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_boards_and_cities"),
    ]

    operations = [
        migrations.CreateModel(
            name="MemberBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=jike.values.identifiers.uid7, editable=False, unique=True)),
                ("person", models.UUIDField()),
                ("kind", models.CharField(choices=[("join", "join"), ("leave", "leave")], max_length=5)),
                ("file_name", models.CharField(max_length=200)),
                ("day", models.DateField()),
                ("counts", models.JSONField(default=dict)),
                ("task", models.UUIDField(null=True)),
                ("stored_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "file of members",
                "verbose_name_plural": "files of members",
                "indexes": [models.Index(fields=["person", "-id"], name="member_batch_person")],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"{TABLE}{SHARES}", "DROP TABLE customers_member"),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="Member",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "number",
                                "batch",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "number",
                            models.CharField(db_collation="C", max_length=20, verbose_name="number"),
                        ),
                        (
                            "short_number",
                            models.CharField(blank=True, max_length=10, verbose_name="short number"),
                        ),
                        (
                            "department",
                            models.CharField(blank=True, max_length=60, verbose_name="department"),
                        ),
                        ("bundle", models.CharField(blank=True, max_length=60, verbose_name="bundle")),
                        ("bundle_end", models.DateField(null=True, verbose_name="bundle ends")),
                        ("joined_on", models.DateField(verbose_name="joined")),
                        ("left_on", models.DateField(null=True, verbose_name="left")),
                        ("batch", models.UUIDField(verbose_name="batch")),
                        ("left_batch", models.UUIDField(null=True, verbose_name="batch of leaving")),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=models.DO_NOTHING,
                                related_name="members",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "member",
                        "verbose_name_plural": "members",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("left_on", None)),
                                fields=["customer", "number"],
                                name="member_of_customer",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("left_on", None)),
                                fields=("number",),
                                name="member_of_one_customer",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
