"""Opportunities of the demo customers, with their products, and leads around them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from jike.apps.catalogue.models import ProductOffering
from jike.apps.catalogue.rules import OfferingState
from jike.apps.customers.models import Customer
from jike.apps.customers.rules import State
from jike.apps.organisation.models import Post
from jike.apps.sales.demo import words
from jike.apps.sales.models import Lead, Opportunity, OpportunityLine
from jike.apps.sales.queries.records import next_lead_code, next_opportunity_code
from jike.apps.sales.rules import (
    CLOSED,
    PROBABILITY,
    PROTECTION_DAYS,
    Kind,
    LeadSource,
    LeadState,
    LostReason,
    Stage,
)
from jike.foundation.audit import creating_many
from jike.foundation.demo_names import invented_name
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import system_actor

__all__ = ["ACTOR", "SEED", "customers_served", "make_leads", "make_opportunities", "stored"]

ACTOR = system_actor("演示数据")
SEED = 20260417
MONTHS = 24
DAY = dt.timedelta(days=1)
FEN = Decimal("0.01")
WORKED = ((Stage.NEED, 34), (Stage.SOLUTION, 30), (Stage.NEGOTIATION, 24), (Stage.SIGNING, 12))
LEADS = 70
NEAR = 30
"""Leads up to this number that nobody has lie with the first account manager's team: its pool is worth a look."""
Advance = Callable[[int], None]


@dataclass(frozen=True)
class Product:
    """One line to be made."""

    offering: ProductOffering
    quantity: int

    @property
    def monthly(self) -> Decimal:
        return self.offering.monthly_price * self.quantity


def customers_served() -> list[Customer]:
    """Return the customers that somebody looks after, in a fixed order."""
    rows = Customer.objects.filter(removed_at=None, owner__isnull=False).exclude(state=State.ARCHIVED)
    return list(rows.select_related("owner").order_by("code"))


def stored(outcome: Any) -> int:
    """Return how many rows were written; demo data that the gate refuses stops the load."""
    if outcome.refused:
        raise RuleBroken(next(iter(outcome.refused.values())))
    return len(outcome.written)


@transaction.atomic
def make_opportunities(advance: Advance) -> None:
    """Make what was won, lost and is being worked on with every customer, and its products."""
    if Opportunity.objects.exists():
        return
    today, offerings = timezone.localdate(), offerings_on_sale()
    random = Random(SEED)  # noqa: S311 — invented data, nothing secret
    rows: list[dict[str, Any]] = []
    products: dict[str, list[Product]] = {}
    for customer in customers_served():
        for values, chosen in _deals(random, customer, offerings, today=today):
            rows.append(values)
            products[values["code"]] = chosen
    advance(stored(creating_many(Opportunity, rows, actor=ACTOR)))
    numbers = dict(Opportunity.objects.filter(code__in=products).values_list("code", "pk"))
    stored(creating_many(OpportunityLine, list(_lines(products, numbers)), actor=ACTOR))


def offerings_on_sale() -> list[ProductOffering]:
    """Return the offerings that are sold by the month."""
    rows = ProductOffering.objects.filter(state=OfferingState.ACTIVE, monthly_price__gt=0, removed_at=None)
    return list(rows.order_by("code"))


def _lines(products: dict[str, list[Product]], numbers: dict[str, int]) -> Iterator[dict[str, Any]]:
    for code, chosen in products.items():
        for place, one in enumerate(chosen, 1):
            yield {
                "opportunity_id": numbers[code],
                "position": place,
                "offering_id": one.offering.pk,
                "quantity": one.quantity,
                "monthly_price": one.offering.monthly_price,
                "one_off_price": one.offering.one_off_price,
            }


def _deals(
    random: Random, customer: Customer, offerings: list[ProductOffering], *, today: dt.date
) -> Iterator[tuple[dict[str, Any], list[Product]]]:
    """Yield a customer's opportunities: what was won makes up about what it pays a month."""
    state = State(customer.state)
    if state is not State.POTENTIAL:
        until = customer.state_since if state is State.LOST and customer.state_since else today
        count = random.choice((1, 1, 1, 2))
        share = max(customer.monthly_revenue, Decimal(600)) / count
        for number in range(count):
            back = random.randrange(2, MONTHS * 30) if number else random.randrange(400, MONTHS * 30)
            closed = max(until - dt.timedelta(days=back), today - dt.timedelta(days=MONTHS * 30))
            chosen = _products(random, offerings, share)
            yield _closed(random, customer, chosen, stage=Stage.WON, closed=closed), chosen
    if random.random() < 0.4:
        chosen = _products(random, offerings, _wish(random, customer))
        closed = today - dt.timedelta(days=random.randrange(5, MONTHS * 30))
        yield _closed(random, customer, chosen, stage=Stage.LOST, closed=closed), chosen
    if state in (State.ACTIVE, State.POTENTIAL) and random.random() < 0.62:
        chosen = _products(random, offerings, _wish(random, customer))
        yield _working(random, customer, chosen, today=today), chosen


