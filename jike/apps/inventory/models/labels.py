"""What the values of the rules' enumerations are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.inventory.rules import (
    AccountState,
    BillState,
    LineKind,
    PaymentMethod,
    PaymentState,
    ProductState,
)
from jike.foundation.models.shapes import Labels

PRODUCT_STATES: Labels = {
    ProductState.ACTIVE: pgettext_lazy("product", "In service"),
    ProductState.SUSPENDED: pgettext_lazy("product", "Suspended"),
    ProductState.TERMINATED: pgettext_lazy("product", "Terminated"),
}
ACCOUNT_STATES: Labels = {
    AccountState.OPEN: pgettext_lazy("account", "Open"),
    AccountState.CLOSED: pgettext_lazy("account", "Closed"),
}
BILL_STATES: Labels = {
    BillState.OPEN: pgettext_lazy("bill", "Unpaid"),
    BillState.PART: pgettext_lazy("bill", "Partly paid"),
    BillState.PAID: pgettext_lazy("bill", "Paid"),
}
LINE_KINDS: Labels = {
    LineKind.MONTHLY: _("Monthly fee"),
    LineKind.ONE_OFF: _("One-off fee"),
}
PAYMENT_STATES: Labels = {
    PaymentState.RECEIVED: pgettext_lazy("payment", "Received"),
    PaymentState.REVERSED: pgettext_lazy("payment", "Reversed"),
}
PAYMENT_METHODS: Labels = {
    PaymentMethod.TRANSFER: _("Bank transfer"),
    PaymentMethod.COLLECTION: _("Collection by the bank"),
    PaymentMethod.ONLINE: _("Paid online"),
    PaymentMethod.CHEQUE: _("Cheque"),
    PaymentMethod.CASH: _("Cash"),
}
