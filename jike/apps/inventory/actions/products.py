"""Products go into service, change, pause, go on and end; each keeps its charge periods true to the day.

Orders call these on the day on which the work is done; ``under`` then names the row whose rights count.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from jike.apps.catalogue.models import ProductOffering
from jike.apps.customers.models import Customer
from jike.apps.inventory.actions.accounts import account_for
from jike.apps.inventory.models import ChargePeriod, Product
from jike.apps.inventory.models.labels import PRODUCT_STATES
from jike.apps.inventory.queries.numbers import next_number
from jike.apps.inventory.rules import ProductState, may_follow
from jike.apps.organisation.models import Unit
from jike.foundation.audit import Under, changing, creating
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.events import publish
from jike.foundation.scope import Actor

__all__ = [
    "CHANGEABLE",
    "ProductActivated",
    "activate_product",
    "change_product",
    "modify_product",
    "resume_product",
    "suspend_product",
    "terminate_product",
]

CHANGEABLE = frozenset({"name", "service_number", "address"})
"""What is corrected by hand; whatever costs money changes by an order."""


@dataclass(frozen=True)
class ProductActivated:
    """A product went into service."""

    uid: UUID


@transaction.atomic
def activate_product(
    *,
    actor: Actor,
    customer: Customer,
    offering: ProductOffering,
    on: dt.date,
    under: Under | None = None,
    **details: Any,
) -> Product:
    """Put a new product into service from the day ``on``.

    ``details``: quantity, monthly_price (each, after discounts), one_off_price, agreement_line, address, owner, unit,
    account, service_number, name. Without an account the customer's own takes it, opened where there is none.
    """
    account = details.pop("account", None) or account_for(customer, actor=actor, on=on, under=under)
    unit: Unit = details.pop("unit", None) or customer.unit
    product = Product(
        customer=customer,
        offering=offering,
        account=account,
        unit=unit,
        owner=details.pop("owner", None) or customer.owner,
        name=details.pop("name", "") or offering.name,
        code=next_number("product"),
        state=ProductState.ACTIVE.value,
        state_since=on,
        started_on=on,
        **details,
    )
    creating(product, actor=actor, verb="activate", permit="add", under=under)
    _open_period(product, on, actor=actor, under=under)
    publish(ProductActivated(product.uid))
    return product


@transaction.atomic
def change_product(product: Product, *, actor: Actor, version: int | None = None, **details: Any) -> Product:
    """Correct what is known of the product; quantity, price and state change by orders."""
    if unknown := sorted(set(details) - CHANGEABLE):
        raise TypeError(f"{', '.join(unknown)}: changed by an order")
    with changing(product, actor=actor, version=version):
        for name, value in details.items():
            setattr(product, name, value)
    return product


@transaction.atomic
def modify_product(
    product: Product,
    *,
    actor: Actor,
    on: dt.date,
    quantity: int,
    monthly_price: Decimal,
    under: Under | None = None,
) -> Product:
    """Charge another quantity or price from the day ``on``."""
    with changing(product, actor=actor, verb="modify", permit="change", under=under):
        if product.state != ProductState.ACTIVE:
            raise _cannot(product, ProductState.ACTIVE)
        product.quantity, product.monthly_price = quantity, monthly_price
    _close_period(product, on, actor=actor, under=under)
    _open_period(product, on, actor=actor, under=under)
    return product


@transaction.atomic
def suspend_product(product: Product, *, actor: Actor, on: dt.date, under: Under | None = None) -> Product:
    """Stop service and charges from the day ``on`` until it is resumed."""
    _enter(product, ProductState.SUSPENDED, "suspend", actor=actor, on=on, under=under)
    _close_period(product, on, actor=actor, under=under)
    return product


@transaction.atomic
def resume_product(product: Product, *, actor: Actor, on: dt.date, under: Under | None = None) -> Product:
    """Let service and charges go on from the day ``on``."""
    _enter(product, ProductState.ACTIVE, "resume", actor=actor, on=on, under=under)
    _open_period(product, on, actor=actor, under=under)
    return product


@transaction.atomic
def terminate_product(product: Product, *, actor: Actor, on: dt.date, under: Under | None = None) -> Product:
    """End the product: from the day ``on`` it is out of service for good."""
    _enter(product, ProductState.TERMINATED, "terminate", actor=actor, on=on, under=under)
    _close_period(product, on, actor=actor, under=under)
    return product


def _enter(
    product: Product, then: ProductState, verb: str, *, actor: Actor, on: dt.date, under: Under | None
) -> None:
    with changing(product, actor=actor, verb=verb, permit="change", under=under):
        if not may_follow(ProductState(product.state), then):
            raise _cannot(product, then)
        if on < product.state_since:
            sentence = _(
                "This product has been in its state since %(day)s; it cannot change before that day."
            )
            raise Invalid({"state_since": [sentence % {"day": product.state_since}]})
        product.state, product.state_since = then.value, on
        product.ended_on = on if then is ProductState.TERMINATED else None


def _cannot(product: Product, then: ProductState) -> RuleBroken:
    sentence = _("“%(name)s” is in the state “%(now)s” and cannot become “%(then)s”.")
    words = {"name": product.name, "now": PRODUCT_STATES[ProductState(product.state)]}
    return RuleBroken(sentence % {**words, "then": PRODUCT_STATES[then]})


def _open_period(product: Product, on: dt.date, *, actor: Actor, under: Under | None) -> None:
    period = ChargePeriod(product=product, starts_on=on, monthly_amount=product.monthly_amount)
    creating(period, actor=actor, under=under or Under(product, "change"))


def _close_period(product: Product, on: dt.date, *, actor: Actor, under: Under | None) -> None:
    period = ChargePeriod.objects.filter(product=product, ends_on=None, removed_at=None).first()
    if period is None:
        return
    if on < period.starts_on:
        sentence = _("This product has been charged since %(day)s; it cannot change before that day.")
        raise RuleBroken(sentence % {"day": period.starts_on})
    with changing(period, actor=actor, verb="change", under=under or Under(product, "change")):
        period.ends_on = on