def _wish(random: Random, customer: Customer) -> Decimal:
    usual = max(customer.monthly_revenue, Decimal(3000))
    return usual * Decimal(random.choice(("0.2", "0.35", "0.5", "0.8", "1.2")))


def _products(random: Random, offerings: list[ProductOffering], monthly: Decimal) -> list[Product]:
    """Choose one to three offerings whose sum comes near ``monthly`` yuan."""
    family = random.choice(offerings).family
    own = [one for one in offerings if one.family == family]
    others = [one for one in offerings if one.family != family]
    chosen = [random.choice(own), *random.sample(others, min(len(others), random.choice((0, 1, 1, 2))))]
    part = monthly / len(chosen)
    return [
        Product(one, min(max(1, int((part / one.monthly_price).to_integral_value(ROUND_HALF_UP))), 2000))
        for one in chosen
    ]


def _named(customer: Customer, chosen: list[Product], random: Random) -> dict[str, Any]:
    family = chosen[0].offering.family
    return {
        "code": next_opportunity_code(),
        "name": random.choice(words.DEALS[family]),
        "customer_id": customer.pk,
        "owner_id": customer.owner_id,
        "unit_id": customer.owner.unit_id if customer.owner else customer.unit_id,
        "family": family,
        "source": str(random.choice(list(LeadSource)[:6])),
        "needs": random.choice(words.NEEDS),
        "competitor": random.choice(words.RIVALS),
        "monthly_amount": sum((one.monthly for one in chosen), Decimal(0)),
        "one_off_amount": sum((one.offering.one_off_price * one.quantity for one in chosen), Decimal(0)),
        "term_months": random.choice((12, 24, 24, 36)),
    }


def _closed(
    random: Random, customer: Customer, chosen: list[Product], *, stage: Stage, closed: dt.date
) -> dict[str, Any]:
    opened = closed - dt.timedelta(days=random.randrange(20, 120))
    won = stage is Stage.WON
    return _named(customer, chosen, random) | {
        "deal_kind": str(random.choice((Kind.NEW, Kind.EXPANSION))),
        "stage": str(stage),
        "stage_since": closed,
        "opened_on": opened,
        "expected_on": closed,
        "closed_on": closed,
        "probability": PROBABILITY[stage],
        "registered_on": opened,
        "protected_until": opened + dt.timedelta(days=PROTECTION_DAYS),
        "lost_reason": "" if won else str(random.choice(list(LostReason)[:6])),
        "close_remark": "" if won else random.choice(words.LOST),
    }


def _working(random: Random, customer: Customer, chosen: list[Product], *, today: dt.date) -> dict[str, Any]:
    stage = random.choices([one for one, _ in WORKED], [share for _, share in WORKED])[0]
    assert stage not in CLOSED
    opened = today - dt.timedelta(days=random.randrange(8, 100))
    since = opened + (today - opened) * random.random()
    step = random.random() < 0.9 or stage is Stage.SIGNING
    return _named(customer, chosen, random) | {
        "deal_kind": str(
            Kind.NEW if customer.state == State.POTENTIAL else random.choice((Kind.NEW, Kind.EXPANSION))
        ),
        "stage": str(stage),
        "stage_since": since,
        "opened_on": opened,
        "expected_on": today + dt.timedelta(days=random.randrange(-6, 150)),
        "probability": PROBABILITY[stage],
        "registered_on": opened,
        "protected_until": opened + dt.timedelta(days=PROTECTION_DAYS),
        "next_step": random.choice(words.STEPS) if step else "",
        "next_step_on": today + dt.timedelta(days=random.randrange(-4, 21)) if step else None,
    }


@transaction.atomic
def make_leads(advance: Advance) -> None:
    """Make leads in every state, some of them in the public pool."""
    if Lead.objects.exists():
        return
    today = timezone.localdate()
    random = Random(SEED + 1)  # noqa: S311 — invented data, nothing secret
    posts = list(
        Post.objects.filter(role__code="account_manager", removed_at=None).order_by("person__staff_no", "id")
    )
    families = sorted(words.DEALS)
    states = (LeadState.NEW, LeadState.NEW, LeadState.FOLLOWING, LeadState.QUALIFIED, LeadState.DROPPED)
    rows = []
    for number in range(LEADS):
        post, state = posts[number * 3 % len(posts)], states[number % len(states)]
        free = state is LeadState.NEW and number % 2 == 0
        if free and number < NEAR:
            post = posts[0]
        rows.append(
            {
                "code": next_lead_code(),
                "name": words.company(random, number),
                "contact_name": invented_name(random),
                "job_title": random.choice(words.TITLES),
                "owner_id": None if free else post.person_id,
                "unit_id": post.unit_id,
                "source": str(random.choice(list(LeadSource))),
                "state": str(state),
                "found_on": today - dt.timedelta(days=random.randrange(0, 60)),
                "family": random.choice(families),
                "needs": random.choice(words.NEEDS),
                "expected_amount": Decimal(random.randrange(2, 80) * 5000),
                "drop_reason": random.choice(words.DROPPED) if state is LeadState.DROPPED else "",
            }
        )
    advance(stored(creating_many(Lead, rows, actor=ACTOR)))
