"""Stages and states as Kanban and record pages move them: the fields of the dialog, handed to the action."""

from typing import Any

from jike.apps.sales import actions, queries
from jike.apps.sales.models import Lead, Opportunity
from jike.apps.sales.rules import LEAD_NEXT, LeadState
from jike.foundation.scope import Actor

__all__ = ["change_stage", "following_lead_states", "following_stages"]


def change_stage(
    opportunity: Opportunity, *, actor: Actor, state: str, version: int | None = None, **known: Any
) -> Opportunity:
    """Let the opportunity enter the stage that the Kanban calls its state."""
    return actions.change_stage(opportunity, actor=actor, stage=state, version=version, **known)


def following_stages(opportunity: Opportunity) -> list[str]:
    """Return the stages that may follow the opportunity's."""
    return [str(one.stage) for one in queries.next_stages(opportunity)]


def following_lead_states(lead: Lead) -> list[str]:
    """Return the states that may follow the lead's; converting has a dialog of its own."""
    following = LEAD_NEXT[LeadState(lead.state)] - {LeadState.CONVERTED}
    return [str(state) for state in LeadState if state in following]
