from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import jike.foundation.entering
import jike.values.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("customers", "0001_customers"),
        ("organisation", "0001_organisation"),
        ("quoting", "0001_quoting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BillingAccount",
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
                    "code",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="account code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=140,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="account name",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")],
                        default="open",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="opened on")),
                (
                    "credit",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        editable=False,
                        max_digits=14,
                        verbose_name="credit",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billing_accounts",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "billing account",
                "verbose_name_plural": "billing accounts",
                "ordering": ("code", "id"),
            },
        ),
        migrations.CreateModel(
            name="Bill",
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
                ("code", models.CharField(max_length=48, verbose_name="bill number")),
                ("month", models.DateField(verbose_name="month")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                (
                    "paid",
                    models.DecimalField(
                        decimal_places=2, default=Decimal(0), max_digits=14, verbose_name="paid"
                    ),
                ),
                (
                    "owed",
                    models.DecimalField(
                        decimal_places=2, default=Decimal(0), max_digits=14, verbose_name="still to pay"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Unpaid"), ("part", "Partly paid"), ("paid", "Paid")],
                        default="open",
                        max_length=4,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="inventory.billingaccount",
                        verbose_name="billing account",
                    ),
                ),
            ],
            options={
                "verbose_name": "bill",
                "verbose_name_plural": "bills",
                "ordering": ("-month", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Payment",
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
                ("code", models.CharField(blank=True, max_length=32, verbose_name="receipt number")),
                ("received_on", models.DateField(verbose_name="received on")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="amount",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("transfer", "Bank transfer"),
                            ("collection", "Collection by the bank"),
                            ("online", "Paid online"),
                            ("cheque", "Cheque"),
                            ("cash", "Cash"),
                        ],
                        default="transfer",
                        max_length=10,
                        verbose_name="way of payment",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="bank reference",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("received", "Received"), ("reversed", "Reversed")],
                        default="received",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="reason for the reversal",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="inventory.billingaccount",
                        verbose_name="billing account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "ordering": ("-received_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Product",
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
                    "code",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="product number",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=160,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="product",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "In service"),
                            ("suspended", "Suspended"),
                            ("terminated", "Terminated"),
                        ],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("state_since", models.DateField(verbose_name="in this state since")),
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
                    "service_number",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="service number",
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
                ("started_on", models.DateField(verbose_name="in service from")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="out of service from")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="inventory.billingaccount",
                        verbose_name="billing account",
                    ),
                ),
                (
                    "agreement_line",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="quoting.agreementline",
                        verbose_name="line of the agreement",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "offering",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="catalogue.productoffering",
                        verbose_name="offering",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account manager",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="organisation.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ("-started_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="ChargePeriod",
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
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until before")),
                (
                    "monthly_amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="monthly amount",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charge_periods",
                        to="inventory.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "charge period",
                "verbose_name_plural": "charge periods",
                "ordering": ("product", "starts_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="BillLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month",
                        "customer_id",
                        "product_id",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "kind",
                    models.CharField(
                        choices=[("monthly", "Monthly fee"), ("one_off", "One-off fee")],
                        default="monthly",
                        max_length=8,
                        verbose_name="kind of line",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="days in service")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("batch", models.UUIDField(verbose_name="batch")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="inventory.billingaccount",
                        verbose_name="billing account",
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
                        verbose_name="customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="inventory.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a bill",
                "verbose_name_plural": "lines of bills",
            },
        ),
        migrations.AddIndex(
            model_name="billingaccount",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["code", "id"], name="account_by_code"
            ),
        ),
        migrations.AddIndex(
            model_name="billingaccount",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["opened_on", "id"],
                name="account_by_opening",
            ),
        ),
        migrations.AddIndex(
            model_name="billingaccount",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["credit", "id"], name="account_by_credit"
            ),
        ),
        migrations.AddIndex(
            model_name="billingaccount",
            index=models.Index(fields=["customer", "id"], name="account_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("code",),
                name="account_code_once",
                violation_error_message="Another account has this code.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), _negated=True),
                name="account_has_a_code",
                violation_error_message="An account needs a code.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("credit__gte", 0)),
                name="account_credit_not_negative",
                violation_error_message="An account's credit cannot be negative.",
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["month", "id"], name="bill_by_month"
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["amount", "id"], name="bill_by_amount"
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["owed", "id"], name="bill_by_owed"
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["due_on", "id"], name="bill_by_due"
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["customer", "month"], name="bill_of_customer"),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["state", "owed", "id"], name="bill_in_state"
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                condition=models.Q(("owed__gt", 0)), fields=["due_on", "customer"], name="bill_unpaid"
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(
                fields=("account", "month"),
                name="bill_once_a_month",
                violation_error_message="This account has a bill of this month already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1), ("paid__gte", 0), ("paid__lte", models.F("amount"))),
                name="bill_is_sound",
                violation_error_message="A bill begins on a first day, and no more is paid than it asks.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "owed",
                        django.db.models.expressions.CombinedExpression(
                            models.F("amount"), "-", models.F("paid")
                        ),
                    )
                ),
                name="bill_adds_up",
                violation_error_message="What is owed of a bill is its amount less what is paid.",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["received_on", "id"], name="payment_by_day"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["amount", "id"], name="payment_by_amount"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["account", "received_on"], name="payment_of_account"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["customer", "received_on"], name="payment_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("code",),
                name="payment_code_once",
                violation_error_message="Another payment has this receipt number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="payment_is_positive",
                violation_error_message="A payment is more than nothing.",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["started_on", "id"], name="product_by_start"
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["monthly_amount", "id"],
                name="product_by_amount",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["code", "id"], name="product_by_code"
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["customer", "started_on", "id"], name="product_of_customer"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["owner", "started_on", "id"], name="product_of_owner"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["unit", "started_on", "id"], name="product_of_unit"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["offering", "id"], name="product_of_offering"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["account", "id"], name="product_of_account"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["agreement_line", "id"], name="product_of_agreement_line"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["state", "monthly_amount", "id"],
                name="product_in_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("code",),
                name="product_code_once",
                violation_error_message="Another product has this number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("monthly_price__gte", 0), ("one_off_price__gte", 0), ("quantity__gte", 1)
                ),
                name="product_amounts_are_sensible",
                violation_error_message="A product needs a quantity, and its prices are never negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None), ("ended_on__gte", models.F("started_on")), _connector="OR"
                ),
                name="product_ends_after_start",
                violation_error_message="A product cannot end before it began.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "terminated"), ("ended_on__isnull", False)),
                    models.Q(models.Q(("state", "terminated"), _negated=True), ("ended_on", None)),
                    _connector="OR",
                ),
                name="product_ended_is_terminated",
                violation_error_message="A product has an end exactly when it is terminated.",
            ),
        ),
        migrations.AddIndex(
            model_name="chargeperiod",
            index=models.Index(fields=["product", "starts_on"], name="charge_period_of_product"),
        ),
        migrations.AddConstraint(
            model_name="chargeperiod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)),
                fields=("product",),
                name="charge_period_open_once",
                violation_error_message="The product is charged already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="chargeperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="charge_period_ends_after_start",
                violation_error_message="A charge period cannot end before it began.",
            ),
        ),
        migrations.AddConstraint(
            model_name="billline",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="bill_line_of_a_first_day"
            ),
        ),
        migrations.RunSQL("CREATE SEQUENCE inventory_account_code", "DROP SEQUENCE inventory_account_code"),
        migrations.RunSQL("CREATE SEQUENCE inventory_product_code", "DROP SEQUENCE inventory_product_code"),
        migrations.RunSQL("CREATE SEQUENCE inventory_payment_code", "DROP SEQUENCE inventory_payment_code"),
    ]
