"""Orders of the demo agreements, how they were delivered, and what became of the products since."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.rules import State
from jike.apps.inventory.rules import monthly_amount
from jike.apps.ordering.demo.course import course_of, morning
from jike.apps.ordering.demo.planned import PlannedItem, PlannedOrder, PlannedProduct
from jike.apps.ordering.demo.storing import store
from jike.apps.ordering.models import ProductOrder
from jike.apps.ordering.queries.delivery import delivery_managers
from jike.apps.ordering.rules import ItemAction
from jike.apps.organisation.models import Person
from jike.apps.quoting.models import Agreement, AgreementLine

__all__ = ["make_deliveries", "plan"]

SEED = 20261101
LATELY = 60
"""Days; what was ordered since then takes its time, so that there is something under way."""
GROWING = 30
DAY = dt.timedelta(days=1)
Advance = Callable[[int], None]


@dataclass
class _World:
    """What planning needs at hand."""

    random: Random
    now: dt.datetime
    deliverers: Sequence[Person]
    orders: list[PlannedOrder] = field(default_factory=list)
    products: dict[tuple[int, int], PlannedProduct] = field(default_factory=dict)
    """By agreement and offering; renewals inherit them."""

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    def deliverer(self) -> Person | None:
        return self.random.choice(self.deliverers) if self.deliverers else None


@transaction.atomic
def make_deliveries(advance: Advance) -> None:
    """Make the orders of all agreements and what came of them, once."""
    if ProductOrder.objects.exists():
        return
    orders, products = plan(timezone.now())
    store(orders, products)
    advance(len(orders))


def plan(now: dt.datetime) -> tuple[list[PlannedOrder], list[PlannedProduct]]:
    """Return what was ordered until ``now`` and the products in the order of their start."""
    managers = delivery_managers(today=timezone.localdate(now)).select_related("unit").order_by("staff_no")
    world = _World(Random(SEED), now, list(managers))  # noqa: S311 — invented data, nothing secret
    rows = Agreement.objects.filter(signed_on__isnull=False, removed_at=None).exclude(state="draft")
    agreements = rows.select_related("customer", "owner").order_by("signed_on", "id")
    lines: dict[int, list[AgreementLine]] = {}
    for line in AgreementLine.objects.filter(agreement__in=agreements, removed_at=None).select_related(
        "offering"
    ):
        lines.setdefault(line.agreement_id, []).append(line)
    for agreement in agreements:
        _deliver(world, agreement, lines.get(agreement.pk, []))
    for product in list(dict.fromkeys(map(_Same, world.products.values()))):
        _live(world, product.one)
    _grow_lately(world, [one.one for one in dict.fromkeys(map(_Same, world.products.values()))])
    world.orders.sort(key=lambda one: one.submitted)
    products = list(dict.fromkeys(map(_Same, world.products.values())))
    return world.orders, sorted((one.one for one in products), key=lambda one: one.started)


class _Same:
    """A product told apart by identity: renewals lead to the same one."""

    def __init__(self, one: PlannedProduct) -> None:
        self.one = one

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.one is other.one

    def __hash__(self) -> int:
        return id(self.one)


def _deliver(world: _World, agreement: Agreement, lines: list[AgreementLine]) -> None:
    """Order what the agreement holds; what a renewed one had in service goes on, at the new price."""
    customer, random = agreement.customer, world.random
    day = max(agreement.signed_on or agreement.starts_on, agreement.starts_on - 20 * DAY)
    submitted = morning(day, hours=random.uniform(1, 14))
    lost = customer.state_since if customer.state == State.LOST else None
    if submitted > world.now or not lines or (lost is not None and timezone.localdate(submitted) >= lost):
        return
    order = PlannedOrder(agreement, submitted, world.deliverer(), address=customer.address)
    for line in lines:
        former = world.products.get((agreement.previous_id or 0, line.offering_id))
        if former is not None:
            world.products[agreement.pk, line.offering_id] = former
            if (former.quantity, former.price) == (line.quantity, line.price):
                continue
        action = ItemAction.MODIFY if former is not None else ItemAction.ADD
        slow = (world.today - day).days < LATELY
        course = course_of(
            action, line.offering.family, start=submitted, now=world.now, random=random, slow=slow
        )
        if lost is not None and course.effect is not None and course.effect >= lost:
            continue
        item = PlannedItem(action, line, line.quantity, line.price, course, former)
        order.items.append(item)
        if course.effect is not None and former is None:
            item.product = world.products[agreement.pk, line.offering_id] = _installed(
                agreement, item, course.effect
            )
        elif course.effect is not None and former is not None:
            _charge_anew(former, course.effect, line.quantity, price=line.price)
    if order.items:
        world.orders.append(order)


def _installed(agreement: Agreement, item: PlannedItem, day: dt.date) -> PlannedProduct:
    return PlannedProduct(
        agreement,
        item.line,
        day,
        item.quantity,
        item.price,
        agreement.customer.address,
        [(day, None, monthly_amount(item.quantity, item.price))],
        since=day,
    )


def _live(world: _World, product: PlannedProduct) -> None:
    """Let the product change, rest or end, as its customer and its agreement did."""
    customer, random = product.agreement.customer, world.random
    ends = _end_of(product, world)
    last = min(ends or world.today, world.today)
    if (last - product.started).days > 150 and random.random() < 0.14:
        _grow(
            world, product, product.started + random.randrange(60, (last - product.started).days - 60) * DAY
        )
    if ends is not None:
        _order(world, product, ItemAction.TERMINATE, day=ends - 3 * DAY)
    elif customer.state == State.SILENT and customer.state_since:
        _order(world, product, ItemAction.SUSPEND, day=max(customer.state_since, product.started + 20 * DAY))
    elif random.random() < 0.03:
        _order(world, product, ItemAction.SUSPEND, day=world.today - random.randrange(10, 60) * DAY)


def _end_of(product: PlannedProduct, world: _World) -> dt.date | None:
    """Return when the product had to end: its customer went, or its agreement ended and was not renewed.

    An active customer without any agreement in force keeps what it has from month to month: a renewal to be won.
    """
    customer = product.agreement.customer
    keys = [key for key, one in world.products.items() if one is product]
    last = Agreement.objects.get(pk=max(key[0] for key in keys))
    ends = [customer.state_since] if customer.state == State.LOST and customer.state_since else []
    going_on = customer.state == State.ACTIVE and not customer.agreements.filter(state="active").exists()
    if last.state == "terminated" or (last.state == "ended" and not going_on):
        ends.append(last.ended_on or last.ends_on + DAY)
    return max(min(ends), product.started + 30 * DAY) if ends else None


def _grow(world: _World, product: PlannedProduct, day: dt.date) -> None:
    quantity = max(1, round(product.quantity * world.random.choice((0.5, 0.75, 1.25, 1.5, 2))))
    if quantity != product.quantity:
        _order(world, product, ItemAction.MODIFY, day=day, quantity=quantity)


def _grow_lately(world: _World, products: list[PlannedProduct]) -> None:
    """Let some products be extended these days, so that there is work in hand."""
    running = [one for one in products if one.state == "active" and (world.today - one.since).days > 40]
    for product in world.random.sample(running, min(GROWING, len(running))):
        day, more = world.today - world.random.randrange(1, 8) * DAY, product.quantity + 1
        if product.periods[-1][0] < day - 30 * DAY:
            _order(world, product, ItemAction.MODIFY, day=day, quantity=more, slow=True)


def _order(
    world: _World, product: PlannedProduct, action: ItemAction, *, day: dt.date, **changed: Any
) -> None:
    """Order a change of the product on ``day`` and let it take effect, where that lies in the past."""
    start = morning(max(day, product.since + DAY, product.periods[-1][0] + DAY))
    if start > world.now:
        return
    quantity = changed.get("quantity", product.quantity)
    family = product.line.offering.family
    course = course_of(
        action, family, start=start, now=world.now, random=world.random, slow=changed.get("slow", False)
    )
    item = PlannedItem(action, product.line, quantity, product.price, course, product)
    order = PlannedOrder(product.agreement, start, world.deliverer(), [item], address=product.address)
    world.orders.append(order)
    if course.effect is None:
        return
    if action is ItemAction.MODIFY:
        _charge_anew(product, course.effect, quantity)
        return
    first, _open, charged = product.periods[-1]
    product.periods[-1] = (first, course.effect, charged)
    product.state = "terminated" if action is ItemAction.TERMINATE else "suspended"
    product.since = course.effect


def _charge_anew(
    product: PlannedProduct, day: dt.date, quantity: int, *, price: Decimal | None = None
) -> None:
    first, _open, charged = product.periods[-1]
    product.periods[-1] = (first, day, charged)
    product.quantity = quantity
    product.price = product.price if price is None else price
    product.periods.append((day, None, monthly_amount(quantity, product.price)))
