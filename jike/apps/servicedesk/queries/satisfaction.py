"""How satisfied customers are: perceived less expected, who thinks well of us, who asks for us by name."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Avg, Count, Q, QuerySet

from jike.apps.customers.models import Customer
from jike.apps.servicedesk.models import Survey, Ticket
from jike.apps.servicedesk.rules import SurveyState, index_of
from jike.foundation.scope import Actor, visible

__all__ = ["Satisfaction", "satisfaction_by_unit", "satisfaction_of_customer"]


class Satisfaction(NamedTuple):
    """Means over answered surveys; shares from 0 to 1, None where nobody was asked that."""

    answered: int
    expectation: Decimal
    perception: Decimal
    satisfaction: Decimal
    reputation: Decimal | None
    preference: Decimal | None
    score: Decimal
    """The index from 0 to 100."""


MEANS: dict[str, Any] = {
    "answered": Count("pk"),
    "expectation": Avg("expectation"),
    "perception": Avg("perception"),
    "satisfaction": Avg("satisfaction"),
    "well": Count("pk", filter=Q(reputation=True)),
    "asked_well": Count("pk", filter=Q(reputation__isnull=False)),
    "named": Count("pk", filter=Q(preference=True)),
    "asked_named": Count("pk", filter=Q(preference__isnull=False)),
}


def satisfaction_of_customer(customer: Customer, actor: Actor) -> Satisfaction | None:
    """Return the customer's satisfaction over all it answered; None before the first answer."""
    rows = _answered(actor).filter(customer=customer)
    in_time = _share_in_time(visible(Ticket, actor).filter(customer=customer))
    return _satisfaction(rows.order_by().aggregate(**MEANS), in_time)


def satisfaction_by_unit(
    actor: Actor, *, since: dt.datetime, limit: int = 12
) -> list[tuple[Any, str, Satisfaction]]:
    """Return (unit's uid, its name, satisfaction) of the units asked since then, the least satisfied first."""
    rows = _answered(actor).filter(answered_at__gte=since).order_by()
    units = rows.values("customer__unit__uid", "customer__unit__name").annotate(**MEANS)
    found = []
    for row in units.order_by("satisfaction")[:limit]:
        one: dict[str, Any] = dict(row)
        uid, name = one.pop("customer__unit__uid"), one.pop("customer__unit__name")
        told = _satisfaction(one, None)
        if told is not None:
            found.append((uid, name, told))
    return found


def _answered(actor: Actor) -> QuerySet[Survey]:
    return visible(Survey, actor).filter(state=SurveyState.ANSWERED)


def _share_in_time(tickets: QuerySet[Ticket]) -> Decimal | None:
    settled = tickets.order_by().aggregate(
        known=Count("pk", filter=Q(settled_in_time__isnull=False)),
        good=Count("pk", filter=Q(settled_in_time=True)),
    )
    return _share(settled["good"], settled["known"])


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None


def _satisfaction(found: dict[str, Any], in_time: Decimal | None) -> Satisfaction | None:
    if not found["answered"]:
        return None
    return Satisfaction(
        found["answered"],
        found["expectation"],
        found["perception"],
        found["satisfaction"],
        _share(found["well"], found["asked_well"]),
        _share(found["named"], found["asked_named"]),
        index_of(found["perception"], in_time),
    )
