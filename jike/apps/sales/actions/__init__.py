"""What is done in sales: leads claimed and converted, opportunities registered and won, visits made."""

from jike.apps.sales.actions.answering import answer_need, answer_rival_line
from jike.apps.sales.actions.events import OpportunityWon
from jike.apps.sales.actions.handing import follow_hand_over
from jike.apps.sales.actions.leads import (
    add_lead,
    assign_lead,
    change_lead,
    change_lead_state,
    claim_lead,
    convert_lead,
    release_lead,
)
from jike.apps.sales.actions.lines import LineGiven, enter_lines, set_lines
from jike.apps.sales.actions.opportunities import (
    add_opportunity,
    assign_opportunity,
    change_opportunity,
    register,
)
from jike.apps.sales.actions.stages import STAGE_FIELDS, change_stage
from jike.apps.sales.actions.visits import (
    Minutes,
    Spot,
    cancel_visit,
    change_visit,
    check_in,
    finish_visit,
    plan_visit,
)

__all__ = [
    "STAGE_FIELDS",
    "LineGiven",
    "Minutes",
    "OpportunityWon",
    "Spot",
    "add_lead",
    "add_opportunity",
    "answer_need",
    "answer_rival_line",
    "assign_lead",
    "assign_opportunity",
    "cancel_visit",
    "change_lead",
    "change_lead_state",
    "change_opportunity",
    "change_stage",
    "change_visit",
    "check_in",
    "claim_lead",
    "convert_lead",
    "enter_lines",
    "finish_visit",
    "follow_hand_over",
    "plan_visit",
    "register",
    "release_lead",
    "set_lines",
]
