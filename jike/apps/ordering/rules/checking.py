"""What stands against submitting an order. All objections are found at once, so that one round puts them right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from jike.apps.ordering.rules.standing import ItemAction, product_state_after

__all__ = ["Objection", "Wanted", "objections"]


class Objection(StrEnum):
    """Why an order cannot be placed; the first ones concern the whole order, the others one item."""

    NO_ITEMS = "no_items"
    NOT_SERVED = "not_served"
    CUSTOMER_INCOMPLETE = "customer_incomplete"
    DEEP_IN_ARREARS = "deep_in_arrears"
    AGREEMENT_NOT_IN_FORCE = "agreement_not_in_force"
    OFFERING_NOT_ON_SALE = "offering_not_on_sale"
    ORDERED_ALREADY = "ordered_already"
    PRODUCT_MISSING = "product_missing"
    PRODUCT_OF_ANOTHER = "product_of_another"
    ORDER_UNDER_WAY = "order_under_way"
    PRODUCT_STATE = "product_state"
    NOTHING_CHANGES = "nothing_changes"
    PRICE_BELOW_AGREED = "price_below_agreed"


@dataclass(frozen=True)
class Wanted:
    """What the check knows of an item.

    Attributes
    ----------
    on_sale
        Whether the offering may be sold today; asked of what is added only.
    product_state
        "" where no product is named.
    own
        Whether the product is the ordering customer's.
    under_way
        Whether another order of this product is still under way.
    left
        How many pieces of the agreement's line are not ordered yet; None without a line.
    changes
        Whether quantity or price differ from what the product has.
    below_agreed
        Whether the price is lower than the product's and than any agreed with the customer; only a quote, which asks
        whoever has the authority, lowers a price.
    """

    action: ItemAction
    quantity: int
    on_sale: bool = True
    product_state: str = ""
    own: bool = True
    under_way: bool = False
    left: int | None = None
    changes: bool = True
    below_agreed: bool = False


def objections(
    items: Iterable[Wanted], *, served: bool, complete: bool, deep_in_arrears: bool, in_force: bool
) -> list[tuple[Objection, int | None]]:
    """Return every objection, with the place of the item it concerns (None: the order).

    Parameters
    ----------
    served
        Whether the customer is in a state in which it is served: potential ones become active by their first order.
    complete
        Whether what an active customer needs (an account manager, a certificate) is known.
    deep_in_arrears
        Such a customer orders nothing new; suspending and terminating stay possible.
    in_force
        Whether the agreement under which products are added is in force.
    """
    wanted = list(items)
    found: list[tuple[Objection, int | None]] = []
    if not wanted:
        found.append((Objection.NO_ITEMS, None))
    growing = any(one.action in (ItemAction.ADD, ItemAction.MODIFY) for one in wanted)
    if growing and not served:
        found.append((Objection.NOT_SERVED, None))
    if growing and not complete:
        found.append((Objection.CUSTOMER_INCOMPLETE, None))
    if growing and deep_in_arrears:
        found.append((Objection.DEEP_IN_ARREARS, None))
    if not in_force and any(one.action is ItemAction.ADD for one in wanted):
        found.append((Objection.AGREEMENT_NOT_IN_FORCE, None))
    for place, one in enumerate(wanted):
        found += [(objection, place) for objection in _of_item(one)]
    return found


def _of_item(one: Wanted) -> Iterator[Objection]:
    if one.action is ItemAction.ADD:
        if not one.on_sale:
            yield Objection.OFFERING_NOT_ON_SALE
        if one.left is not None and one.quantity > one.left:
            yield Objection.ORDERED_ALREADY
        return
    if not one.product_state:
        yield Objection.PRODUCT_MISSING
        return
    if not one.own:
        yield Objection.PRODUCT_OF_ANOTHER
    if one.under_way:
        yield Objection.ORDER_UNDER_WAY
    if product_state_after(one.action, one.product_state) is None:
        yield Objection.PRODUCT_STATE
    if one.action is ItemAction.MODIFY and not one.changes:
        yield Objection.NOTHING_CHANGES
    if one.action is ItemAction.MODIFY and one.below_agreed:
        yield Objection.PRICE_BELOW_AGREED
