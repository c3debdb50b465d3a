"""What records show of products and bills: a product's charges, a bill's lines, an account's and a customer's part."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.inventory import queries
from jike.apps.inventory.models import Bill, BillingAccount, Payment, Product
from jike.apps.inventory.rules import AGES, AccountState, PaymentState, ProductState
from jike.apps.quoting.models import Agreement
from jike.foundation.resource import Contribution, Panel, Verb
from jike.foundation.resource.presenting import in_wan, money
from jike.foundation.scope import Actor, visible

__all__ = [
    "ACCOUNT_PANELS",
    "BILL_PANELS",
    "INVENTORY_ON_AGREEMENTS",
    "INVENTORY_ON_CUSTOMERS",
    "PAYMENT_PANELS",
    "PRODUCT_PANELS",
]

MONTHS = 24
PRODUCTS_SHOWN = 60


def product_strip(product: Product, actor: Actor) -> Mapping[str, Any]:
    """Return what the product costs, once and by the month."""
    return {
        "monthly": money(product.monthly_amount),
        "price": money(product.monthly_price),
        "once": money(product.one_off_price) if product.one_off_price else "",
        "agreement": _agreement_of(product, actor),
    }


def _agreement_of(product: Product, actor: Actor) -> Agreement | None:
    """Return the agreement at whose price the product runs, for those who may open it."""
    if product.agreement_line_id is None or not actor.holds("quoting.agreement:view"):
        return None
    return visible(Agreement, actor).filter(agreement_lines__products=product).only("uid", "code").first()


def charges(product: Product, actor: Actor) -> Mapping[str, Any]:
    """Return when the product ran at which monthly amount."""
    return {"periods": [(one, money(one.monthly_amount)) for one in queries.periods_of(product)]}


def lines(bill: Bill, actor: Actor) -> Mapping[str, Any]:
    """Return the lines of the bill, with the sum that they make."""
    found = queries.lines_of(bill)
    days = _days_of(bill.month)
    return {
        "lines": [(one.line, one.product, money(one.line.amount), one.line.days < days) for one in found],
        "total": money(bill.amount),
        "paid": money(bill.paid),
        "owed": money(bill.owed) if bill.owed else "",
        "late": max(0, (timezone.localdate() - bill.due_on).days) if bill.owed else 0,
        "days": days,
    }


def account_bills(account: BillingAccount, actor: Actor) -> Mapping[str, Any]:
    """Return the account's bills and payments."""
    customer = account.customer
    bills = [one for one in queries.bills_of(customer, months=MONTHS * 2) if one.account_id == account.pk]
    return _statement(bills[:MONTHS], customer, actor) | {"account": account, "credit": money(account.credit)}


def bills(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the customer's bills of 24 months with what is overdue by age, and its payments."""
    if not actor.holds("inventory.bill:view"):
        return None
    found = queries.bills_of(customer, months=MONTHS)
    return _statement(found, customer, actor) | {"account": None, "credit": ""}


def _statement(found: list[Bill], customer: Customer, actor: Actor) -> dict[str, Any]:
    today = timezone.localdate()
    ages = queries.ages_of(found, today=today)
    paying = actor.holds("inventory.payment:view")
    payments = queries.payments_of(customer) if paying else []
    return {
        "bills": [
            (one, money(one.amount), money(one.owed) if one.owed else "", one.due_on < today and one.owed > 0)
            for one in found
        ],
        "ages": [(label, in_wan(sum)) for label, sum in zip(_age_labels(), ages, strict=True) if sum],
        "overdue": in_wan(sum(ages, Decimal(0))) if any(ages) else "",
        "payments": [(one, money(one.amount)) for one in payments],
        "may_pay": actor.holds("inventory.payment:add"),
        "customer": customer,
    }


def products(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the customer's products, those in service first."""
    if not actor.holds("inventory.product:view"):
        return None
    return _installed(visible(Product, actor).filter(customer=customer))


def products_under(agreement: Agreement, actor: Actor) -> Mapping[str, Any] | None:
    """Return what is or was in service under the agreement: from each of these its next orders are placed."""
    if not actor.holds("inventory.product:view"):
        return None
    # By the customer too, because that is what products are indexed by.
    rows = visible(Product, actor).filter(customer=agreement.customer_id)
    return _installed(rows.filter(agreement_line__agreement=agreement))


def _installed(rows: QuerySet[Product]) -> Mapping[str, Any]:
    order = [ProductState.ACTIVE, ProductState.SUSPENDED, ProductState.TERMINATED]
    found = sorted(
        rows.select_related("offering").order_by("-started_on", "-id")[:PRODUCTS_SHOWN],
        key=lambda one: order.index(ProductState(one.state)),
    )
    running = [one for one in found if one.state == ProductState.ACTIVE]
    return {
        "products": [(one, money(one.monthly_amount)) for one in found],
        "running": len(running),
        "monthly": money(sum((one.monthly_amount for one in running), Decimal(0))),
    }


def count_products(customer: Customer, actor: Actor) -> int:
    """Return how many products of the customer the actor sees that are not terminated."""
    if not actor.holds("inventory.product:view"):
        return 0
    rows = visible(Product, actor).filter(customer=customer)
    return rows.exclude(state=ProductState.TERMINATED).count()


def _age_labels() -> list[Any]:
    first, second, third = AGES
    return [
        _("up to %(days)s days") % {"days": first},
        _("%(from)s–%(to)s days") % {"from": first + 1, "to": second},
        _("%(from)s–%(to)s days") % {"from": second + 1, "to": third},
        _("more than %(days)s days") % {"days": third},
    ]


def _days_of(month: dt.date) -> int:
    return ((month + dt.timedelta(days=32)).replace(day=1) - month).days


def _is_open(account: BillingAccount) -> bool:
    return account.state == AccountState.OPEN


def _is_received(payment: Payment) -> bool:
    return payment.state == PaymentState.RECEIVED


PRODUCT_PANELS = (
    Panel("strip", _("Product"), "inventory/_product_strip.html", product_strip, "head"),
    Panel("charges", _("Charges"), "inventory/_charges.html", charges, "rail"),
)
BILL_PANELS = (Panel("lines", _("Lines"), "inventory/_lines.html", lines, "tab"),)
ACCOUNT_PANELS: tuple[Panel | Verb, ...] = (
    Verb("close", _("Close"), "lock", "inventory:close_account", when=_is_open),
    Panel("statement", _("Bills and payments"), "inventory/_statement.html", account_bills, "tab"),
)
PAYMENT_PANELS = (
    Verb("reverse", _("Reverse"), "arrow-back-up", "inventory:reverse_payment", when=_is_received),
)
INVENTORY_ON_AGREEMENTS = Contribution(
    "quoting.agreement",
    panels=(Panel("products", _("Products"), "inventory/_products.html", products_under, "tab"),),
)
INVENTORY_ON_CUSTOMERS = Contribution(
    "customers.customer",
    panels=(
        Panel("products", _("Products"), "inventory/_products.html", products, "tab", count_products),
        Panel("bills", _("Bills"), "inventory/_statement.html", bills, "tab"),
    ),
)
