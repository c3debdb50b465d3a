"""Members by department and by the end of their bundles, page by page."""

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from jike.apps.customers.models import Customer, Member
from jike.foundation.scope import Actor, visible
from jike.values.masks import mask_phone

__all__ = ["Bound", "bundles_bound", "bundles_ending", "departments_of"]

PAGE = 50
DEPARTMENTS_SHOWN = 200


class Bound(NamedTuple):
    """Where a page of bundles that end stands: the day and the number of its last row."""

    day: dt.date
    number: str

    def write(self) -> str:
        """Return it as an address holds it."""
        return f"{self.day.isoformat()}~{self.number}"

    @classmethod
    def read(cls, text: str) -> "Bound | None":
        """Return what `write` wrote; None for anything else."""
        day, _sign, number = text.partition("~")
        try:
            return cls(dt.date.fromisoformat(day), number[:20])
        except ValueError:
            return None


def departments_of(customer: Customer) -> list[tuple[str, int]]:
    """Return the departments of the customer's members and how many each has, most first."""
    rows = Member.objects.filter(customer=customer, left_on=None).exclude(department="")
    found = (
        rows.values_list("department").annotate(members=Count("number")).order_by("-members", "department")
    )
    return list(found[:DEPARTMENTS_SHOWN])


def bundles_bound(actor: Actor, *, since: dt.date, until: dt.date, mine: bool) -> QuerySet[Any]:
    """Return the members whose bundle ends between the days, of one's own customers or of all that one sees."""
    customers = visible(Customer, actor).order_by()
    customers = customers.filter(owner_id__in=sorted(actor.owners)) if mine else customers
    rows = Member.objects.filter(left_on=None, bundle_end__gte=since, bundle_end__lte=until)
    if mine or not actor.reach("customers.customer:view").everything:
        rows = rows.filter(customer__in=customers)
    return rows


def bundles_ending(
    actor: Actor, *, since: dt.date, until: dt.date, mine: bool, after: Bound | None = None
) -> tuple[list[dict[str, Any]], Bound | None]:
    """Return members whose bundle ends between the days, the nearest first, and where the next page begins.

    Numbers of customers that the actor may not change have their middle covered.
    """
    rows = bundles_bound(actor, since=since, until=until, mine=mine)
    if after is not None:
        rows = rows.filter(bundle_end__gte=after.day).exclude(
            Q(bundle_end=after.day, number__lte=after.number)
        )
    fields = ("number", "department", "bundle", "bundle_start", "bundle_end", "customer_id")
    found = list(rows.order_by("bundle_end", "number").values(*fields)[: PAGE + 1])
    following = Bound(found[PAGE - 1]["bundle_end"], found[PAGE - 1]["number"]) if len(found) > PAGE else None
    shown = found[:PAGE]
    ids = {row["customer_id"] for row in shown}
    known = Customer.objects.in_bulk(ids)
    able = set(visible(Customer, actor, "change").filter(pk__in=ids).values_list("pk", flat=True))
    for row in shown:
        row["customer"] = known[row["customer_id"]]
        if row["customer_id"] not in able:
            row["number"] = mask_phone(row["number"])
    return shown, following
