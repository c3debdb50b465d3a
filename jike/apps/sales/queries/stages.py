"""Which stages may follow an opportunity's, and what they still need."""

from typing import NamedTuple

from jike.apps.sales.models import Opportunity
from jike.apps.sales.rules import NEEDS, NEXT, OWN_FIELDS, Stage, missing_for

__all__ = ["NextStage", "next_stages", "what_is_missing"]


class NextStage(NamedTuple):
    """A stage that may follow, and the fields to be asked for before (those of the change itself always)."""

    stage: Stage
    asked: tuple[str, ...]


def next_stages(opportunity: Opportunity) -> list[NextStage]:
    """Return the stages that may follow the opportunity's, in the order of its life."""
    following = NEXT[Stage(opportunity.stage)]
    return [NextStage(stage, what_is_missing(opportunity, stage)) for stage in Stage if stage in following]


def what_is_missing(opportunity: Opportunity, stage: Stage) -> tuple[str, ...]:
    """Return the names of the fields that entering ``stage`` needs and that must still be given."""
    names = {*NEEDS[stage], "one_off_amount"} - set(OWN_FIELDS)
    return missing_for(stage, {name: getattr(opportunity, name) for name in names})
