"""`BillingAccount`: what a customer's products are billed to; lies where its customer lies."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.inventory.models import labels
from jike.apps.inventory.rules import AccountState
from jike.foundation.entering import plain_code, plain_line, valid_line
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, order


class BillingAccount(Record):
    """A billing account. ``credit`` is what was paid beyond its bills, and follows from bills and payments."""

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "close": _("Close")}
    VERBS = {"reopen": _("Open again"), "settle": _("Settle bills")}
    DERIVED = {"code": Derived("code", plain_code), "name": Derived("name", plain_line)}
    SEARCH = Searchable(title="name", codes=("code",), context=("customer__name",))

    code = models.CharField(_("account code"), max_length=32, blank=True, validators=[valid_line])
    name = models.CharField(_("account name"), max_length=140, validators=[valid_line])
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        verbose_name=_("customer"),
        related_name="billing_accounts",
        db_index=False,
    )
    state = models.CharField(
        _("state"), max_length=6, choices=choices(labels.ACCOUNT_STATES), default=AccountState.OPEN.value
    )
    opened_on = models.DateField(_("opened on"))
    credit = models.DecimalField(
        _("credit"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False
    )

    class Meta:
        verbose_name = _("billing account")
        verbose_name_plural = _("billing accounts")
        ordering = ("code", "id")
        indexes = (
            order("code", "account_by_code"),
            order("opened_on", "account_by_opening"),
            order("credit", "account_by_credit"),
            models.Index(fields=("customer", "id"), name="account_of_customer"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=STANDING,
                name="account_code_once",
                violation_error_message=_("Another account has this code."),
            ),
            models.CheckConstraint(
                condition=~models.Q(code=""),
                name="account_has_a_code",
                violation_error_message=_("An account needs a code."),
            ),
            models.CheckConstraint(
                condition=models.Q(credit__gte=0),
                name="account_credit_not_negative",
                violation_error_message=_("An account's credit cannot be negative."),
            ),
        )

    def __str__(self) -> str:
        return self.name
