"""What boards show beside portfolios: tickets, agreements, opportunities, deliveries, products, all within a lens.

Nearly all comes from `unit_months`, which a job counts for units and this page only for one's own customers.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count

from jike.apps.analytics.queries.lens import Lens
from jike.apps.analytics.queries.unit_months import ABOUT, MonthCount, by_child, counts, whole_units
from jike.apps.servicedesk.models import Survey
from jike.values.period import add_months

__all__ = [
    "agreements_ending",
    "deliveries_by_month",
    "delivery_figures",
    "delivery_steps",
    "families",
    "funnel",
    "running_tickets",
    "satisfaction_by_place",
    "service_figures",
    "tickets_by_cause",
    "tickets_by_month",
    "waiting_warnings",
]

KINDS = ("enquiry", "complaint", "trouble")
TICKET_MEASURES = (*KINDS, "answered", "answered_well", "settled", "settled_well")
NOTHING = MonthCount(dt.date.min, "", 0, 0, Decimal(0))


def tickets_by_month(lens: Lens, *, months: int = 12) -> list[dict[str, Any]]:
    """Return per month: how many of each kind were opened, and how many were answered and settled in time."""
    found: dict[dt.date, dict[str, Any]] = {}
    for one in counts(lens, "tickets", since=_months_back(lens, months - 1)):
        row = found.setdefault(one.month, {"month": one.month, **dict.fromkeys(TICKET_MEASURES, 0)})
        row |= {one.measure: one.number, f"{one.measure}_well": one.good}
    return [found[month] for month in sorted(found)]


def tickets_by_cause(lens: Lens, *, months: int = 3) -> list[tuple[str, int, int]]:
    """Return (cause, tickets, of these complaints) opened in the last ``months``, most first."""
    found: dict[str, tuple[int, int]] = {}
    for one in counts(lens, "tickets", since=_months_back(lens, months - 1)):
        if one.measure.startswith(ABOUT):
            number, complaints = found.get(cause := one.measure.removeprefix(ABOUT), (0, 0))
            found[cause] = (number + one.number, complaints + one.good)
    ordered = sorted(found.items(), key=lambda pair: (-pair[1][0], pair[0]))
    return [(cause, number, complaints) for cause, (number, complaints) in ordered]


def running_tickets(lens: Lens) -> dict[str, int]:
    """Return how many tickets are overdue, due within an hour, a day, later, and waiting for the customer."""
    found = {one.measure: one.number for one in counts(lens, "running")}
    return dict.fromkeys(("overdue", "hour", "day", "later", "waiting"), 0) | found


def service_figures(lens: Lens) -> dict[str, Any]:
    """Return what was opened this month and the last, what of it was kept in time, and a year's satisfaction."""
    first, last = _months_back(lens, 0), _months_back(lens, 1)
    tickets = counts(lens, "tickets", since=last)
    kept = _summed(one for one in tickets if one.measure in ("answered", "settled"))
    said = _summed(counts(lens, "surveys", since=_months_back(lens, 12)))
    opened = [one for one in tickets if one.measure in KINDS]
    asked = said.get("satisfaction", NOTHING)
    return {
        "opened": sum(one.number for one in opened if one.month == first),
        "opened_before": sum(one.number for one in opened if one.month == last),
        **{f"{name}": kept.get(name, NOTHING).number for name in ("answered", "settled")},
        **{f"{name}_well": kept.get(name, NOTHING).good for name in ("answered", "settled")},
        "satisfaction": asked.amount / asked.number if asked.number else None,
        **{name: _share(said.get(name, NOTHING)) for name in ("reputation", "preference")},
    }


def satisfaction_by_place(lens: Lens, *, limit: int = 10) -> list[tuple[Any, str, Decimal, int]]:
    """Return (unit's uid, name, mean satisfaction, answers) of the last year, the least satisfied first.

    Of the units below the one looked at, each with all below it; where one's own customers are looked at, of theirs.
    """
    since, units = _months_back(lens, 12), whole_units(lens, Survey)
    if units is not None:
        rows = by_child(units, "surveys", "satisfaction", since=since)
        found = [(uid, name, amount / number, number) for uid, name, number, amount in rows if number]
        return sorted(found, key=lambda one: one[2])[:limit]
    asked = lens.rows(Survey).filter(state="answered", answered_at__date__gte=since)
    said = asked.values_list("customer__unit__uid", "customer__unit__name")
    return list(said.annotate(mean=Avg("satisfaction"), number=Count("pk")).order_by("mean")[:limit])


def agreements_ending(lens: Lens, *, months: int = 12) -> list[tuple[dt.date, Decimal, Decimal]]:
    """Return per month ahead (month, monthly revenue whose renewal has begun, monthly revenue whose has not)."""
    told = {(one.month, one.measure): one.amount for one in counts(lens, "ending")}
    ahead = [_months_back(lens, -place) for place in range(months)]
    none = Decimal(0)
    return [(one, told.get((one, "begun"), none), told.get((one, "idle"), none)) for one in ahead]


def funnel(lens: Lens) -> list[tuple[str, int, Decimal]]:
    """Return (stage, opportunities, their amount) of the open stages."""
    return [(one.measure, one.number, one.amount) for one in counts(lens, "funnel")]


def families(lens: Lens) -> list[tuple[str, Decimal, int]]:
    """Return (product family, monthly price of the active products, how many), most first."""
    found = [(one.measure, one.amount, one.number) for one in counts(lens, "families")]
    return sorted(found, key=lambda one: -one[1])


def delivery_steps(lens: Lens) -> list[tuple[str, int, int]]:
    """Return (step, tasks under way, of these overdue)."""
    return [(one.measure, one.number, one.good) for one in counts(lens, "steps")]


def deliveries_by_month(lens: Lens, *, months: int = 12) -> list[tuple[dt.date, int, int]]:
    """Return per month (month, orders completed, of these by the promised day)."""
    found = counts(lens, "orders", since=_months_back(lens, months - 1))
    return [(one.month, one.number, one.good) for one in found]


def delivery_figures(lens: Lens, *, months: int = 3) -> dict[str, int]:
    """Return how many orders and steps are under way, how many steps are late, and what was completed in ``months``."""
    steps = counts(lens, "steps")
    done = _summed(counts(lens, "orders", since=_months_back(lens, months - 1)))
    completed = done.get("completed", NOTHING)
    return {
        "steps": sum(one.number for one in steps),
        "late": sum(one.good for one in steps),
        "orders": sum(one.number for one in counts(lens, "under_way")),
        "completed": completed.number,
        "well": completed.good,
    }


def waiting_warnings(lens: Lens) -> list[tuple[str, int, int]]:
    """Return (sign, warnings that wait, of these overdue), most first."""
    found = [(one.measure, one.number, one.good) for one in counts(lens, "warnings")]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _months_back(lens: Lens, months: int) -> dt.date:
    return add_months(lens.today.replace(day=1), -months)


def _summed(found: Iterable[MonthCount]) -> dict[str, MonthCount]:
    """Return the sums over all months, by measure."""
    sums: dict[str, MonthCount] = {}
    for one in found:
        told = sums.get(one.measure, NOTHING)
        sums[one.measure] = MonthCount(
            one.month, one.measure, told.number + one.number, told.good + one.good, told.amount + one.amount
        )
    return sums


def _share(said: MonthCount) -> float | None:
    return said.good / said.number if said.number else None
