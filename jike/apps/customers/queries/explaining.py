"""Why a customer's computed fields are what they are, in sentences: its size class, its health, its next states."""

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer
from jike.apps.customers.models.entering import size_result
from jike.apps.customers.models.labels import MEASURES, REASONS, SIZE_INDUSTRIES, SIZES
from jike.apps.customers.queries.months import customer_months
from jike.apps.customers.rules import (
    DEDUCTIONS,
    NEEDS,
    NEXT,
    OWN_FIELDS,
    Health,
    HealthChange,
    Reason,
    State,
    health,
    health_change,
    missing_for,
)
from jike.values import company_size
from jike.values.period import add_months

__all__ = [
    "NextState",
    "health_explained",
    "health_since",
    "next_states",
    "size_explained",
    "what_is_missing",
]


class NextState(NamedTuple):
    """A state that may follow, and the fields to be asked for before (those of the change itself always)."""

    state: State
    asked: tuple[str, ...]


def next_states(customer: Customer) -> list[NextState]:
    """Return the states that may follow the customer's, in the order of a customer's life."""
    following = NEXT[State(customer.state)]
    return [NextState(state, what_is_missing(customer, state)) for state in State if state in following]


def what_is_missing(customer: Customer, state: State) -> tuple[str, ...]:
    """Return the names of the fields that entering ``state`` needs and that must still be given."""
    known = {name: getattr(customer, name) for name in NEEDS[state] if name not in OWN_FIELDS}
    return missing_for(state, known)


def size_explained(customer: Customer) -> list[str]:
    """Return how the size class follows from the 2017 rules, a sentence each for the industry and every measure."""
    if not customer.industry:
        return [_("Choose an industry first: the limits of the size classes depend on it.")]
    result = size_result(
        customer.industry,
        customer.staff_count,
        turnover=customer.yearly_turnover,
        assets=customer.total_assets,
    )
    if result is None:
        return [_("The size class cannot be computed from these figures.")]
    lines = [_("Rules of 2017 for: %(industry)s.") % {"industry": SIZE_INDUSTRIES[result.industry]}]
    lines += [_reason_sentence(reason) for reason in result.reasons]
    lines += [
        _("%(measure)s is missing; these rules ask for it.") % {"measure": MEASURES[measure]}
        for measure in result.missing
    ]
    if not company_size.within_scope(customer.industry[1:]):
        lines.append(_("The rules leave this industry out; the class is a working figure only."))
    return lines


def _reason_sentence(reason: company_size.Reason) -> str:
    measured = reason.measure is company_size.Measure.STAFF
    amount = _("%(number)s persons") if measured else _("%(number)s × 10,000 yuan")
    words = {
        "measure": MEASURES[reason.measure],
        "value": amount % {"number": f"{reason.value.normalize():,f}"},
        "size": SIZES[reason.reaches],
    }
    if reason.next_floor is None:
        return _("%(measure)s %(value)s: large by itself.") % words
    words["floor"] = f"{reason.next_floor:,}"
    return _("%(measure)s %(value)s: %(size)s by itself, the class above begins at %(floor)s.") % words


def health_since(customer: Customer) -> HealthChange | None:
    """Return how the health differs from that of the month before.

    None where it does not, and where the last month of this customer is not the one that its figures are of: then it
    was not billed any more, which the reasons say already.
    """
    trend = customer.revenue_trend
    if customer.health is None or not trend:
        return None
    known = {month.month: month for month in customer_months(customer, months=len(trend) + 1)}
    if not known:
        return None
    last = max(known)
    months = [known.get(add_months(last, place - len(trend))) for place in range(len(trend) + 1)]
    revenue = [month.revenue if month else Decimal(0) for month in months]
    if revenue[1:] != trend:
        return None
    owed = next((month.arrears for month in reversed(months[:-1]) if month), Decimal(0))
    lines = [month.lines if month else 0 for month in months[:-1]]
    now = Health(customer.health, tuple(Reason(code) for code in customer.health_reasons))
    return health_change(health(revenue[:-1], lines, owed), now)


def health_explained(customer: Customer) -> list[str]:
    """Return why the health is not 100, heaviest reason first, each with the points it costs."""
    return [
        _("%(reason)s (−%(points)s)") % {"reason": REASONS[Reason(code)], "points": DEDUCTIONS[Reason(code)]}
        for code in customer.health_reasons
    ]
