"""The arithmetic of a quote: exact, in yuan, the same for the page, the store and the printed quote.

A discount is the ratio paid: 0.85 means 85 % of the list price.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from jike.apps.quoting.rules.authority import Offer

__all__ = ["Line", "Totals", "discount_for", "line_problems", "price_for", "totals"]

FEN, RATIO = Decimal("0.01"), Decimal("0.0001")
FULL = Decimal(1)
MOST = Decimal("999999999999.99")
MOST_QUANTITY = 1_000_000


class Line(NamedTuple):
    """One line of a quote: prices of one piece a month in yuan, ``one_off`` in yuan for one piece."""

    quantity: int
    list_price: Decimal
    discount: Decimal
    one_off: Decimal
    floor: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)

    @property
    def price(self) -> Decimal:
        """The price of one piece."""
        return price_for(self.list_price, self.discount)

    @property
    def monthly(self) -> Decimal:
        """The price of all pieces."""
        return self.price * self.quantity

    @property
    def below_floor(self) -> bool:
        """Whether only headquarters may grant the price."""
        return self.price < self.floor


class Totals(NamedTuple):
    """What lines add up to."""

    list_monthly: Decimal
    monthly: Decimal
    one_off: Decimal
    discount: Decimal
    """The ratio paid over all lines."""
    lowest: Decimal
    """The lowest ratio of any line."""
    below_floor: bool
    margin: Decimal | None
    """Share of the monthly amount that is not cost; None where nothing is paid monthly."""

    @property
    def yearly(self) -> Decimal:
        """Yuan in twelve months."""
        return self.monthly * 12

    @property
    def offer(self) -> Offer:
        """What authority decides about."""
        return Offer(self.lowest, self.below_floor, self.yearly)

    def over(self, months: int) -> Decimal:
        """Return what the customer pays in ``months`` months, one-off prices included."""
        return self.monthly * months + self.one_off


def price_for(list_price: Decimal, discount: Decimal) -> Decimal:
    """Return the price of one piece to the fen."""
    return (list_price * discount).quantize(FEN, ROUND_HALF_UP)


def discount_for(list_price: Decimal, price: Decimal) -> Decimal:
    """Return the ratio that a price typed by hand is; the whole for what has no list price."""
    return (price / list_price).quantize(RATIO, ROUND_HALF_UP) if list_price else FULL


def line_problems(line: Line) -> Iterator[tuple[str, str]]:
    """Yield (field, kind of mistake) of a line: ``negative``, ``above`` (the list price) or ``quantity``."""
    if line.discount < 0:
        yield "discount", "negative"
    if line.discount > FULL:
        yield "discount", "above"
    if not 1 <= line.quantity <= MOST_QUANTITY:
        yield "quantity", "quantity"
    if line.one_off < 0:
        yield "one_off_price", "negative"
    elif line.one_off * line.quantity > MOST or line.list_price * line.quantity > MOST:
        yield "quantity", "large"


def totals(lines: Iterable[Line]) -> Totals:
    """Return what the lines add up to; a quote of nothing is at the full list price."""
    found = list(lines)
    listed = sum((line.list_price * line.quantity for line in found), Decimal(0))
    monthly = sum((line.monthly for line in found), Decimal(0))
    cost = sum((line.cost * line.quantity for line in found), Decimal(0))
    return Totals(
        listed,
        monthly,
        sum((line.one_off * line.quantity for line in found), Decimal(0)),
        discount_for(listed, monthly),
        min((line.discount for line in found if line.list_price), default=FULL),
        any(line.below_floor for line in found),
        ((monthly - cost) / monthly).quantize(RATIO, ROUND_HALF_UP) if monthly else None,
    )
