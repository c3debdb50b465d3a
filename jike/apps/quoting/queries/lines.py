"""The lines of a quote: what follows from each, what they add up to, and which alternatives there are."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jike.apps.catalogue.models import ProductOffering
from jike.apps.quoting.models import Quote, QuoteLine
from jike.apps.quoting.rules import Authority, Line, Offer, Totals, totals

__all__ = ["alternatives_of", "lines_of", "percent_of", "rule_line", "totals_of", "worked"]

HUNDRED = Decimal(100)


def lines_of(quote: Quote, alternative: str = "") -> Sequence[QuoteLine]:
    """Return the lines of one alternative (the recommended one unless named), in their order."""
    rows = QuoteLine.objects.filter(
        quote=quote, removed_at=None, alternative=alternative or quote.alternative
    )
    return list(rows.select_related("offering", "quote").order_by("position", "id"))


def alternatives_of(quote: Quote) -> list[tuple[str, Totals]]:
    """Return every alternative with what it adds up to; a new quote has an empty first one."""
    sorted_out: dict[str, list[QuoteLine]] = {quote.alternative: []}
    for line in QuoteLine.objects.filter(quote=quote, removed_at=None).order_by("position", "id"):
        sorted_out.setdefault(line.alternative, []).append(line)
    return [(name, totals_of(lines)) for name, lines in sorted(sorted_out.items())]


def rule_line(line: Any) -> Line:
    """Return what the rules know of a line (stored, or one that is being worked out)."""
    return Line(
        quantity=line.quantity,
        list_price=line.list_price,
        discount=line.discount / HUNDRED,
        one_off=line.one_off_price,
        floor=line.floor,
        cost=line.cost,
    )


def totals_of(lines: Iterable[Any]) -> Totals:
    """Return what the lines add up to."""
    return totals(map(rule_line, lines))


def percent_of(ratio: Decimal | None, places: str = "0.01") -> Decimal | None:
    """Return a ratio in percent."""
    return None if ratio is None else (ratio * HUNDRED).quantize(Decimal(places), ROUND_HALF_UP)


def worked(
    values: Mapping[str, Any], stored: QuoteLine | None = None, *, authority: Authority
) -> dict[str, Any]:
    """Return what a line holds beside what was typed: list price, floor and cost of its offering, and what follows.

    A stored line keeps the list price, floor and cost of the day on which its offering was entered. Values that could
    not be read count as their defaults; without an offering nothing follows.
    """
    offering = values.get("offering")
    if not isinstance(offering, ProductOffering):
        return {}
    same = stored is not None and stored.offering_id == offering.pk
    discount, quantity, one_off = (values.get(name) for name in ("discount", "quantity", "one_off_price"))
    line = Line(
        quantity=quantity if isinstance(quantity, int) else 1,
        list_price=stored.list_price if stored and same else offering.monthly_price,
        discount=(HUNDRED if discount is None else Decimal(discount)) / HUNDRED,
        one_off=offering.one_off_price if one_off is None else Decimal(one_off),
        floor=stored.floor if stored and same else offering.floor_price,
        cost=stored.cost if stored and same else offering.cost_price,
    )
    within = min(max(line.discount, Decimal(0)), Decimal(1))
    sums = totals([line])
    return {
        "list_price": line.list_price,
        "floor": line.floor,
        "cost": line.cost,
        "one_off_price": line.one_off,
        "price": line.price,
        "monthly_amount": line.monthly,
        "margin": percent_of(sums.margin, "0.1"),
        "level": authority.verdict(Offer(within, line.below_floor, Decimal(0))).level.value,
        "counted_in": offering.counted_in,
    }
