"""A warning is answered by an opportunity: keeping the customer is business to be won like any other."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.analytics.models import EarlyWarning
from jike.apps.analytics.rules import ENDED, OCCASIONS, State
from jike.apps.sales.actions import add_opportunity
from jike.apps.sales.models import Opportunity
from jike.apps.sales.rules import Kind
from jike.foundation.audit import changing
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import Actor

__all__ = ["open_retention"]


@transaction.atomic
def open_retention(
    warning: EarlyWarning, *, actor: Actor, name: str, at: dt.datetime | None = None, **details: Any
) -> Opportunity:
    """Open an opportunity to keep the customer, and note that the warning is being answered.

    It belongs to whoever answers the warning; ``details`` are those of the opportunity.
    """
    moment = at or timezone.now()
    with changing(warning, actor=actor, verb="answer"):
        if State(warning.state) in ENDED:
            raise RuleBroken(_("This warning is closed."))
        if warning.sign in OCCASIONS:
            raise RuleBroken(_("An occasion puts no customer at risk; answer it with a task."))
        if warning.state == State.OPEN:
            warning.state, warning.answered_at = State.ANSWERING.value, moment
    owner = warning.owner if warning.owner is not None and warning.owner.standing else None
    return add_opportunity(
        actor=actor,
        customer=warning.customer,
        name=name,
        owner=owner,
        deal_kind=Kind.RETENTION.value,
        on=timezone.localdate(moment),
        **details,
    )
