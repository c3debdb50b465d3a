"""What boards show beside portfolios: tickets, agreements, opportunities, deliveries, products, all within a lens."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import TruncMonth

from jike.apps.analytics.queries.lens import Lens
from jike.apps.inventory.models import Product
from jike.apps.ordering.models import ProductOrder, ServiceTask
from jike.apps.quoting.models import Agreement
from jike.apps.sales.models import Opportunity
from jike.apps.servicedesk.models import Survey, Ticket
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
]

UNSETTLED = ("open", "handling", "waiting")


def tickets_by_month(lens: Lens, *, months: int = 12) -> list[dict[str, Any]]:
    """Return per month: how many of each kind were opened, and how many were answered and settled in time."""
    since = add_months(lens.today.replace(day=1), 1 - months)
    rows = lens.rows(Ticket).filter(opened_at__date__gte=since).annotate(month=TruncMonth("opened_at"))
    counted = rows.values("month").annotate(
        **{kind: Count("pk", filter=Q(ticket_type=kind)) for kind in ("enquiry", "complaint", "trouble")},
        answered=Count("pk", filter=Q(answered_in_time__isnull=False)),
        answered_well=Count("pk", filter=Q(answered_in_time=True)),
        settled=Count("pk", filter=Q(settled_in_time__isnull=False)),
        settled_well=Count("pk", filter=Q(settled_in_time=True)),
    )
    found = {one["month"].date(): one for one in counted.order_by("month")}
    return [found[month] | {"month": month} for month in sorted(found)]


def tickets_by_cause(lens: Lens, *, days: int = 90) -> list[tuple[str, int, int]]:
    """Return (cause, tickets, of these complaints) opened within ``days``, most first."""
    rows = lens.rows(Ticket).filter(opened_at__gte=lens.now - dt.timedelta(days=days))
    counted = rows.values_list("cause").annotate(
        number=Count("pk"), complaints=Count("pk", filter=Q(ticket_type="complaint"))
    )
    return list(counted.order_by("-number", "cause"))


def running_tickets(lens: Lens) -> dict[str, int]:
    """Return how many tickets are overdue, due within an hour, today, later, and waiting for the customer."""
    hour, day = lens.now + dt.timedelta(hours=1), lens.now + dt.timedelta(days=1)
    due = F("next_due_at")
    place = Case(
        When(state="waiting", then=Value("waiting")),
        When(next_due_at__lt=lens.now, then=Value("overdue")),
        When(next_due_at__lt=hour, then=Value("hour")),
        When(next_due_at__lt=day, then=Value("day")),
        default=Value("later"),
    )
    rows = lens.rows(Ticket).filter(state__in=UNSETTLED).annotate(due=due, place=place)
    found = dict.fromkeys(("overdue", "hour", "day", "later", "waiting"), 0)
    return found | dict(rows.values_list("place").annotate(number=Count("pk")))


def service_figures(lens: Lens, *, days: int = 30) -> dict[str, Any]:
    """Return how many tickets run, the shares answered and settled in time, and those reopened, within ``days``."""
    since = lens.now - dt.timedelta(days=days)
    rows = lens.rows(Ticket)
    shares = rows.filter(opened_at__gte=since).aggregate(
        opened=Count("pk"),
        answered=Count("pk", filter=Q(answered_in_time__isnull=False)),
        answered_well=Count("pk", filter=Q(answered_in_time=True)),
        settled=Count("pk", filter=Q(settled_in_time__isnull=False)),
        settled_well=Count("pk", filter=Q(settled_in_time=True)),
        reopened=Count("pk", filter=Q(reopened__gt=0)),
    )
    asked = lens.rows(Survey).filter(state="answered", answered_at__gte=lens.now - dt.timedelta(days=365))
    said = asked.aggregate(
        answers=Count("pk"),
        satisfaction=Avg("satisfaction"),
        reputation=Avg(Case(When(reputation=True, then=1.0), When(reputation=False, then=0.0))),
        preference=Avg(Case(When(preference=True, then=1.0), When(preference=False, then=0.0))),
    )
    return shares | said


def satisfaction_by_place(lens: Lens, *, limit: int = 10) -> list[tuple[Any, str, Decimal, int]]:
    """Return (unit's uid, name, mean satisfaction, answers) of the last year, the least satisfied first."""
    rows = lens.rows(Survey).filter(state="answered", answered_at__gte=lens.now - dt.timedelta(days=365))
    found = rows.values_list("customer__unit__uid", "customer__unit__name")
    return list(found.annotate(mean=Avg("satisfaction"), number=Count("pk")).order_by("mean")[:limit])


def agreements_ending(lens: Lens, *, months: int = 12) -> list[tuple[dt.date, Decimal, Decimal]]:
    """Return per month ahead (month, monthly revenue whose renewal has begun, monthly revenue whose has not)."""
    first = lens.today.replace(day=1)
    until = add_months(first, months)
    begun = Q(customer__opportunities__deal_kind="renewal") & ~Q(customer__opportunities__stage="lost")
    rows = lens.rows(Agreement).filter(state="active", ends_on__gte=lens.today, ends_on__lt=until)
    known = set(rows.filter(begun).values_list("pk", flat=True))
    found = {add_months(first, place): [Decimal(0), Decimal(0)] for place in range(months)}
    for number, ends_on, amount in rows.values_list("pk", "ends_on", "monthly_amount"):
        found[ends_on.replace(day=1)][0 if number in known else 1] += amount or Decimal(0)
    return [(month, started, idle) for month, (started, idle) in found.items()]


def funnel(lens: Lens) -> list[tuple[str, int, Decimal]]:
    """Return (stage, opportunities, their amount) of the open stages."""
    rows = lens.rows(Opportunity).exclude(stage__in=("won", "lost"))
    counted = rows.values_list("stage").annotate(number=Count("pk"), amount=Sum("amount"))
    return [(stage, number, amount or Decimal(0)) for stage, number, amount in counted]


def families(lens: Lens) -> list[tuple[str, Decimal, int]]:
    """Return (product family, monthly price of the active products, how many), most first."""
    rows = lens.rows(Product).filter(state="active").values_list("offering__family")
    counted = rows.annotate(amount=Sum(F("monthly_price") * F("quantity")), number=Count("pk"))
    return [(name, amount or Decimal(0), number) for name, amount, number in counted.order_by("-amount")]


def delivery_steps(lens: Lens) -> list[tuple[str, int, int]]:
    """Return (step, tasks under way, of these overdue)."""
    rows = lens.rows(ServiceTask).filter(state__in=("ready", "running", "failed"))
    late = Count("pk", filter=Q(due_at__lt=lens.now))
    return list(rows.values_list("step").annotate(number=Count("pk"), late=late).order_by("step"))


def deliveries_by_month(lens: Lens, *, months: int = 12) -> list[tuple[dt.date, int, int]]:
    """Return per month (month, orders completed, of these by the promised day)."""
    since = add_months(lens.today.replace(day=1), 1 - months)
    rows = lens.rows(ProductOrder).filter(state="completed", completed_on__gte=since)
    rows = rows.annotate(month=TruncMonth("completed_on"))
    well = Count("pk", filter=Q(promised_on=None) | Q(completed_on__lte=F("promised_on")))
    return list(rows.values_list("month").annotate(number=Count("pk"), well=well).order_by("month"))


def delivery_figures(lens: Lens, *, days: int = 90) -> dict[str, int]:
    """Return how many orders and steps are under way, how many steps are late, and what was completed in ``days``."""
    orders = lens.rows(ProductOrder)
    tasks = lens.rows(ServiceTask).filter(state__in=("ready", "running", "failed"))
    done = orders.filter(state="completed", completed_on__gte=lens.today - dt.timedelta(days=days))
    counted = tasks.aggregate(steps=Count("pk"), late=Count("pk", filter=Q(due_at__lt=lens.now)))
    well = Count("pk", filter=Q(promised_on=None) | Q(completed_on__lte=F("promised_on")))
    finished = done.aggregate(completed=Count("pk"), well=well)
    return counted | finished | {"orders": orders.filter(state__in=("running", "held")).count()}
