"""Planned orders and products become rows, set-wise through the write gate."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.utils import timezone

from jike.apps.inventory.models import BillingAccount, ChargePeriod, Product
from jike.apps.inventory.queries.numbers import numbers
from jike.apps.ordering.demo.course import Run, ran_at
from jike.apps.ordering.demo.planned import PlannedItem, PlannedOrder, PlannedProduct
from jike.apps.ordering.models import OrderItem, ProductOrder, ServiceTask
from jike.apps.ordering.queries.orders import next_code
from jike.apps.ordering.rules import ItemAction, ItemState, OrderState
from jike.foundation.audit import creating_many
from jike.foundation.scope import system_actor

__all__ = ["ACTOR", "store"]

ACTOR = system_actor("演示数据")
Rows = list[dict[str, Any]]


def store(orders: Sequence[PlannedOrder], products: Sequence[PlannedProduct]) -> None:
    """Store products with accounts and charge periods, then orders with items and steps."""
    installed = _products(products)
    for order in orders:
        order.code = next_code()
    made = create(ProductOrder, [_order(one) for one in orders])
    items: Rows = list(chain.from_iterable(map(_items, orders, made, [installed] * len(orders))))
    numbered = create(OrderItem, items)
    tasks: Rows = []
    places = iter(numbered)
    for order, number in zip(orders, made, strict=True):
        for item in order.items:
            tasks += _tasks(order, item, order_id=number, item_id=next(places))
    create(ServiceTask, tasks)


def create(model: type[Any], rows: Iterable[dict[str, Any]]) -> list[int]:
    """Create the rows or fail: invented data that the gate refuses is a mistake in here."""
    outcome = creating_many(model, list(rows), actor=ACTOR)
    if outcome.refused:
        place, sentence = next(iter(outcome.refused.items()))
        raise ValueError(f"{model.__name__} {place}: {sentence}")
    return list(outcome.written)


def _products(products: Sequence[PlannedProduct]) -> dict[int, int]:
    """Store the products; return their ids by Python's identity of the plan."""
    accounts = _accounts(products)
    for one, code in zip(products, numbers("product", len(products)), strict=True):
        one.code = code
    made = create(Product, [_product(one, accounts[one.agreement.customer_id]) for one in products])
    installed = {id(one): number for one, number in zip(products, made, strict=True)}
    create(
        ChargePeriod,
        [
            {"product_id": installed[id(one)], "starts_on": first, "ends_on": last, "monthly_amount": amount}
            for one in products
            for first, last, amount in one.periods
        ],
    )
    return installed


def _accounts(products: Sequence[PlannedProduct]) -> dict[int, int]:
    """Open an account for each customer on the day of its first product; return account by customer."""
    first: dict[int, PlannedProduct] = {}
    for one in products:
        first.setdefault(one.agreement.customer_id, one)
    rows = [
        {
            "customer_id": number,
            "name": one.agreement.customer.name,
            "code": code,
            "opened_on": one.started,
        }
        for (number, one), code in zip(first.items(), numbers("account", len(first)), strict=True)
    ]
    return dict(zip(first, create(BillingAccount, rows), strict=True))


def _product(one: PlannedProduct, account: int) -> dict[str, Any]:
    offering = one.line.offering
    return {
        "code": one.code,
        "name": offering.name,
        "customer_id": one.agreement.customer_id,
        "offering_id": offering.pk,
        "agreement_line_id": one.line.pk,
        "account_id": account,
        "owner_id": one.agreement.owner_id,
        "unit_id": one.agreement.unit_id,
        "state": one.state,
        "state_since": one.since,
        "quantity": one.quantity,
        "monthly_price": one.price,
        "one_off_price": one.line.one_off_price * one.line.quantity,
        "service_number": f"{offering.family[:2].upper()}{one.code[2:]}",
        "address": one.address,
        "started_on": one.started,
        "ended_on": one.since if one.state == "terminated" else None,
    }


def _order(order: PlannedOrder) -> dict[str, Any]:
    ends = [item.course.ended for item in order.items]
    ended = None if None in ends else max(one for one in ends if one is not None)
    held = any(item.course.failed for item in order.items)
    state = OrderState.COMPLETED if ended else OrderState.HELD if held else OrderState.RUNNING
    return {
        "code": order.code,
        "customer_id": order.agreement.customer_id,
        "agreement_id": order.agreement.pk,
        "owner_id": order.agreement.owner_id,
        "unit_id": order.agreement.unit_id,
        "state": state.value,
        "requested_on": ran_at(max(item.course.promised for item in order.items)),
        "submitted_at": order.submitted,
        "promised_on": ran_at(max(item.course.promised for item in order.items)),
        "completed_on": ran_at(ended) if ended else None,
        "monthly_amount": sum(
            item.price * item.quantity
            for item in order.items
            if item.action in (ItemAction.ADD, ItemAction.MODIFY, ItemAction.RESUME)
        ),
        "address": order.address,
    }


def _items(order: PlannedOrder, number: int, installed: dict[int, int]) -> Iterator[dict[str, Any]]:
    for place, item in enumerate(order.items, start=1):
        ended = item.course.ended is not None
        yield {
            "order_id": number,
            "position": place,
            "action": item.action.value,
            "offering_id": item.line.offering_id,
            "agreement_line_id": item.line.pk if order.agreement.pk == item.line.agreement_id else None,
            "product_id": installed.get(id(item.product)) if item.product is not None else None,
            "quantity": item.quantity,
            "monthly_price": item.price,
            "one_off_price": item.line.one_off_price if item.action is ItemAction.ADD else 0,
            "address": order.address,
            "state": (ItemState.COMPLETED if ended else ItemState.RUNNING).value,
        }


def _tasks(order: PlannedOrder, item: PlannedItem, *, order_id: int, item_id: int) -> Rows:
    deliverer = order.deliverer
    shared = {
        "order_id": order_id,
        "item_id": item_id,
        "customer_id": order.agreement.customer_id,
        "owner_id": deliverer.pk if deliverer else None,
        "unit_id": deliverer.unit_id if deliverer else order.agreement.unit_id,
    }
    return [
        {
            **shared,
            **_run(run),
            "position": place,
            "name": item.line.offering.name,
        }
        for place, run in enumerate(item.course.runs, start=1)
    ]


def _run(run: Run) -> dict[str, Any]:
    return {
        "step": run.planned.step.value,
        "after": [step.value for step in run.planned.after],
        "state": run.state.value,
        "due_at": run.planned.due_at,
        "due_on": timezone.localdate(run.planned.due_at),
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "attempts": int(run.started_at is not None),
        "result": run.result,
        "fallout": run.fallout,
    }
