"""`Payment`: money that came in for an account; never edited, at most reversed."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.inventory.models import labels
from jike.apps.inventory.models.account import BillingAccount
from jike.apps.inventory.rules import PaymentMethod, PaymentState
from jike.foundation.entering import plain_line, valid_line
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, order


class Payment(Record):
    """A payment; which bills it settles follows from the rule that the oldest comes first."""

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "reverse": _("Reverse")}
    DERIVED = {"reference": Derived("reference", plain_line)}
    SEARCH = Searchable(title="code", codes=("code",), context=("customer__name",))

    code = models.CharField(_("receipt number"), max_length=32, blank=True)
    account = models.ForeignKey(
        BillingAccount,
        models.PROTECT,
        verbose_name=_("billing account"),
        related_name="payments",
        db_index=False,
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="payments", db_index=False
    )
    received_on = models.DateField(_("received on"))
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    method = models.CharField(
        _("way of payment"),
        max_length=10,
        choices=choices(labels.PAYMENT_METHODS),
        default=PaymentMethod.TRANSFER.value,
    )
    reference = models.CharField(_("bank reference"), max_length=60, blank=True, validators=[valid_line])
    state = models.CharField(
        _("state"), max_length=8, choices=choices(labels.PAYMENT_STATES), default=PaymentState.RECEIVED.value
    )
    reason = models.CharField(
        _("reason for the reversal"), max_length=200, blank=True, validators=[valid_line]
    )

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("-received_on", "-id")
        indexes = (
            order("received_on", "payment_by_day"),
            order("amount", "payment_by_amount"),
            models.Index(fields=("account", "received_on"), name="payment_of_account"),
            models.Index(fields=("customer", "received_on"), name="payment_of_customer"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=STANDING,
                name="payment_code_once",
                violation_error_message=_("Another payment has this receipt number."),
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0),
                name="payment_is_positive",
                violation_error_message=_("A payment is more than nothing."),
            ),
        )

    def __str__(self) -> str:
        return self.code
