"""Which stages may follow an opportunity's, what they still need, and which amounts are not typed in."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from jike.apps.sales.models import Opportunity
from jike.apps.sales.rules import NEEDS, NEXT, OWN_FIELDS, Stage, missing_for
from jike.foundation.errors import Invalid

__all__ = ["AMOUNTS", "NextStage", "next_stages", "refuse_computed", "what_is_missing"]

AMOUNTS = ("monthly_amount", "one_off_amount")


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


def refuse_computed(opportunity: Opportunity, details: dict[str, Any]) -> None:
    """Refuse amounts that are typed in where they follow from products."""
    if opportunity.lines.filter(removed_at=None).exists():
        sentence = _("This amount is the sum of the products; change those.")
        wrong = [
            name for name in AMOUNTS if name in details and (details[name] or 0) != getattr(opportunity, name)
        ]
        if wrong:
            raise Invalid({name: [sentence] for name in wrong})
