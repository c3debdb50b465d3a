"""Demo deliveries and bills: orders follow agreements, products follow orders, bills follow products, figures bills.

Inventory has no demo of its own, since what is installed follows from orders, which lie above it. Business days lie in
the past as data; everything is planned from a fixed seed and stored set-wise.
"""

from jike.apps.ordering.demo import bills, deliveries
from jike.foundation.demo import Step

__all__ = ["steps"]


def steps(scale: str) -> list[Step]:
    """Return the steps that make demo deliveries; the larger scales are made by benchmarks."""
    if scale != "demo":
        return []
    return [
        Step("orders", "订单与装机", 600, deliveries.make_deliveries),
        Step("bills", "账单与回款", bills.MONTHS, bills.make_bills),
    ]
