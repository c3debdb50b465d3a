from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jike.foundation.entering
import jike.values.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("customers", "0001_customers"),
        ("inventory", "0001_inventory"),
        ("organisation", "0001_organisation"),
        ("quoting", "0001_quoting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductOrder",
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
                ("code", models.CharField(blank=True, max_length=32, verbose_name="order number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("running", "Under way"),
                            ("held", "Held up"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("requested_on", models.DateField(blank=True, null=True, verbose_name="wished for")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="submitted"),
                ),
                (
                    "promised_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="promised for"),
                ),
                (
                    "completed_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="completed on"),
                ),
                (
                    "monthly_amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        editable=False,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="monthly amount",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="address",
                    ),
                ),
                (
                    "remark",
                    models.TextField(
                        blank=True,
                        max_length=500,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="remark",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="why cancelled",
                    ),
                ),
                (
                    "escalated_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="escalated"),
                ),
                (
                    "escalation",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="why escalated",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="quoting.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "escalated_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watched_orders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="watched by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account manager",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="organisation.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="OrderItem",
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
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("add", "New"),
                            ("modify", "Change"),
                            ("suspend", "Suspend"),
                            ("resume", "Resume"),
                            ("terminate", "Terminate"),
                        ],
                        default="add",
                        max_length=9,
                        verbose_name="what to do",
                    ),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="quantity",
                    ),
                ),
                (
                    "monthly_price",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="monthly price each",
                    ),
                ),
                (
                    "monthly_amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        editable=False,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="monthly amount",
                    ),
                ),
                (
                    "one_off_price",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="one-off price",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="address",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("running", "Under way"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "agreement_line",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_items",
                        to="quoting.agreementline",
                        verbose_name="line of the agreement",
                    ),
                ),
                (
                    "offering",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.productoffering",
                        verbose_name="offering",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_items",
                        to="inventory.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="ordering.productorder",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "order item",
                "verbose_name_plural": "order items",
                "ordering": ("order", "position", "id"),
            },
        ),
        migrations.CreateModel(
            name="ServiceTask",
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
                    "name",
                    models.CharField(
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="service task",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("survey", "Survey"),
                            ("resource", "Resources"),
                            ("construction", "Construction"),
                            ("configuration", "Configuration"),
                            ("test", "Test"),
                            ("first_acceptance", "First acceptance"),
                            ("final_acceptance", "Final acceptance"),
                            ("rent_start", "Start of rent"),
                            ("rent_change", "Change of rent"),
                            ("rent_end", "End of rent"),
                            ("release", "Release of resources"),
                        ],
                        max_length=16,
                        verbose_name="step",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="after",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("ready", "Ready"),
                            ("running", "Under way"),
                            ("failed", "Failed"),
                            ("done", "Done"),
                            ("cancelled", "Not needed"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("due_on", models.DateField(editable=False, null=True, verbose_name="due on")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="begun")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="result",
                    ),
                ),
                (
                    "fallout",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="why it failed",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="ordering.orderitem",
                        verbose_name="order item",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="ordering.productorder",
                        verbose_name="order",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_tasks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="delivery manager",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_tasks",
                        to="organisation.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "service task",
                "verbose_name_plural": "service tasks",
                "ordering": ("due_on", "id"),
            },
        ),
        migrations.AddIndex(
            model_name="productorder",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["code", "id"], name="order_by_code"
            ),
        ),
        migrations.AddIndex(
            model_name="productorder",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["promised_on", "id"],
                name="order_by_promise",
            ),
        ),
        migrations.AddIndex(
            model_name="productorder",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["monthly_amount", "id"],
                name="order_by_amount",
            ),
        ),
        migrations.AddIndex(
            model_name="productorder",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["completed_on", "id"],
                name="order_by_completion",
            ),
        ),
        migrations.AddIndex(
            model_name="productorder",
            index=models.Index(fields=["customer", "id"], name="order_of_customer"),
        ),
        migrations.AddIndex(
            model_name="productorder",
            index=models.Index(fields=["owner", "id"], name="order_of_owner"),
        ),
        migrations.AddIndex(
            model_name="productorder",
            index=models.Index(fields=["unit", "id"], name="order_of_unit"),
        ),
        migrations.AddIndex(
            model_name="productorder",
            index=models.Index(fields=["agreement", "id"], name="order_of_agreement"),
        ),
        migrations.AddIndex(
            model_name="productorder",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["state", "monthly_amount", "id"],
                name="order_in_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="productorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("code",),
                name="order_code_once",
                violation_error_message="Another order has this number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="productorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "completed"), ("completed_on__isnull", False)),
                    models.Q(models.Q(("state", "completed"), _negated=True), ("completed_on", None)),
                    _connector="OR",
                ),
                name="order_completed_has_a_day",
                violation_error_message="An order has a day of completion exactly when it is completed.",
            ),
        ),
        migrations.AddIndex(
            model_name="orderitem",
            index=models.Index(fields=["order", "position"], name="order_item_of_order"),
        ),
        migrations.AddIndex(
            model_name="orderitem",
            index=models.Index(fields=["product", "id"], name="order_item_of_product"),
        ),
        migrations.AddIndex(
            model_name="orderitem",
            index=models.Index(fields=["agreement_line", "id"], name="order_item_of_line"),
        ),
        migrations.AddConstraint(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("monthly_price__gte", 0), ("one_off_price__gte", 0), ("quantity__gte", 1)
                ),
                name="order_item_is_sensible",
                violation_error_message="An item needs a quantity, and its prices are never negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("action", "add"), ("product__isnull", False), _connector="OR"),
                name="order_item_names_its_product",
                violation_error_message="Say which product is to be changed.",
            ),
        ),
        migrations.AddIndex(
            model_name="servicetask",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["due_on", "id"], name="service_task_by_due"
            ),
        ),
        migrations.AddIndex(
            model_name="servicetask",
            index=models.Index(fields=["order", "position"], name="service_task_of_order"),
        ),
        migrations.AddIndex(
            model_name="servicetask",
            index=models.Index(fields=["item", "position"], name="service_task_of_item"),
        ),
        migrations.AddIndex(
            model_name="servicetask",
            index=models.Index(fields=["owner", "due_on", "id"], name="service_task_of_owner"),
        ),
        migrations.AddIndex(
            model_name="servicetask",
            index=models.Index(fields=["unit", "due_on", "id"], name="service_task_of_unit"),
        ),
        migrations.AddIndex(
            model_name="servicetask",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["state", "due_on", "id"],
                name="service_task_in_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicetask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("item", "step"),
                name="service_task_step_once",
                violation_error_message="The item has this step already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicetask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), ("finished_at__isnull", False)),
                    models.Q(models.Q(("state", "done"), _negated=True), ("finished_at", None)),
                    _connector="OR",
                ),
                name="service_task_done_has_an_end",
                violation_error_message="A step has an end exactly when it is done.",
            ),
        ),
        migrations.RunSQL("CREATE SEQUENCE ordering_order_code", "DROP SEQUENCE ordering_order_code"),
    ]
