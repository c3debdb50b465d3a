"""Making leads, opportunities and visits for tests, through their actions."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from jike.apps.customers.models import Customer
from jike.apps.sales.actions import add_lead, add_opportunity, change_stage, plan_visit
from jike.apps.sales.models import Lead, Opportunity, Visit
from jike.apps.sales.rules import GRANTS, Stage
from jike.apps.tasks.rules import GRANTS as TASK_GRANTS
from tests.apps.customers.making import HEAD, MANAGER, a_customer
from tests.making import SYSTEM, a_person

_count = itertools.count(1)

SELLER = {**MANAGER, **GRANTS["account_manager"], **TASK_GRANTS["account_manager"]}
"""What an account manager holds of customers, sales and tasks."""
LEADER = {**HEAD, **GRANTS["county_head"], **TASK_GRANTS["county_head"]}
"""What a head holds of them."""

GIVEN: dict[Stage, dict[str, Any]] = {
    Stage.NEED: {},
    Stage.SOLUTION: {"needs": "双路由", "expected_on": dt.date(2031, 1, 1)},
    Stage.NEGOTIATION: {"needs": "双路由", "expected_on": dt.date(2031, 1, 1), "monthly_amount": 5000},
    Stage.SIGNING: {"next_step": "送审", "next_step_on": dt.date(2031, 1, 1)},
    Stage.WON: {},
    Stage.LOST: {"lost_reason": "price"},
}
PATHS = {
    Stage.NEED: (),
    Stage.SOLUTION: (Stage.SOLUTION,),
    Stage.NEGOTIATION: (Stage.NEGOTIATION,),
    Stage.SIGNING: (Stage.NEGOTIATION, Stage.SIGNING),
    Stage.WON: (Stage.NEGOTIATION, Stage.SIGNING, Stage.WON),
    Stage.LOST: (Stage.LOST,),
}


def an_opportunity(
    customer: Customer | None = None, *, stage: Stage = Stage.NEED, **details: Any
) -> Opportunity:
    """Make an opportunity at ``stage``, with a customer of its own unless one is named."""
    place = customer or a_customer()
    owner = details.pop("owner", None) or place.owner or a_person(place.unit)
    name = details.pop("name", f"专线扩容{next(_count)}")
    deal = add_opportunity(actor=SYSTEM, customer=place, name=name, owner=owner, **details)
    for step in PATHS[stage]:
        change_stage(deal, actor=SYSTEM, stage=step, **GIVEN[step])
    return deal


def a_visit(customer: Customer, *, days: int = 0, **details: Any) -> Visit:
    """Plan a visit so many days from today."""
    at = timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)
    given = {"owner": customer.owner or a_person(customer.unit), "purpose": f"回访{next(_count)}", **details}
    return plan_visit(actor=SYSTEM, customer=customer, planned_at=at, **given)


def a_lead(**details: Any) -> Lead:
    """Make a lead."""
    return add_lead(actor=SYSTEM, name=details.pop("name", f"澜川商贸{next(_count)}有限公司"), **details)
