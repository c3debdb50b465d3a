"""A customer's state as the Kanban and the record's page move it: fields of the dialog, handed to the action."""

import datetime as dt
from typing import Any

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer
from jike.foundation.scope import Actor

__all__ = ["change_state", "following_states"]


def change_state(
    customer: Customer,
    *,
    actor: Actor,
    state: str,
    version: int | None = None,
    state_reason: str = "",
    state_since: dt.date | None = None,
    **known: Any,
) -> Customer:
    """Let the customer enter ``state``; reason and day bear the names of the fields that keep them."""
    return actions.change_state(
        customer, actor=actor, state=state, reason=state_reason, since=state_since, version=version, **known
    )


def following_states(customer: Customer) -> list[str]:
    """Return the states that may follow the customer's."""
    return [str(one.state) for one in queries.next_states(customer)]
