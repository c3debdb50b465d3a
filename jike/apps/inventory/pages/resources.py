"""How products, billing accounts, bills and payments look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.inventory import actions
from jike.apps.inventory.models import Bill, BillingAccount, Payment, Product
from jike.apps.inventory.pages.panels import ACCOUNT_PANELS, BILL_PANELS, PAYMENT_PANELS, PRODUCT_PANELS
from jike.foundation.resource import Resource, Section

__all__ = ["BILLING_ACCOUNTS", "BILLS", "PAYMENTS", "PRODUCTS"]

PRODUCTS = Resource(
    model=Product,
    slug="products",
    icon="package",
    columns=(
        "name",
        "customer",
        "quantity",
        "monthly_amount",
        "state",
        "started_on",
        "owner",
        "unit",
        "code",
    ),
    more_columns=(
        *("offering__family", "monthly_price", "one_off_price", "service_number", "address"),
        *("account", "offering", "state_since", "ended_on"),
    ),
    looks={"state": "state"},
    sorts=("-started_on", "-monthly_amount", "code"),
    form=(Section(_("Basics"), ("name", "service_number", "address")),),
    inline=("service_number", "address"),
    actions={"change": actions.change_product},
    panels=PRODUCT_PANELS,
    states="state",
    key=("code",),
    totals=("monthly_amount",),
)

BILLING_ACCOUNTS = Resource(
    model=BillingAccount,
    slug="billing-accounts",
    icon="file-dollar",
    columns=("name", "code", "customer", "state", "credit", "opened_on"),
    looks={"state": "state"},
    sorts=("code", "-credit", "-opened_on"),
    form=(Section(_("Basics"), ("customer", "name", "code", "opened_on")),),
    inline=("name",),
    actions={"add": actions.add_account, "change": actions.change_account},
    panels=ACCOUNT_PANELS,
    key=("code",),
    totals=("credit",),
)

BILLS = Resource(
    model=Bill,
    slug="bills",
    icon="file-certificate",
    columns=("code", "customer", "month", "amount", "paid", "owed", "state", "due_on"),
    more_columns=("account", "customer__owner"),
    filters=("customer__unit",),
    looks={"state": "state"},
    sorts=("-month", "-amount", "-owed", "due_on"),
    form=(
        Section(
            _("Basics"),
            ("customer", "account", "month", "amount", "paid", "owed", "due_on"),
        ),
    ),
    actions={"add": actions.add_bill, "change": actions.change_bill},
    panels=BILL_PANELS,
    states="state",
    totals=("owed", "amount"),
)

PAYMENTS = Resource(
    model=Payment,
    slug="payments",
    icon="currency-yuan",
    columns=("code", "customer", "amount", "received_on", "method", "reference", "state"),
    more_columns=("account", "reason"),
    looks={"state": "state"},
    sorts=("-received_on", "-amount"),
    form=(Section(_("Basics"), ("account", "amount", "received_on", "method", "reference")),),
    actions={"add": actions.add_payment},
    panels=PAYMENT_PANELS,
    totals=("amount",),
)
