"""`Bill`: what an account owes for a month, and `BillLine`: what of it each product costs; both are a ledger."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.inventory.models import labels
from jike.apps.inventory.models.account import BillingAccount
from jike.apps.inventory.models.product import Product
from jike.apps.inventory.rules import BillState, LineKind
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS
from jike.foundation.models.shapes import STANDING, choices, order


class Bill(Record):
    """A month of an account: ``amount`` is the sum of its lines, ``paid`` what its account's payments cover.

    Bills are made and settled set-wise by the bill run; nobody edits them.
    """

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "run": _("Compute a month")}
    VERBS = {"settle": _("Settle bills")}
    FACTS = {"month": _("Month"), "lines": _("Lines"), "bills": _("Bills"), "amount": _("Amount")}

    code = models.CharField(_("bill number"), max_length=48)
    account = models.ForeignKey(
        BillingAccount,
        models.PROTECT,
        verbose_name=_("billing account"),
        related_name="bills",
        db_index=False,
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="bills", db_index=False
    )
    month = models.DateField(_("month"))
    """Its first day."""
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2, default=Decimal(0))
    owed = models.DecimalField(_("still to pay"), max_digits=14, decimal_places=2, default=Decimal(0))
    state = models.CharField(
        _("state"), max_length=4, choices=choices(labels.BILL_STATES), default=BillState.OPEN.value
    )
    due_on = models.DateField(_("due on"))

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ("-month", "-id")
        indexes = (
            order("month", "bill_by_month"),
            order("amount", "bill_by_amount"),
            order("owed", "bill_by_owed"),
            order("due_on", "bill_by_due"),
            models.Index(fields=("customer", "month"), name="bill_of_customer"),
            models.Index(fields=("state", "owed", "id"), name="bill_in_state", condition=STANDING),
            models.Index(fields=("due_on", "customer"), name="bill_unpaid", condition=models.Q(owed__gt=0)),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("account", "month"),
                name="bill_once_a_month",
                violation_error_message=_("This account has a bill of this month already."),
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1, paid__gte=0, paid__lte=models.F("amount")),
                name="bill_is_sound",
                violation_error_message=_("A bill begins on a first day, and no more is paid than it asks."),
            ),
            models.CheckConstraint(
                condition=models.Q(owed=models.F("amount") - models.F("paid")),
                name="bill_adds_up",
                violation_error_message=_("What is owed of a bill is its amount less what is paid."),
            ),
        )

    def __str__(self) -> str:
        return self.code


class BillLine(models.Model):
    """What a product cost in a month; the month leads the key, as partitioning by month will need.

    No constraints to other tables, since checking each of millions of rows would double the time of a bill run, which
    takes them from those tables anyway.
    """

    pk = models.CompositePrimaryKey("month", "customer_id", "product_id", "kind")
    month = models.DateField(_("month"))
    customer = models.ForeignKey(
        Customer,
        models.DO_NOTHING,
        verbose_name=_("customer"),
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    product = models.ForeignKey(
        Product,
        models.DO_NOTHING,
        verbose_name=_("product"),
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(
        _("kind of line"), max_length=8, choices=choices(labels.LINE_KINDS), default=LineKind.MONTHLY.value
    )
    account = models.ForeignKey(
        BillingAccount,
        models.DO_NOTHING,
        verbose_name=_("billing account"),
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    days = models.PositiveSmallIntegerField(_("days in service"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    batch = models.UUIDField(_("batch"))

    class Meta:
        verbose_name = _("line of a bill")
        verbose_name_plural = _("lines of bills")
        constraints = (
            models.CheckConstraint(condition=models.Q(month__day=1), name="bill_line_of_a_first_day"),
        )
