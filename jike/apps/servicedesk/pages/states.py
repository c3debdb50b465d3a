"""A ticket's state as the Kanban and the record's page move it: each move is the action of that name."""

from typing import Any

from jike.apps.servicedesk import actions
from jike.apps.servicedesk.models import Ticket
from jike.apps.servicedesk.rules import NEXT, State
from jike.foundation.errors import Invalid
from jike.foundation.scope import Actor

__all__ = ["change_state", "following_states"]


def change_state(
    ticket: Ticket,
    *,
    actor: Actor,
    state: str,
    version: int | None = None,
    settlement: str = "",
    **known: Any,
) -> Ticket:
    """Let the ticket enter ``state``; what was done is asked for when it is settled, and why when it is cancelled."""
    try:
        now, then = State(ticket.state), State(state)
    except ValueError as error:
        raise Invalid({"state": [str(error)]}) from error
    given: dict[str, Any] = {"actor": actor, "version": version}
    match then:
        case State.SETTLED:
            return actions.settle_ticket(ticket, settlement=settlement, **given)
        case State.CANCELLED:
            return actions.cancel_ticket(ticket, reason=settlement, **given)
        case State.CONFIRMED:
            return actions.confirm_settlement(ticket, **given)
        case State.WAITING:
            return actions.wait_for_customer(ticket, **given)
        case _ if now is State.WAITING:
            return actions.resume_ticket(ticket, **given)
        case _ if now in (State.SETTLED, State.CONFIRMED):
            return actions.reopen_ticket(ticket, **given)
        case _:
            return actions.take_ticket(ticket, actor=actor)


def following_states(ticket: Ticket) -> list[str]:
    """Return the states that may follow the ticket's."""
    return [str(state) for state in State if state in NEXT[State(ticket.state)]]
