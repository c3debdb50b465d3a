"""Members by department and by the end of their bundles, page by page."""

import datetime as dt
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from jike.apps.customers.models import Customer, Member
from jike.foundation.scope import Actor, visible
from jike.values.masks import mask_phone

__all__ = ["MOST_IN_DEPARTMENT", "Bound", "bundles_bound", "bundles_ending", "departments_of"]

PAGE = 50
DEPARTMENTS_SHOWN, MOST_IN_DEPARTMENT = 200, 100
# From each department on to the next by one step of an index: adding up 50,000 members took half of a page's time.
DEPARTMENTS = """
    WITH RECURSIVE found AS (
        (SELECT department FROM customers_member
         WHERE customer_id = %(customer)s AND left_on IS NULL AND department > '' ORDER BY department LIMIT 1)
        UNION ALL
        SELECT (SELECT member.department FROM customers_member AS member
                WHERE member.customer_id = %(customer)s AND member.left_on IS NULL
                  AND member.department > found.department ORDER BY member.department LIMIT 1)
        FROM found WHERE found.department IS NOT NULL)
    SELECT department,
        (SELECT count(*) FROM (
            SELECT FROM customers_member AS member
            WHERE member.customer_id = %(customer)s AND member.left_on IS NULL
              AND member.department = found.department LIMIT %(most)s + 1) AS counted) AS members
    FROM found WHERE department IS NOT NULL LIMIT %(shown)s"""


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
    """Return the departments of the customer's members and how many each has, most first.

    At most one more than ``MOST_IN_DEPARTMENT`` are counted.
    """
    given = {"customer": customer.pk, "most": MOST_IN_DEPARTMENT, "shown": DEPARTMENTS_SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(DEPARTMENTS, given)
        found: list[tuple[str, int]] = cursor.fetchall()
    return sorted(found, key=lambda one: (-one[1], one[0]))


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
