"""What rivals supply and what customers need is answered with an opportunity."""

from typing import Any

from django.db import transaction

from jike.apps.customers import actions as customers
from jike.apps.customers.models import Need, RivalLine
from jike.apps.sales.actions.opportunities import add_opportunity
from jike.apps.sales.models import Opportunity
from jike.foundation.scope import Actor

__all__ = ["answer_need", "answer_rival_line"]


@transaction.atomic
def answer_rival_line(line: RivalLine, *, actor: Actor, name: str, **details: Any) -> Opportunity:
    """Add an opportunity to win what a rival supplies; the line is answered once."""
    told = {"family": line.family, "competitor": str(line.get_operator_display()), **details}
    deal = add_opportunity(actor=actor, customer=line.customer, name=name, **told)
    customers.answer(line, actor=actor, by=deal.key)
    return deal


@transaction.atomic
def answer_need(need: Need, *, actor: Actor, name: str, **details: Any) -> Opportunity:
    """Add an opportunity to meet what a customer needs; the need is answered once."""
    told = {"family": need.family, "needs": need.details or need.name, **details}
    deal = add_opportunity(actor=actor, customer=need.customer, name=name, **told)
    customers.answer(need, actor=actor, by=deal.key)
    return deal
